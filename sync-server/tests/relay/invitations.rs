//! Invitations: who is let in, how often, until when, and how many.

use std::sync::Arc;

use palier_core::{
    invitation::{InvitationRecord, Offer, Policy},
    moment::Millis,
    refusal::Refusal,
    rights::{Role, Scope},
    wire::Pushed,
};

use crate::{
    actors::{Device, OTHER_TEAM, TEAM, campaign, open_offer},
    town::Town,
};

fn path(record: &InvitationRecord) -> String {
    let key = record.invitation.key;
    format!("/v1/invitations/{key}?campaign={}", campaign())
}

#[tokio::test]
async fn a_link_opens_until_it_is_used_up() {
    let (town, organiser) = Town::begun().await;
    let mut lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    let (record, secret) = lead.offers(1, open_offer(TEAM, 1, 12));
    let mut merle = Device::invited(20, &record, &secret);
    let introduction = merle.introduction(TEAM.space());
    let fault = town.get(&path(&record), None).await.fault();
    assert_eq!(fault, (404, "invitation_unknown".into()));
    let refusal = town.refused(&merle, introduction.clone()).await;
    assert_eq!(refusal, Refusal::InvitationUnknown);

    let invitation = lead.invites(&record);
    town.push_all(&lead, [invitation]).await;
    let found = town.get(&path(&record), None).await;
    assert_eq!(InvitationRecord::decode(&found.body), Ok(record.clone()));

    town.push_all(&merle, [introduction]).await;
    let fault = town.get(&path(&record), None).await.fault();
    assert_eq!(fault, (410, "invitation_used".into()));
    let mut pinson = Device::invited(21, &record, &secret);
    let late = pinson.introduction(TEAM.space());
    assert_eq!(town.refused(&pinson, late).await, Refusal::InvitationUsed);
    // Who is in already goes on into the other spaces.
    let reports = merle.introduction(campaign().reports_space());
    town.push_all(&merle, [reports]).await;
}

#[tokio::test]
async fn an_invitation_ends_for_those_who_did_not_use_it() {
    let (town, mut organiser) = Town::begun().await;
    let (record, secret) = organiser.offers(1, open_offer(TEAM, 5, 12));
    let invitation = organiser.invites(&record);
    town.push_all(&organiser, [invitation]).await;
    let mut merle = Device::invited(20, &record, &secret);
    let introduction = merle.introduction(TEAM.space());
    town.push_all(&merle, [introduction.clone()]).await;
    town.wait(Millis::days(8));
    let fault = town.get(&path(&record), None).await.fault();
    assert_eq!(fault, (410, "invitation_expired".into()));
    let mut pinson = Device::invited(21, &record, &secret);
    let late = pinson.introduction(TEAM.space());
    let refusal = town.refused(&pinson, late).await;
    assert_eq!(refusal, Refusal::InvitationExpired);
    let reports = merle.introduction(campaign().reports_space());
    town.push_all(&merle, [reports]).await;
    let again = town.push(&merle, [introduction]).await;
    assert_eq!(again, [Pushed::Duplicate(3)]);
}

#[tokio::test]
async fn a_new_record_takes_the_place_of_the_old_one() {
    let (town, mut organiser) = Town::begun().await;
    let (short, _) = organiser.offers(1, open_offer(TEAM, 1, 12));
    let (long, secret) = organiser.offers(1, open_offer(TEAM, 2, 12));
    let invitations = [organiser.invites(&short), organiser.invites(&long)];
    town.push_all(&organiser, invitations).await;
    for seed in [20, 21] {
        let mut device = Device::invited(seed, &long, &secret);
        let introduction = device.introduction(TEAM.space());
        town.push_all(&device, [introduction]).await;
    }
    // Another issuer does not take a key over.
    let mut lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    let (stolen, _) = lead.offers(1, open_offer(TEAM, 9, 12));
    let stolen = lead.invites(&stolen);
    assert_eq!(town.refused(&lead, stolen).await, Refusal::NotAllowed);
}

#[tokio::test]
async fn an_offer_beyond_the_issuer_s_rights_is_refused() {
    let (town, organiser) = Town::begun().await;
    let lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    for (offer, refusal) in [
        (
            Offer {
                role: Role::Lead,
                ..open_offer(TEAM, 1, 12)
            },
            Refusal::BadCertificate,
        ),
        (open_offer(OTHER_TEAM, 1, 12), Refusal::UnknownDevice),
        (open_offer(TEAM, 0, 12), Refusal::BadCertificate),
    ] {
        let (record, _) = lead.offers(1, offer);
        let mut asks = Device::with(crate::actors::secret(10), lead.chain.clone());
        asks.introduction(TEAM.space());
        let invitation = asks.invites(&record);
        assert_eq!(town.refused(&lead, invitation).await, refusal);
    }
}

#[tokio::test]
async fn an_ended_invitation_keeps_its_place_and_lets_nobody_in() {
    let (town, organiser) = Town::begun().await;
    let mut lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    let (record, secret) = lead.offers(
        1,
        Offer {
            expires: town.now().after(Millis(-1)),
            ..open_offer(TEAM, 1, 12)
        },
    );
    let invitation = lead.invites(&record);
    town.push_all(&lead, [invitation]).await;
    let mut late = Device::invited(11, &record, &secret);
    let introduction = late.introduction(TEAM.space());
    let refusal = town.refused(&late, introduction).await;
    assert_eq!(refusal, Refusal::InvitationExpired);
}

#[tokio::test]
async fn who_must_be_accepted_waits() {
    let (town, mut organiser) = Town::begun().await;
    let approved = Offer {
        policy: Policy::Approved,
        ..open_offer(TEAM, 1, 12)
    };
    let (record, secret) = organiser.offers(1, approved);
    let invitation = organiser.invites(&record);
    town.push_all(&organiser, [invitation]).await;
    let mut merle = Device::invited(20, &record, &secret);
    let introduction = merle.introduction(TEAM.space());
    assert_eq!(town.refused(&merle, introduction).await, Refusal::Waiting);
    assert_eq!(town.get(&path(&record), None).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_revoked_lead_s_link_is_closed() {
    let (town, mut organiser) = Town::begun().await;
    let mut lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    let (record, secret) = lead.offers(1, open_offer(TEAM, 5, 12));
    let invitation = lead.invites(&record);
    town.push_all(&lead, [invitation]).await;
    let revocation = organiser.revocation(campaign().space(), lead.id());
    town.push_all(&organiser, [revocation]).await;
    let fault = town.get(&path(&record), None).await.fault();
    assert_eq!(fault, (410, "revoked".into()));
    let mut merle = Device::invited(20, &record, &secret);
    let introduction = merle.introduction(TEAM.space());
    assert_eq!(town.refused(&merle, introduction).await, Refusal::Revoked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_of_twelve_takes_no_thirteenth_however_many_come_at_once() {
    let (town, mut organiser) = Town::begun().await;
    let (record, secret) = organiser.offers(1, open_offer(TEAM, 100, 12));
    let invitation = organiser.invites(&record);
    town.push_all(&organiser, [invitation]).await;
    let town = Arc::new(town);
    let joins: Vec<_> = (0..30)
        .map(|seed| {
            let mut device = Device::invited(100 + seed, &record, &secret);
            let town = Arc::clone(&town);
            tokio::spawn(async move {
                let introduction = device.introduction(TEAM.space());
                let pushed = town.push(&device, [introduction]).await;
                (device, pushed)
            })
        })
        .collect();
    let (mut members, mut left_out) = (Vec::new(), 0);
    for join in joins {
        let (device, pushed) = join.await.unwrap();
        match pushed.as_slice() {
            [Pushed::Stored(_)] => members.push(device),
            [Pushed::Refused(Refusal::TeamFull)] => left_out += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((members.len(), left_out), (12, 18));
    // A member's place is free again once the member is revoked.
    let revocation = organiser.revocation(TEAM.space(), members[0].id());
    town.push_all(&organiser, [revocation]).await;
    let mut next = Device::invited(200, &record, &secret);
    let introduction = next.introduction(TEAM.space());
    town.push_all(&next, [introduction]).await;
    let mut last = Device::invited(201, &record, &secret);
    let introduction = last.introduction(TEAM.space());
    assert_eq!(town.refused(&last, introduction).await, Refusal::TeamFull);
}
