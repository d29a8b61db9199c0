//! Who may ask what: nobody, a stranger, each role, and who was revoked.

use palier_core::{
    envelope::Kind,
    id::{DocumentId, SpaceId},
    moment::Millis,
    refusal::Refusal,
    rights::{Role, Scope},
    wire::{Asked, Proof, write_push},
};

use crate::{
    actors::{Device, OTHER_TEAM, TEAM, campaign, secret},
    town::Town,
};

struct People {
    organiser: Device,
    lead: Device,
    volunteer: Device,
    observer: Device,
    revoked: Device,
    stranger: Device,
}

async fn people() -> (Town, People) {
    let (town, mut organiser) = Town::begun().await;
    let team = || Scope::Team(TEAM);
    let lead = town.appoint(&organiser, 10, Role::Lead, team()).await;
    let volunteer = town.appoint(&organiser, 11, Role::Volunteer, team()).await;
    let station = Scope::Station("1251".into());
    let observer = town.appoint(&organiser, 12, Role::Observer, station).await;
    let revoked = town.appoint(&organiser, 13, Role::Lead, team()).await;
    let revocation = organiser.revocation(campaign().space(), revoked.id());
    town.push_all(&organiser, [revocation]).await;
    let stranger = organiser.appoint(14, Role::Lead, team());
    let people = People {
        organiser,
        lead,
        volunteer,
        observer,
        revoked,
        stranger,
    };
    (town, people)
}

#[tokio::test]
async fn who_may_ask_what() {
    let (town, people) = people().await;
    let pull = |space: SpaceId| format!("/v1/pull?space={space}");
    let events = |space: SpaceId| format!("/v1/events?spaces={space}");
    let pack = format!("/v1/packs/{}", "00".repeat(32));
    // nobody, stranger, revoked, observer, volunteer, lead, organiser
    for (path, expected) in [
        ("/v1/health".into(), [200; 7]),
        ("/join".into(), [200; 7]),
        ("/v1/nothing".into(), [404; 7]),
        (
            pull(campaign().space()),
            [401, 403, 403, 200, 200, 200, 200],
        ),
        (
            pull(campaign().reports_space()),
            [401, 403, 403, 200, 200, 200, 200],
        ),
        (pull(TEAM.space()), [401, 403, 403, 403, 200, 200, 200]),
        (
            pull(OTHER_TEAM.space()),
            [401, 403, 403, 403, 403, 403, 200],
        ),
        (
            events(OTHER_TEAM.space()),
            [401, 403, 403, 403, 403, 403, 0],
        ),
        (
            "/v1/totals?by=station".into(),
            [401, 403, 403, 403, 403, 200, 200],
        ),
        (pack, [401, 403, 403, 404, 404, 404, 404]),
        (
            "/v1/pull?space=zz".into(),
            [401, 403, 403, 400, 400, 400, 400],
        ),
        (
            "/v1/totals?by=name".into(),
            [401, 403, 403, 403, 403, 400, 400],
        ),
    ] {
        let askers = [
            None,
            Some(&people.stranger),
            Some(&people.revoked),
            Some(&people.observer),
            Some(&people.volunteer),
            Some(&people.lead),
            Some(&people.organiser),
        ];
        for (asker, expected) in askers.into_iter().zip(expected) {
            if expected != 0 {
                let found = town.get(&path, asker).await.status.as_u16();
                let role = asker.map(|asker| asker.id());
                assert_eq!(found, expected, "{path} {role:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_words_say_why() {
    let (town, people) = people().await;
    let pull = format!("/v1/pull?space={}", TEAM.space());
    for (asker, expected) in [
        (None, (401, "bad_signature")),
        (Some(&people.stranger), (403, "unknown_device")),
        (Some(&people.revoked), (403, "revoked")),
        (Some(&people.observer), (403, "not_allowed")),
    ] {
        let fault = town.get(&pull, asker).await.fault();
        assert_eq!(fault, (expected.0, expected.1.into()));
    }
    let push = write_push([]);
    for (asker, expected) in [
        (None, (401, "bad_signature")),
        (Some(&people.stranger), (403, "unknown_device")),
        (Some(&people.revoked), (403, "revoked")),
    ] {
        let fault = town.post(asker, push.clone()).await.fault();
        assert_eq!(fault, (expected.0, expected.1.into()));
    }
    town.wait(Millis::days(31));
    let fault = town.get(&pull, Some(&people.lead)).await.fault();
    assert_eq!(fault, (403, "expired".into()));
}

#[tokio::test]
async fn a_device_pulls_only_its_own_reports() {
    let (town, people) = people().await;
    let reports = campaign().reports_space();
    let own = town.pull(&people.lead, reports, 0).await;
    assert_eq!(own.entries.len(), 1);
    assert_eq!(own.head, own.entries[0].0);
    assert_eq!(town.pull(&people.lead, reports, own.head).await.entries, []);
    let all = town.pull(&people.organiser, reports, 0).await;
    assert_eq!((all.entries.len(), all.head), (5, 5));
}

#[tokio::test]
async fn a_signature_is_for_one_request() {
    let (town, people) = people().await;
    let path = format!("/v1/pull?space={}", TEAM.space());
    let mut request = town.request("GET", &path, Some(&people.lead), Vec::new());
    *request.uri_mut() = format!("{path}&after=1").parse().unwrap();
    let answer = town.answer(request).await;
    assert_eq!(answer.fault(), (401, "bad_signature".into()));
    let mut request = town.request("POST", "/v1/push", Some(&people.lead), Vec::new());
    *request.body_mut() = write_push([b"x".as_slice()]).into();
    let answer = town.answer(request).await;
    assert_eq!(answer.fault(), (401, "bad_signature".into()));
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_the_time() {
    let (town, people) = people().await;
    let path = "/v1/totals";
    let asked = Asked {
        method: "GET",
        path_and_query: path,
        body: b"",
    };
    let off = town.now().after(Millis::days(3));
    let proof = Proof::sign(campaign(), &people.lead.secret, off, asked);
    let mut request = town.request("GET", path, None, Vec::new());
    let header = proof.header().parse().unwrap();
    request.headers_mut().insert("authorization", header);
    let answer = town.answer(request).await;
    assert_eq!(answer.fault(), (401, "bad_time".into()));
    assert_eq!(answer.headers["date"], "Sun, 15 Mar 2026 16:00:00 GMT");
}

#[tokio::test]
async fn what_a_revoked_device_wrote_comes_only_from_who_may_give_its_rights() {
    let (town, mut people) = people().await;
    let shift = people.revoked.shift(TEAM.space(), 3);
    let refusal = town.refused(&people.volunteer, shift.clone()).await;
    assert_eq!(refusal, Refusal::Revoked);
    town.push_all(&people.organiser, [shift]).await;
    // It lets nobody in, whoever hands that on.
    let mut guest = people
        .revoked
        .appoint(20, Role::Volunteer, Scope::Team(TEAM));
    let introduction = guest.introduction(TEAM.space());
    assert_eq!(town.refused(&guest, introduction).await, Refusal::Revoked);
}

#[tokio::test]
async fn a_lead_revokes_volunteers_of_the_own_team_and_nobody_else() {
    let (town, mut people) = people().await;
    let space = TEAM.space();
    let (lead, organiser) = (people.lead.id(), people.organiser.id());
    let volunteer = people.volunteer.id();
    let wrong = people.volunteer.revocation(space, lead);
    let refusal = town.refused(&people.volunteer, wrong).await;
    assert_eq!(refusal, Refusal::NotAllowed);
    // A refused envelope takes no place: the next one has the same sequence.
    for target in [organiser, lead] {
        let mut asks = Device::with(secret(10), people.lead.chain.clone());
        asks.introduction(space);
        let wrong = asks.revocation(space, target);
        let refusal = town.refused(&people.lead, wrong).await;
        assert_eq!(refusal, Refusal::NotAllowed);
    }
    let right = people.lead.revocation(space, volunteer);
    town.push_all(&people.lead, [right]).await;
    let pull = format!("/v1/pull?space={space}");
    let fault = town.get(&pull, Some(&people.volunteer)).await.fault();
    assert_eq!(fault, (403, "revoked".into()));
}

#[tokio::test]
async fn rights_are_renewed_with_another_chain() {
    let (town, people) = people().await;
    let mut volunteer = people.volunteer;
    let mut promoted = people.organiser.appoint(11, Role::Lead, Scope::Team(TEAM));
    std::mem::swap(&mut volunteer.chain, &mut promoted.chain);
    let renewal = volunteer.introduction(TEAM.space());
    town.push_all(&volunteer, [renewal]).await;
    let totals = town.get("/v1/totals", Some(&volunteer)).await;
    assert_eq!(totals.status.as_u16(), 200);
}

#[tokio::test]
async fn kits_and_the_campaign_are_written_by_those_who_may() {
    let (town, mut organiser) = Town::begun().await;
    let mut trainer = town
        .appoint(&organiser, 10, Role::Trainer, Scope::Campaign)
        .await;
    let mut lead = town
        .appoint(&organiser, 11, Role::Lead, Scope::Team(TEAM))
        .await;
    let space = campaign().space();
    let kit = |device: &mut Device, kind| device.write(space, kind, DocumentId([3; 16]), vec![1]);
    let envelopes = [kit(&mut trainer, Kind::Kit)];
    town.push_all(&trainer, envelopes).await;
    let envelopes = [kit(&mut organiser, Kind::Campaign)];
    town.push_all(&organiser, envelopes).await;
    let wrong = kit(&mut trainer, Kind::Campaign);
    assert_eq!(town.refused(&trainer, wrong).await, Refusal::NotAllowed);
    let introduction = lead.introduction(space);
    town.push_all(&lead, [introduction]).await;
    let wrong = kit(&mut lead, Kind::Kit);
    assert_eq!(town.refused(&lead, wrong).await, Refusal::NotAllowed);
}
