//! Requests to join a team that accepts its members.

use std::sync::Arc;

use axum::http::StatusCode;
use palier_core::{
    envelope::Envelope,
    invitation::{InvitationRecord, InvitationSecret, Offer, Policy},
    moment::Millis,
    refusal::Refusal,
    rights::{Role, Scope},
    wire::{Pushed, read_push},
};
use palier_relay::{Clock, rebuild};

use crate::{
    actors::{Device, OTHER_TEAM, TEAM, campaign, open_offer},
    town::{Answer, Town},
};

/// A town with a lead and an invitation whose holders the lead accepts.
async fn asking(uses: u16, limit: u16) -> (Town, Device, InvitationRecord, InvitationSecret) {
    let (town, organiser) = Town::begun().await;
    let mut lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    let offer = Offer {
        policy: Policy::Approved,
        ..open_offer(TEAM, uses, limit)
    };
    let (record, secret) = lead.offers(1, offer);
    let invitation = lead.invites(&record);
    town.push_all(&lead, [invitation]).await;
    (town, lead, record, secret)
}

pub(crate) async fn waiting(town: &Town, who: &Device) -> Vec<Vec<u8>> {
    let path = format!("/v1/requests?space={}", TEAM.space());
    let answer = town.get(&path, Some(who)).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.fault());
    let envelopes = read_push(&answer.body).unwrap();
    envelopes.into_iter().map(<[u8]>::to_vec).collect()
}

async fn mine(town: &Town, who: &Device) -> Answer {
    town.get("/v1/requests/mine", Some(who)).await
}

async fn decline(town: &Town, who: &Device, device: &Device) -> StatusCode {
    let path = format!("/v1/requests/{}?space={}", device.id(), TEAM.space());
    let request = town.request("DELETE", &path, Some(who), Vec::new());
    town.answer(request).await.status
}

#[tokio::test]
async fn who_is_accepted_comes_in() {
    let (town, mut lead, record, secret) = asking(5, 12).await;
    let mut merle = Device::invited(20, &record, &secret);
    assert_eq!(mine(&town, &merle).await.status, StatusCode::NOT_FOUND);
    let request = merle.asks();
    for _again in 0..2 {
        assert_eq!(
            town.refused(&merle, request.clone()).await,
            Refusal::Waiting
        );
        assert_eq!(mine(&town, &merle).await.status, StatusCode::ACCEPTED);
    }
    let kept = waiting(&town, &lead).await;
    assert_eq!(kept, std::slice::from_ref(&request));
    assert_eq!(
        Envelope::decode(&kept[0]).unwrap().header.device,
        merle.id()
    );

    let accepted = lead.accepts(&mut merle, Role::Volunteer);
    town.push_all(&lead, [accepted]).await;
    assert_eq!(waiting(&town, &lead).await, [[0_u8; 0]; 0]);
    let answer = mine(&town, &merle).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::OK, merle.chain.encode())
    );
    // What was answered stays answered, until the device is in.
    assert_eq!(town.refused(&merle, request).await, Refusal::Waiting);
    assert_eq!(mine(&town, &merle).await.status, StatusCode::OK);

    let introductions =
        [TEAM.space(), campaign().reports_space()].map(|space| merle.introduction(space));
    town.push_all(&merle, introductions).await;
    assert_eq!(mine(&town, &merle).await.status, StatusCode::NOT_FOUND);
    let shift = merle.shift(TEAM.space(), 3);
    town.push_all(&merle, [shift]).await;
    let path = format!("/v1/requests/{}?space={}", merle.id(), TEAM.space());
    let gone = town.request("DELETE", &path, Some(&lead), Vec::new());
    assert_eq!(
        town.answer(gone).await.fault(),
        (404, "not_found".to_owned())
    );

    // That a lead accepted stands in no log, and a rebuild keeps it.
    let rebuilt = rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(rebuilt.differed, [""; 0]);
}

#[tokio::test]
async fn who_is_declined_is_told_nothing_more_and_may_ask_again() {
    let (town, lead, record, secret) = asking(5, 12).await;
    let merle = Device::invited(20, &record, &secret);
    let request = merle.asks();
    town.refused(&merle, request.clone()).await;
    assert_eq!(decline(&town, &lead, &merle).await, StatusCode::NO_CONTENT);
    assert_eq!(mine(&town, &merle).await.status, StatusCode::NOT_FOUND);
    assert_eq!(decline(&town, &lead, &merle).await, StatusCode::NOT_FOUND);
    assert_eq!(town.refused(&merle, request).await, Refusal::Waiting);
    assert_eq!(waiting(&town, &lead).await.len(), 1);
}

#[tokio::test]
async fn a_request_ends_with_its_invitation() {
    let (town, lead, record, secret) = asking(5, 12).await;
    let merle = Device::invited(20, &record, &secret);
    let request = merle.asks();
    town.refused(&merle, request.clone()).await;
    town.wait(Millis::days(8));
    assert_eq!(waiting(&town, &lead).await.len(), 0);
    assert_eq!(mine(&town, &merle).await.status, StatusCode::NOT_FOUND);
    // Nobody knows the device, and it has nothing to show any more.
    let refusal = town.refused(&merle, request).await;
    assert_eq!(refusal, Refusal::InvitationExpired);
}

#[tokio::test]
async fn requests_are_seen_and_answered_by_those_who_may_accept() {
    let (town, lead, record, secret) = asking(5, 12).await;
    let organiser = Device::organiser(1);
    let other_team = Scope::Team(OTHER_TEAM);
    let others = [
        (Role::Volunteer, Scope::Team(TEAM)),
        (Role::Lead, other_team),
        (Role::Trainer, Scope::Campaign),
    ];
    let merle = Device::invited(20, &record, &secret);
    let request = merle.asks();
    town.refused(&merle, request).await;
    let path = format!("/v1/requests?space={}", TEAM.space());
    for (seed, (role, scope)) in (30..).zip(others) {
        let other = town.appoint(&organiser, seed, role, scope).await;
        let fault = town.get(&path, Some(&other)).await.fault();
        assert_eq!(fault, (403, "not_allowed".into()), "{role}");
        let status = decline(&town, &other, &merle).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{role}");
    }
    let fault = town.get(&path, Some(&merle)).await.fault();
    assert_eq!(fault, (403, "unknown_device".into()));
    assert_eq!(town.get(&path, None).await.fault().0, 401);
    for space in [campaign().space(), campaign().reports_space()] {
        let path = format!("/v1/requests?space={space}");
        let fault = town.get(&path, Some(&organiser)).await.fault();
        assert_eq!(fault, (403, "not_allowed".into()));
    }
    assert_eq!(waiting(&town, &organiser).await.len(), 1);
    assert_eq!(waiting(&town, &lead).await.len(), 1);
}

#[tokio::test]
async fn requests_that_are_none_are_refused() {
    let (town, mut lead, record, secret) = asking(1, 2).await;
    // An open invitation asks nobody.
    let (open, open_secret) = lead.offers(2, open_offer(TEAM, 5, 12));
    let invitation = lead.invites(&open);
    town.push_all(&lead, [invitation]).await;
    let pinson = Device::invited(21, &open, &open_secret);
    let request = pinson.asks();
    assert_eq!(town.refused(&pinson, request).await, Refusal::NotAllowed);
    // A member has nothing to ask for.
    let request = lead.asks_with(&record, &secret);
    assert_eq!(town.refused(&lead, request).await, Refusal::NotAllowed);
    // Large ones are not kept for strangers.
    let request = lead.asks_at_length(17_000);
    assert_eq!(town.refused(&lead, request).await, Refusal::TooLarge);
    // At most four for each member that the team may have.
    for seed in 0..8 {
        let asks = Device::invited(100 + seed, &record, &secret);
        let request = asks.asks();
        assert_eq!(town.refused(&asks, request).await, Refusal::Waiting);
    }
    let ninth = Device::invited(108, &record, &secret);
    let request = ninth.asks();
    assert_eq!(town.refused(&ninth, request).await, Refusal::Busy);
}

#[tokio::test]
async fn an_acceptance_counts_against_the_invitation_s_uses() {
    let (town, mut lead, record, secret) = asking(1, 12).await;
    let mut devices = [20, 21].map(|seed| Device::invited(seed, &record, &secret));
    for device in &mut devices {
        let request = device.asks();
        town.refused(device, request).await;
        let accepted = lead.accepts(device, Role::Volunteer);
        town.push_all(&lead, [accepted]).await;
    }
    let [mut first, mut second] = devices;
    // In whichever space it comes first.
    let introductions =
        [campaign().reports_space(), TEAM.space()].map(|space| first.introduction(space));
    town.push_all(&first, introductions).await;
    let late = second.introduction(TEAM.space());
    assert_eq!(town.refused(&second, late).await, Refusal::InvitationUsed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_accepts_takes_no_thirteenth_however_many_are_accepted_at_once() {
    let (town, mut lead, record, secret) = asking(100, 12).await;
    let town = Arc::new(town);
    let mut asking = tokio::task::JoinSet::new();
    for seed in 0..30 {
        let (town, device) = (
            Arc::clone(&town),
            Device::invited(100 + seed, &record, &secret),
        );
        asking.spawn(async move {
            let request = device.asks();
            assert_eq!(town.refused(&device, request).await, Refusal::Waiting);
            device
        });
    }
    let mut devices = asking.join_all().await;
    // Some are accepted while others, accepted before, come in; each into both its spaces.
    let accepted: Vec<_> = devices
        .iter_mut()
        .map(|device| lead.accepts(device, Role::Volunteer))
        .collect();
    let accepting = {
        let town = Arc::clone(&town);
        tokio::spawn(async move {
            for accepted in accepted.chunks(3) {
                town.push_all(&lead, accepted.to_vec()).await;
            }
            lead
        })
    };
    let mut joining = tokio::task::JoinSet::new();
    for mut device in devices {
        let town = Arc::clone(&town);
        joining.spawn(async move {
            while mine(&town, &device).await.status == StatusCode::ACCEPTED {
                tokio::task::yield_now().await;
            }
            let spaces = [campaign().reports_space(), TEAM.space()];
            let introductions = spaces.map(|space| device.introduction(space));
            town.push(&device, introductions).await
        });
    }
    let lead = accepting.await.unwrap();
    let (mut members, mut left_out) = (0, 0);
    for pushed in joining.join_all().await {
        match pushed.as_slice() {
            [Pushed::Stored(_), Pushed::Stored(_)] => members += 1,
            [
                Pushed::Refused(Refusal::TeamFull),
                Pushed::Refused(Refusal::TeamFull),
            ] => left_out += 1,
            other => panic!("{other:?}"),
        }
    }
    // The lead is the twelfth.
    assert_eq!((members, left_out), (11, 19));
    // Nor does a certificate make room that is handed over where there is no relay.
    let mut last = lead.appoint(200, Role::Volunteer, Scope::Team(TEAM));
    let introduction = last.introduction(TEAM.space());
    assert_eq!(town.refused(&last, introduction).await, Refusal::TeamFull);
}
