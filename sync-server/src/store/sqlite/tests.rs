//! The schema file, the plans of hot queries, and what one commit holds.

use rusqlite::Connection;

use super::{load, open, pull, reports, requests, totals};

const SCHEMA: &str = include_str!("../../../../migrations/relay.schema.sql");

fn store() -> Connection {
    open::scratch(palier_core::moment::Moment(0)).unwrap()
}

/// Statements without comments and with single spaces.
fn normal(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap());
    let words: Vec<_> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

#[test]
fn the_schema_file_is_the_schema() {
    let db = store();
    let mut found: Vec<String> = db
        .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .map(|sql| normal(&sql.unwrap()))
        .collect();
    let whole = normal(SCHEMA);
    let statements = whole.split(';').map(str::trim);
    let mut written: Vec<_> = statements.filter(|sql| !sql.is_empty()).collect();
    found.sort_unstable();
    written.sort_unstable();
    assert_eq!(found, written);
}

#[test]
fn every_column_of_the_schema_file_has_its_comment() {
    let columns = SCHEMA.lines().filter(|line| line.contains(" NOT NULL"));
    let bare: Vec<_> = columns.filter(|line| !line.contains("-- ")).collect();
    assert_eq!(bare, [""; 0]);
}

fn plan(db: &Connection, sql: &str) -> String {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    for parameter in 1..=statement.parameter_count() {
        statement.raw_bind_parameter(parameter, 1).unwrap();
    }
    let mut found = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = found.next().unwrap() {
        lines.push(row.get::<_, String>(3).unwrap());
    }
    lines.join("; ")
}

#[test]
fn hot_queries_search_and_never_scan_or_sort() {
    let db = store();
    for sql in [
        load::HERE,
        load::AT_PLACE,
        load::MEMBERS,
        load::USED,
        load::LIMIT,
        load::ASKED,
        requests::WAITING,
        pull::PAGE,
        pull::OWN_PAGE,
        pull::OWN_HEAD,
        totals::SUMS,
        totals::TURNOUT,
        reports::FORGET_EMPTY,
    ] {
        let plan = plan(&db, sql);
        assert!(plan.contains("SEARCH"), "{sql}\n{plan}");
        assert!(!plan.contains("SCAN"), "{sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE FOR ORDER"), "{sql}\n{plan}");
    }
}

#[test]
fn the_writer_s_connection_is_durable_and_the_readers_only_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let writer = open::to_write(&path, palier_core::moment::Moment(0)).unwrap();
    let pragma = |db: &Connection, name: &str| {
        db.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .unwrap()
    };
    assert_eq!(pragma(&writer, "journal_mode"), "wal".to_owned().into());
    assert_eq!(pragma(&writer, "synchronous"), 3.into());
    assert_eq!(pragma(&writer, "foreign_keys"), 1.into());
    assert_eq!(pragma(&writer, "temp_store"), 2.into());
    let reader = open::to_read(&path).unwrap();
    assert!(reader.execute("DELETE FROM log", []).is_err());
}

#[test]
fn an_invitation_of_before_names_its_team() {
    use palier_core::{
        certificate::{Certificate, Chain, Grant, Issued},
        id::TeamId,
        invitation::{Invitation, InvitationRecord, InvitationSecret, Offer, Policy},
        key::Secret,
        moment::Moment,
        rights::{Role, Scope},
    };

    let (root, secret) = (Secret::from_seed(&[1; 32]), InvitationSecret([2; 16]));
    let (team, end) = (TeamId([7; 16]), Moment(9));
    let grant = Grant {
        campaign: root.campaign(),
        subject: root.device(),
        receive: root.receive_key(),
        role: Role::Organiser,
        scope: Scope::Campaign,
        not_after: end,
        issued: Issued::By(root.device()),
    };
    let offer = Offer {
        role: Role::Volunteer,
        scope: Scope::Team(team),
        policy: Policy::Open,
        uses: 1,
        limit: 12,
        expires: end,
        rights_until: end,
    };
    let record = InvitationRecord {
        invitation: Invitation::sign(root.campaign(), &secret, offer, &root),
        issuer: Chain::of_organiser(Certificate::sign(grant, &root)),
        campaign_name: "Campagne".into(),
        team_name: "Équipe".into(),
        keys: Vec::new(),
    };
    let db = Connection::open_in_memory().unwrap();
    for step in &open::MIGRATIONS[..2] {
        db.execute_batch(step).unwrap();
    }
    db.execute(
        "INSERT INTO invitations (campaign, key, issuer, approved, uses, member_limit, expires,
                                  record) VALUES (x'01', x'02', x'03', 0, 1, 12, 9, ?1)",
        [record.encode()],
    )
    .unwrap();
    db.execute_batch(open::MIGRATIONS[2]).unwrap();
    let found: Vec<u8> = db
        .query_row("SELECT team FROM invitations", [], |row| row.get(0))
        .unwrap();
    assert_eq!(found, team.0);
}

#[test]
fn reports_of_before_are_added_up() {
    let db = Connection::open_in_memory().unwrap();
    for step in &open::MIGRATIONS[..4] {
        db.execute_batch(step).unwrap();
    }
    let lines = "VALUES (x'01', x'02', '1251', '2026-03-15', x'07', 1, 2, 3, 4, 5, 6, 7, 8),
                        (x'01', x'02', '-', '2026-03-15', x'07', 1, 1, 1, 1, 1, 1, 1, 1),
                        (x'01', x'03', '1251', '2026-03-16', x'', 9, 0, 0, 0, 0, 0, 0, 0)";
    db.execute_batch(&format!(
        "PRAGMA foreign_keys = OFF; INSERT INTO tallies {lines}; {}",
        open::MIGRATIONS[4]
    ))
    .unwrap();
    let mut found = db
        .prepare("SELECT along, key, lines, absent, leaflets FROM sums ORDER BY along, key")
        .unwrap();
    let found = found.query_map([], |row| {
        let name: (String, String) = (row.get(0)?, row.get(1)?);
        let counts: [i64; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
        Ok((name.0, name.1, counts))
    });
    let found: Vec<_> = found.unwrap().collect::<Result<_, _>>().unwrap();
    let line = |along: &str, key: &str, counts| (along.to_owned(), key.to_owned(), counts);
    assert_eq!(
        found,
        [
            line("day", "2026-03-15", [2, 2, 9]),
            line("day", "2026-03-16", [1, 9, 0]),
            line("station", "-", [1, 1, 1]),
            line("station", "1251", [2, 10, 8]),
            line("team", "", [1, 9, 0]),
            line("team", "07", [2, 2, 9]),
        ]
    );
}
