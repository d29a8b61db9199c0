//! A relay that lost everything is filled again, long after certificates and invitations ended.

use palier_core::{
    moment::Millis,
    refusal::Refusal,
    rights::{Role, Scope},
    wire::{Pushed, write_push},
};
use palier_relay::{Clock, rebuild};

use crate::{
    actors::{Device, TEAM, campaign, open_offer},
    town::Town,
};

/// What a team wrote while its relay was whole.
struct Story {
    organiser: Device,
    lead: Device,
    volunteer: Device,
    /// A volunteer by an invitation that is used up; rights end after 20 days, the
    /// organiser's and the lead's after 30.
    invited: Device,
    /// The log of the team's space.
    log: Vec<Vec<u8>>,
}

impl Story {
    async fn told() -> Self {
        let (town, mut organiser) = Town::begun().await;
        let scope = Scope::Team(TEAM);
        let mut lead = town
            .appoint(&organiser, 10, Role::Lead, scope.clone())
            .await;
        let (record, secret) = lead.offers(1, open_offer(TEAM, 1, 12));
        let invitation = lead.invites(&record);
        town.push_all(&lead, [invitation]).await;
        let mut invited = Device::invited(20, &record, &secret);
        let envelopes = [
            invited.introduction(TEAM.space()),
            invited.shift(TEAM.space(), 3),
        ];
        town.push_all(&invited, envelopes).await;
        let volunteer = town.appoint(&organiser, 11, Role::Volunteer, scope).await;
        let shift = organiser.shift(TEAM.space(), 4);
        town.push_all(&organiser, [shift]).await;
        let page = town.pull(&organiser, TEAM.space(), 0).await;
        Self {
            organiser,
            lead,
            volunteer,
            invited,
            log: page.entries.into_iter().map(|(_, bytes)| bytes).collect(),
        }
    }

    /// An empty relay, 25 days later, where the organiser is known again.
    async fn restored(&self) -> Town {
        let town = Town::empty().await;
        town.wait(Millis::days(25));
        let begins = Device::organiser(1).introduction(campaign().space());
        town.push_all(&self.organiser, [begins]).await;
        town
    }
}

#[tokio::test]
async fn an_organiser_hands_on_what_ended_meanwhile() {
    let story = Story::told().await;
    let town = story.restored().await;
    town.push_all(&story.organiser, story.log.clone()).await;
    let page = town.pull(&story.organiser, TEAM.space(), 0).await;
    let bytes: Vec<_> = page.entries.into_iter().map(|(_, bytes)| bytes).collect();
    assert_eq!(bytes, story.log);
    // Who is back in the log has no more rights than before.
    let path = format!("/v1/pull?space={}", TEAM.space());
    let fault = town.get(&path, Some(&story.invited)).await.fault();
    assert_eq!(fault, (403, "expired".into()));
    let rebuilt = rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(rebuilt.differed, [""; 0]);
}

#[tokio::test]
async fn a_lead_hands_on_for_the_own_team_and_volunteers_for_nobody() {
    let mut story = Story::told().await;
    let town = story.restored().await;
    let late = [
        Pushed::Refused(Refusal::Expired),
        Pushed::Refused(Refusal::UnknownDevice),
    ];
    // Log: organiser, lead and invitation first, then the invited volunteer's two.
    let of_invited = story.log[3..5].to_vec();
    let introduced = town.push(&story.volunteer, story.log.clone()).await;
    assert_eq!(
        introduced[2],
        Pushed::Refused(Refusal::InvitationExpired),
        "{introduced:?}"
    );
    assert_eq!(introduced[3..5], late);
    assert!(matches!(introduced[5], Pushed::Stored(_)));
    // Its own word is worth no more.
    assert_eq!(town.push(&story.invited, of_invited).await, late);
    // The lead's is, for the invitation and then for who used it.
    town.push_all(&story.lead, story.log[2..5].to_vec()).await;
    let shift = story.invited.shift(TEAM.space(), 9);
    assert_eq!(
        town.refused(&story.volunteer, shift.clone()).await,
        Refusal::Expired
    );
    town.push_all(&story.lead, [shift]).await;
}

#[tokio::test]
async fn revoked_stays_revoked_whoever_hands_on() {
    let mut story = Story::told().await;
    let town = story.restored().await;
    town.push_all(&story.organiser, story.log[..3].to_vec())
        .await;
    let mut organiser = Device::organiser(1);
    organiser.introduction(campaign().space());
    let revocation = organiser.revocation(campaign().space(), story.invited.id());
    town.push_all(&story.organiser, [revocation]).await;
    for who in [&story.organiser, &story.lead] {
        let pushed = town.push(who, story.log[3..5].to_vec()).await;
        assert_eq!(pushed, [Pushed::Refused(Refusal::Revoked); 2]);
    }
    // A lead whose rights were taken back answers for nobody either.
    let revocation = organiser.revocation(campaign().space(), story.lead.id());
    town.push_all(&story.organiser, [revocation]).await;
    let shift = story.invited.shift(TEAM.space(), 9);
    let body = write_push([shift.as_slice()]);
    let fault = town.post(Some(&story.lead), body).await.fault();
    assert_eq!(fault, (403, "revoked".into()));
}

#[tokio::test]
async fn nobody_answers_for_an_organiser_whose_rights_ended() {
    let town = Town::empty().await;
    let mut old = Device::organiser(2);
    let introduction = old.introduction(campaign().space());
    town.wait(Millis::days(31));
    let mut renewed = Device::renewed_organiser(1, Millis::days(60));
    let begins = renewed.introduction(campaign().space());
    town.push_all(&renewed, [begins]).await;
    let refusal = town.refused(&renewed, introduction).await;
    assert_eq!(refusal, Refusal::Expired);
}
