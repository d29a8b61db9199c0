//! Who came by an open link, of whom the relay knows no more once it comes back from a backup,
//! while the link asks since somebody was removed.

use axum::http::StatusCode;
use palier_core::{
    invitation::{InvitationRecord, InvitationSecret},
    moment::Millis,
    refusal::Refusal,
    rights::{Role, Scope},
    wire::Pushed,
};
use palier_relay::{Clock, rebuild};

use crate::{
    actors::{self, Device, TEAM, campaign, open_offer},
    requests::waiting,
    town::Town,
};

/// A relay that knows a team, its lead, and a link that was open and asks: what came between is
/// lost.
async fn forgetful(limit: u16) -> (Town, Device, InvitationRecord, InvitationSecret) {
    let (town, organiser) = Town::begun().await;
    let mut lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    let (record, secret) = lead.offers(1, open_offer(TEAM, 1, limit));
    let invitations = [lead.invites(&record), lead.asks_from_now_on(&record)];
    town.push_all(&lead, invitations).await;
    (town, lead, record, secret)
}

/// The lead says that a device may come in; it goes on with the chain that it has.
async fn accept(town: &Town, lead: &mut Device, seed: u16) {
    let mut same = Device::with(actors::secret(seed), lead.chain.clone());
    let accepted = lead.accepts(&mut same, Role::Volunteer);
    town.push_all(lead, [accepted]).await;
}

#[tokio::test]
async fn a_lead_lets_in_again_who_came_by_a_link_that_asks_since() {
    let (town, mut lead, record, secret) = forgetful(12).await;
    let mut merle = Device::invited(20, &record, &secret);
    let introduction = [merle.introduction(TEAM.space())];
    let lost = [introduction[0].clone(), merle.shift(TEAM.space(), 3)];
    let refused = [Refusal::Waiting, Refusal::UnknownDevice].map(Pushed::Refused);
    // Whoever holds them may bring them: that lets nobody in.
    for who in [&merle, &lead] {
        assert_eq!(town.push(who, lost.to_vec()).await, refused);
        assert_eq!(waiting(&town, &lead).await, introduction);
    }
    let reports = merle.introduction(campaign().reports_space());
    assert_eq!(
        town.refused(&merle, reports.clone()).await,
        Refusal::Waiting
    );
    assert_eq!(waiting(&town, &lead).await, introduction);

    accept(&town, &mut lead, 20).await;
    assert_eq!(waiting(&town, &lead).await, [[0_u8; 0]; 0]);
    town.push_all(&merle, lost).await;
    town.push_all(&merle, [reports]).await;
    // Another with the same link has to ask as before.
    let mut pinson = Device::invited(21, &record, &secret);
    let introduction = pinson.introduction(TEAM.space());
    assert_eq!(town.refused(&pinson, introduction).await, Refusal::Waiting);

    let rebuilt = rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(rebuilt.differed, [""; 0]);
}

#[tokio::test]
async fn who_was_removed_does_not_come_back_that_way() {
    let (town, mut lead, record, secret) = forgetful(12).await;
    let mut merle = Device::invited(20, &record, &secret);
    let introduction = merle.introduction(TEAM.space());
    town.refused(&merle, introduction.clone()).await;
    let mut organiser = Device::organiser(1);
    organiser.introduction(campaign().space());
    let revocation = organiser.revocation(campaign().space(), merle.id());
    town.push_all(&organiser, [revocation]).await;
    accept(&town, &mut lead, 20).await;
    for who in [&lead, &organiser] {
        let refusal = town.refused(who, introduction.clone()).await;
        assert_eq!(refusal, Refusal::Revoked);
    }
    let fault = town.get("/v1/requests/mine", Some(&merle)).await;
    assert_ne!(fault.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn the_end_of_the_link_hinders_nobody_and_the_limit_does() {
    let (town, mut lead, record, secret) = forgetful(2).await;
    town.wait(Millis::days(8));
    let mut people = [20, 21].map(|seed| Device::invited(seed, &record, &secret));
    let introductions = people.each_mut().map(|it| it.introduction(TEAM.space()));
    for (seed, (who, introduction)) in (20..).zip(people.iter().zip(&introductions)) {
        let refusal = town.refused(who, introduction.clone()).await;
        assert_eq!(refusal, Refusal::Waiting);
        accept(&town, &mut lead, seed).await;
    }
    // The lead is one of two, and the link's one use is no matter.
    let [first, second] = introductions;
    town.push_all(&people[0], [first]).await;
    let refusal = town.refused(&people[1], second).await;
    assert_eq!(refusal, Refusal::TeamFull);
}

#[tokio::test]
async fn a_link_gathers_so_many_introductions_and_no_more() {
    let (town, lead, record, secret) = forgetful(1).await;
    for seed in 20..26 {
        let mut who = Device::invited(seed, &record, &secret);
        let introduction = who.introduction(TEAM.space());
        assert_eq!(town.refused(&who, introduction).await, Refusal::Waiting);
    }
    assert_eq!(waiting(&town, &lead).await.len(), 4);
}
