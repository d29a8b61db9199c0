//! Every story again over PostgreSQL, and those that only several processes can tell.
//!
//! One test starts a cluster and runs this whole binary against it. To run one story by hand:
//! `PALIER_TEST_POSTGRES=postgres://… cargo test -p palier-relay --test relay NAME --
//! --include-ignored`.

use std::{collections::HashSet, env, process::Command};

use futures_util::future::join_all;
use palier_cluster::{Cluster, NOT_DURABLE};
use palier_core::{
    moment::Moment,
    refusal::Refusal,
    rights::{Role, Scope},
    wire::{Health, Pushed},
};
use palier_relay::{AppState, Clock, Config, StoreAt, StoreError, begin_life, check, life};

use crate::{
    actors::{Device, TEAM, campaign, open_offer},
    check::look,
    events::{at, heard, listen},
    place::{Place, SERVER, connect},
    program::run,
    town::Town,
};

/// Stories of files, programs and clusters of their own, and the one that tells all others.
const ELSEWHERE: [&str; 6] = [
    "the_same_stories",
    "service::",
    "logs::",
    "upkeep::",
    "failover::",
    "tls::",
];

/// This binary, run again.
fn again(args: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(args);
    command
}

#[test]
fn the_same_stories_hold_over_postgresql() {
    let cluster = Cluster::start(NOT_DURABLE).unwrap();
    let ran = again(&["--include-ignored"])
        .args(ELSEWHERE.map(|name| ["--skip", name]).concat())
        .env(SERVER, cluster.primary().url("postgres"))
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(
        ran.status.success(),
        "{}\n{}",
        in_short(&said),
        cluster.primary().said()
    );
    let told: HashSet<_> = said
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... ok"))
        .collect();
    let story = "push::places_have_no_gap_when_many_push_at_once";
    assert!(told.contains(story), "{said}");
    // What nobody runs otherwise was told here, but for what another test starts.
    let listed = again(&["--list", "--ignored"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let untold: Vec<_> = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter(|story| !told.contains(story))
        .collect();
    assert_eq!(untold, ["failover::one_life_of_a_relay"], "{said}");
}

/// Which stories fell, and with which words.
fn in_short(said: &str) -> String {
    let lines: Vec<_> = said.lines().collect();
    let fell = lines.iter().filter(|line| line.ends_with(" ... FAILED"));
    let words = lines
        .windows(3)
        .filter(|window| window[0].contains(" panicked at "))
        .flatten();
    fell.chain(words)
        .fold(String::new(), |told, line| told + line + "\n")
}

/// A campaign, and two relays on its one database.
async fn two_relays() -> (Town, Town, Device) {
    let (town, organiser) = Town::begun().await;
    let other = town.neighbour().await;
    (town, other, organiser)
}

fn url(town: &Town) -> &str {
    match town.place.as_ref() {
        Place::Database(database) => &database.url,
        Place::Folder(_) => panic!("only over PostgreSQL"),
    }
}

/// Devices that join by one open invitation, all at once and half of them through each relay.
async fn many_join(devices: u16, uses: u16) -> Vec<Pushed> {
    let (town, other, mut organiser) = two_relays().await;
    let (record, secret) = organiser.offers(1, open_offer(TEAM, uses, 12));
    let invitation = organiser.invites(&record);
    town.push_all(&organiser, [invitation]).await;
    let joins = (0..devices).map(|seed| {
        let through = if seed % 2 == 0 { &town } else { &other };
        let mut device = Device::invited(100 + seed, &record, &secret);
        async move {
            let introduction = device.introduction(TEAM.space());
            through.push(&device, [introduction]).await
        }
    });
    join_all(joins).await.concat()
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn a_team_takes_no_thirteenth_through_two_processes() {
    let pushed = many_join(40, 100).await;
    let full = Pushed::Refused(Refusal::TeamFull);
    // The organiser is no member: its rights are the campaign's.
    let let_in = pushed.iter().filter(|one| **one != full).count();
    assert_eq!((let_in, pushed.len()), (12, 40), "{pushed:?}");
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_used_no_more_than_it_may_through_two_processes() {
    let pushed = many_join(20, 5).await;
    let used = Pushed::Refused(Refusal::InvitationUsed);
    let let_in = pushed.iter().filter(|one| **one != used).count();
    assert_eq!((let_in, pushed.len()), (5, 20), "{pushed:?}");
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn places_have_no_gap_through_two_processes_and_many_spaces() {
    let (town, other, organiser) = two_relays().await;
    let reports = campaign().reports_space();
    let pushes = (0..24).map(|seed| {
        let through = if seed % 2 == 0 { &town } else { &other };
        let mut device = organiser.appoint(100 + seed, Role::Volunteer, Scope::Team(TEAM));
        async move {
            // The same spaces in either order: whoever waits, waits in one direction.
            let mut spaces = [TEAM.space(), reports];
            if seed % 3 == 0 {
                spaces.reverse();
            }
            let introductions = spaces.map(|space| device.introduction(space));
            through.push_all(&device, introductions).await;
            for size in 0..6 {
                let shift = device.shift(TEAM.space(), size);
                let report = crate::reports::report(
                    Some(TEAM),
                    &[("1251", u32::try_from(size).unwrap() + 1, 1)],
                );
                let report = device.reports(&report);
                let mut both = [shift, report];
                if size % 2 == 0 {
                    both.reverse();
                }
                through.push_all(&device, both).await;
            }
        }
    });
    join_all(pushes).await;
    for (space, expected) in [(TEAM.space(), 1 + 24 * 7), (reports, 1 + 24 * 7)] {
        let page = other.pull(&organiser, space, 0).await;
        let places: Vec<_> = page.entries.iter().map(|(seq, _)| *seq).collect();
        assert_eq!(places, (1..=expected).collect::<Vec<_>>());
        assert_eq!(page.head, expected);
    }
    let totals = town.totals(&organiser, "station").await;
    assert_eq!(totals.lines[0].counts[..2], [24 * 6, 24]);
    let rebuilt = palier_relay::rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(rebuilt.differed, [""; 0]);
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_revoked_device_enters_through_another_process() {
    let (town, other, mut organiser) = two_relays().await;
    let mut devices = Vec::new();
    for seed in 0..8 {
        let role = Role::Volunteer;
        let device = town
            .appoint(&organiser, 100 + seed, role, Scope::Team(TEAM))
            .await;
        devices.push(device);
    }
    let revoked: Vec<_> = devices.iter().map(Device::id).collect();
    let writing = devices.iter_mut().map(|device| {
        let other = &other;
        async move {
            // Until it is refused; whatever was stored came before.
            loop {
                let shift = device.shift(TEAM.space(), 3);
                let body = palier_core::wire::write_push([shift.as_slice()]);
                let answer = other.post(Some(device), body).await;
                if answer.status != axum::http::StatusCode::OK {
                    assert_eq!(answer.fault().1, "revoked");
                    break;
                }
                let answer: palier_core::wire::PushAnswer = answer.json();
                if answer.pushed == [Pushed::Refused(Refusal::Revoked)] {
                    break;
                }
                assert!(matches!(answer.pushed[..], [Pushed::Stored(_)]));
            }
        }
    });
    let revoking = async {
        let space = campaign().space();
        for device in revoked {
            let revocation = organiser.revocation(space, device);
            town.push_all(&organiser, [revocation]).await;
        }
        // From here on nothing more enters.
        town.pull(&organiser, TEAM.space(), 0).await.head
    };
    let (head, _) = tokio::join!(revoking, join_all(writing));
    assert_eq!(town.pull(&organiser, TEAM.space(), 0).await.head, head);
    let rebuilt = palier_relay::rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(rebuilt.differed, [""; 0]);
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_hears_of_what_came_through_another_process() {
    let (town, other, mut organiser) = two_relays().await;
    let merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let mut of_organiser = listen(&town, &organiser, &[TEAM.space()]).await;
    let mut of_merle = listen(&town, &merle, &[TEAM.space()]).await;
    let shift = organiser.shift(TEAM.space(), 3);
    other.push_all(&organiser, [shift]).await;
    assert_eq!(heard(&mut of_organiser).await, at(TEAM.space(), 3));
    assert_eq!(heard(&mut of_merle).await, at(TEAM.space(), 3));
    let revocation = organiser.revocation(campaign().space(), merle.id());
    other.push_all(&organiser, [revocation]).await;
    assert_eq!(heard(&mut of_merle).await, None);
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn broken_connections_are_made_again_and_nobody_misses_anything() {
    let (town, other, mut organiser) = two_relays().await;
    let mut stream = listen(&town, &organiser, &[TEAM.space()]).await;
    let server = connect(url(&town)).await;
    for head in 2..5 {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        server.batch_execute(cut).await.unwrap();
        let shift = organiser.shift(TEAM.space(), 3);
        other.push_all(&organiser, [shift]).await;
        // Where the cut came late, what was known before may be said once more.
        let mut said = heard(&mut stream).await;
        while said == at(TEAM.space(), head - 1) {
            said = heard(&mut stream).await;
        }
        assert_eq!(said, at(TEAM.space(), head));
        assert_eq!(town.pull(&organiser, TEAM.space(), 0).await.head, head);
    }
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn many_that_start_at_once_make_one_schema_and_one_life() {
    let place = Place::empty().await;
    let config = Config::new(([127, 0, 0, 1], 0).into(), place.store());
    let opened = join_all((0..6).map(|_| AppState::open(&config))).await;
    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
    let lives =
        join_all((0..3).map(|_| async { life(&place.store(), &Clock::machine()).await.unwrap() }))
            .await;
    assert!(lives.iter().all(|life| *life == lives[0]));
}

async fn open(store: StoreAt) -> Result<AppState, StoreError> {
    AppState::open(&Config::new(([127, 0, 0, 1], 0).into(), store)).await
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test]
async fn databases_of_others_and_of_newer_versions_are_refused() {
    let foreign = Place::empty().await;
    foreign.change("CREATE TABLE cats (name TEXT)").await;
    let refused = open(foreign.store()).await;
    assert!(matches!(refused, Err(StoreError::NotAStore { .. })));
    let newer = Place::empty().await;
    drop(open(newer.store()).await.unwrap());
    newer
        .change("INSERT INTO steps (step, taken_at) VALUES (99, 0)")
        .await;
    let refused = open(newer.store()).await;
    let newer = matches!(refused, Err(StoreError::Newer { found: 99, .. }));
    assert!(newer, "{refused:?}");
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn every_process_hears_of_another_life() {
    let (town, other, mut organiser) = two_relays().await;
    let health = async |town: &Town| -> String {
        let health: Health = town.get("/v1/health", None).await.json();
        health.incarnation
    };
    let before = health(&town).await;
    assert_eq!(health(&other).await, before);
    let clock = Clock::from_fn(|| Moment(0));
    let now = begin_life(&town.store(), &clock).await.unwrap().to_string();
    assert_ne!(now, before);
    // Pages say it at once, each push from the next notification on.
    let page = other.pull(&organiser, TEAM.space(), 0).await;
    assert_eq!(page.incarnation.to_string(), now);
    let mut stream = listen(&town, &organiser, &[TEAM.space()]).await;
    let shift = organiser.shift(TEAM.space(), 3);
    other.push_all(&organiser, [shift]).await;
    // What was said before is heard before.
    assert!(heard(&mut stream).await.is_some());
    assert_eq!(health(&town).await, now);
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test]
async fn what_cannot_be_reached_is_said_without_its_password() {
    let server = env::var(SERVER).unwrap();
    let (account, rest) = server.split_once('@').unwrap();
    for url in [
        format!(
            "{account}:geheim@{}/nowhere",
            rest.rsplit_once('/').unwrap().0
        ),
        "postgres://palier:geheim@127.0.0.1:1/relay".to_owned(),
        "postgres://palier:geheim@%2Fnowhere/relay?geheim=geheim".to_owned(),
    ] {
        let refused = open(url.parse().unwrap()).await.unwrap_err();
        let said = format!("{refused} {refused:?}");
        assert!(!said.contains("geheim"), "{said}");
    }
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn a_push_sent_to_both_processes_at_once_is_kept_once() {
    let (town, other, mut organiser) = two_relays().await;
    for head in 2..12 {
        let shift = organiser.shift(TEAM.space(), 3);
        let (one, two) = tokio::join!(
            town.push(&organiser, [shift.clone()]),
            other.push(&organiser, [shift])
        );
        let mut both = [one, two].concat();
        both.sort_by_key(|one| matches!(one, Pushed::Duplicate(_)));
        assert_eq!(both, [Pushed::Stored(head), Pushed::Duplicate(head)]);
    }
}

/// What PostgreSQL knows of the tables of a database, a line for each thing.
const CATALOGUE: &str = "
    SELECT format('column %s.%s %s null=%s default=%s storage=%s collation=%s', c.relname,
                  a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid), a.attstorage, a.attcollation::regcollation)
           AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT format('table %s %s %s by=%s bound=%s', relname, relkind, reloptions,
                  pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid))
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
    ORDER BY line";
const SCHEMA: &str = include_str!("../../../migrations/relay-postgres.schema.sql");

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test]
async fn the_schema_file_is_the_schema() {
    let catalogue = async |place: &Place| -> Vec<String> {
        let Place::Database(database) = place else {
            panic!("only over PostgreSQL")
        };
        let found = connect(&database.url)
            .await
            .query(CATALOGUE, &[])
            .await
            .unwrap();
        found.iter().map(|row| row.get("line")).collect()
    };
    let (stepped, written) = (Place::empty().await, Place::empty().await);
    drop(open(stepped.store()).await.unwrap());
    written.change(SCHEMA).await;
    let (stepped, written) = (catalogue(&stepped).await, catalogue(&written).await);
    assert!(stepped.len() > 100, "{stepped:#?}");
    assert_eq!(stepped, written);
}

#[test]
fn every_column_of_the_schema_file_has_its_comment() {
    let columns = SCHEMA.lines().filter(|line| {
        line.starts_with("    ")
            && (line.contains(" NOT NULL") || line.contains(" PRIMARY KEY CHECK"))
    });
    let bare: Vec<_> = columns.filter(|line| !line.contains("-- ")).collect();
    assert_eq!(bare, [""; 0]);
}

/// An address whose connections write nothing.
fn reading_only(url: &str) -> String {
    format!("{url}?options=-c%20default_transaction_read_only%3Don")
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn a_look_writes_nothing_and_names_a_turn_that_comes_twice() {
    let (town, ..) = crate::keeping::lived_in().await;
    let reading: StoreAt = reading_only(url(&town)).parse().unwrap();
    let looked = check(&reading, &Clock::machine()).unwrap();
    assert_eq!((looked.envelopes, looked.problems), (16, vec![]));
    town.place.damage("UPDATE campaigns SET turn = 0").await;
    assert_eq!(look(&reading), ["a turn is behind its log"]);
    town.place
        .damage("ALTER TABLE tallies DROP COLUMN day")
        .await;
    let found = look(&reading);
    assert!(
        found.contains(&"the log does not give what is kept"),
        "{found:?}"
    );
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_database_is_left_to_its_own_tools() {
    let (town, ..) = crate::keeping::lived_in().await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    let (code, said, error) = run(&["backup", to.to_str().unwrap(), "--store", url(&town)]);
    assert_eq!((code, said.as_str()), (Some(2), ""));
    assert!(
        error.contains("pg_basebackup") && error.contains("pg_dump"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
    assert!(!to.exists());
}

#[ignore = "told by the_same_stories_hold_over_postgresql"]
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_counted_and_erased_from_every_table() {
    let (town, organiser, _) = crate::keeping::lived_in().await;
    crate::packs::put_pack(&town, &organiser, vec![7; 3 << 20]).await;
    let before = palier_relay::stats(&town.store()).unwrap();
    let [counted] = before.campaigns.as_slice() else {
        panic!("{before:?}")
    };
    assert_eq!((counted.envelopes, counted.pack_bytes), (16, 3 << 20));
    assert_eq!(counted.spaces.len(), 3);
    let receipt = palier_relay::purge(&town.store(), &campaign(), &Clock::machine()).unwrap();
    assert_eq!(receipt.erased["log"], 16);
    assert!(receipt.erased["pack_parts"] == 3 && receipt.erased["tallies"] > 0);
    let after = palier_relay::stats(&town.store()).unwrap();
    assert_eq!(after.campaigns, []);
    // Whatever the schema holds: no table has a line but those that know no campaign.
    let db = connect(url(&town)).await;
    let tables = "SELECT relname FROM pg_class WHERE relkind = 'r'
                  AND relnamespace = 'public'::regnamespace";
    for row in db.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let count = format!("SELECT count(*) FROM {table}");
        let lines: i64 = db.query_one(&count, &[]).await.unwrap().get(0);
        let knows_none = ["relay", "steps"].contains(&table.as_str());
        assert_eq!(lines != 0, knows_none, "{table}");
    }
}
