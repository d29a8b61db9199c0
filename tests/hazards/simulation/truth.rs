//! What must hold once it is calm.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use rusqlite::Connection;

use super::{campaign::Campaign, person::Found};

/// The one text that a query gives.
pub(super) fn one(path: &Path, query: &str) -> String {
    let connection = Connection::open(path).unwrap();
    connection.query_row(query, [], |row| row.get(0)).unwrap()
}

fn texts(path: &Path, query: &str) -> BTreeSet<String> {
    let connection = Connection::open(path).unwrap();
    let mut query = connection.prepare(query).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// How many devices rebuild what they have: the others hold the same.
const REBUILDS: usize = 3;

/// What devices of a team must agree on, line by line.
const OF_TEAM: [&str; 5] = [
    "SELECT hex(device) || hex(shift) || hex(id) || door || outcome || at || leaflet || standing
     FROM visit",
    "SELECT hex(device) || hex(id) || hex(turf) || opened_at || ' ' || closed_at FROM shift",
    "SELECT hex(id) || name || station FROM turf",
    "SELECT hex(turf) || door FROM turf_door",
    "SELECT hex(team) || hex(device) || pseudonym FROM member",
];

/// What a phone held that the relay does not have may be gone with it: where it went from hand to
/// hand, what the phone writes from its backup on may stand in the place of it.
pub(super) fn note_lost_phone(campaign: &mut Campaign<'_>, who: usize) {
    let log = texts(&campaign.relay.path(), "SELECT hex(id) FROM log");
    let held = "SELECT lower(hex(id)) || ' ' || hex(envelope) FROM visit";
    let mut elsewhere = BTreeSet::new();
    for row in campaign
        .people
        .iter()
        .flat_map(|it| texts(&it.path(), held))
    {
        if let Some((visit, envelope)) = row.split_once(' ')
            && log.contains(envelope)
        {
            elsewhere.insert(visit.to_owned());
        }
    }
    for tap in &mut campaign.people[who].taps {
        if tap.there == Found::Yes && !elsewhere.contains(&tap.id) {
            tap.there = Found::Maybe;
        }
        if tap.stands == Found::No {
            tap.stands = Found::Maybe;
        }
    }
}

/// Checks everything.
pub(super) async fn check(campaign: &mut Campaign<'_>) {
    let present: Vec<usize> = (0..campaign.people.len())
        .filter(|who| !campaign.people[*who].removed)
        .collect();
    for who in &present {
        check_present(campaign, *who).await;
    }
    let pictures: Vec<_> = present
        .iter()
        .map(|who| OF_TEAM.map(|query| texts(&campaign.people[*who].path(), query)))
        .collect();
    for (who, picture) in present.iter().zip(&pictures) {
        for (mine, theirs) in picture.iter().zip(&pictures[0]) {
            let only_here: Vec<_> = mine.difference(theirs).collect();
            let only_there: Vec<_> = theirs.difference(mine).collect();
            assert!(
                only_here.is_empty() && only_there.is_empty(),
                "{who} and 0 differ: {only_here:?} {only_there:?}"
            );
        }
    }
    check_taps(campaign, &present);
    check_totals(campaign, &present);
    check_relay(campaign);
    check_removed(campaign);
    for who in 0..campaign.people.len().min(REBUILDS) {
        let rebuilt = campaign.people[who].with(|device| device.rebuild());
        if let Ok(rebuilt) = rebuilt.await {
            assert!(!rebuilt.differed, "a rebuild of {who} changes something");
        }
    }
}

async fn check_present(campaign: &Campaign<'_>, who: usize) {
    let person = &campaign.people[who];
    assert!(person.joined, "{who} never joined");
    let status = person.with(|device| device.status()).await.unwrap();
    assert_eq!(
        (status.queued, status.refused),
        (0, 0),
        "{who}: {:?}",
        status.refusals
    );
    assert_eq!(one(&person.path(), "PRAGMA integrity_check"), "ok");
}

/// Every tap that was answered is there, once; what was taken back does not stand.
fn check_taps(campaign: &Campaign<'_>, present: &[usize]) {
    let found: BTreeMap<String, bool> = {
        let connection = Connection::open(campaign.people[0].path()).unwrap();
        let mut query = connection
            .prepare("SELECT lower(hex(id)), standing FROM visit")
            .unwrap();
        let rows = query
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let rows: Vec<(String, bool)> = rows.map(Result::unwrap).collect();
        let count = rows.len();
        let found: BTreeMap<_, _> = rows.into_iter().collect();
        assert_eq!(found.len(), count, "a visit is there twice");
        found
    };
    let mut known = BTreeSet::new();
    for person in &campaign.people {
        for tap in &person.taps {
            known.insert(tap.id.clone());
            let stands = found.get(&tap.id);
            if !present.contains(&person.number) {
                continue;
            }
            match (tap.there, stands) {
                (Found::Yes, None) => panic!("tap {} of {} is lost", tap.id, person.number),
                (Found::Yes, Some(stands)) => match tap.stands {
                    Found::Yes => assert!(stands, "{} was taken back by nobody", tap.id),
                    Found::No => assert!(!stands, "the taking back of {} is lost", tap.id),
                    Found::Maybe => {}
                },
                _ => {}
            }
        }
    }
    for id in found.keys() {
        assert!(known.contains(id), "visit {id} comes from nowhere");
    }
}

/// What the relay counts of each device is what that device counts.
fn check_totals(campaign: &Campaign<'_>, present: &[usize]) {
    let by_device = "SELECT hex(r.device) || ' ' || sum(absent + spoke + refused + come_back
             + inaccessible + vacant + do_not_contact) || ' ' || sum(leaflets)
         FROM tallies AS t JOIN reports AS r USING (campaign, document)
         GROUP BY r.device HAVING sum(absent + spoke + refused + come_back
             + inaccessible + vacant + do_not_contact + leaflets) > 0";
    let of_relay = texts(&campaign.relay.path(), by_device);
    let by_visits = "SELECT hex(device) || ' ' || count(*) || ' ' || sum(leaflet)
         FROM visit WHERE standing GROUP BY device";
    let truth = texts(&campaign.people[0].path(), by_visits);
    if present.len() == campaign.people.len() {
        assert_eq!(of_relay, truth, "totals");
    }
}

/// Who was removed has read nothing that others wrote since.
fn check_removed(campaign: &Campaign<'_>) {
    for removed in campaign.people.iter().filter(|person| person.removed) {
        let read = texts(&removed.path(), "SELECT lower(hex(id)) FROM visit");
        for other in campaign.people.iter().filter(|other| !other.removed) {
            let mut secret = other.taps.iter().filter(|tap| tap.after_removal);
            assert!(
                secret.all(|tap| !read.contains(&tap.id)),
                "{} reads what {} wrote after the removal",
                removed.number,
                other.number
            );
        }
    }
}

fn check_relay(campaign: &Campaign<'_>) {
    let path = campaign.relay.path();
    assert_eq!(one(&path, "PRAGMA integrity_check"), "ok");
    let torn = one(
        &path,
        "SELECT '' || count(*) FROM spaces AS s WHERE s.head <> (
             SELECT count(*) FROM log AS l WHERE l.campaign = s.campaign AND l.space = s.space)
         OR s.head <> (
             SELECT max(seq) FROM log AS l WHERE l.campaign = s.campaign AND l.space = s.space)",
    );
    assert_eq!(torn, "0", "a log has a gap");
}
