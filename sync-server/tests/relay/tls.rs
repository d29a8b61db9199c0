//! The way to a PostgreSQL on another machine, as its address wants it guarded.

use palier_cluster::{Cluster, NOT_DURABLE};
use palier_core::rights::{Role, Scope};

use crate::{
    actors::TEAM,
    check::look,
    events::{at, heard, listen},
    place::Place,
    program::run,
    town::Town,
};

/// The name in the certificate of the server.
const NAME: &str = "localhost";

/// How many connections of relays there are to a database, with TLS and without.
fn connections(cluster: &Cluster, database: &str) -> (usize, usize) {
    let sql = format!(
        "SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl)
         FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE application_name = 'palier-relay' AND datname = '{database}'"
    );
    let counted = cluster.primary().query("postgres", &sql).unwrap();
    let (with, without) = counted.trim().split_once('|').unwrap();
    (with.parse().unwrap(), without.parse().unwrap())
}

/// A new database of a cluster.
fn database(cluster: &Cluster) -> String {
    let url = cluster.database().unwrap();
    url.rsplit_once('/').unwrap().1.to_owned()
}

/// What the program says of a store, which is one line, and how it ends.
fn said(store: &str) -> (Option<i32>, String) {
    let (code, said, error) = run(&["incarnation", "--store", store]);
    assert_eq!(said.lines().count() + error.lines().count(), 1, "{error}");
    assert!(!error.contains("geheim"), "{error}");
    (code, error)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_is_guarded_as_the_address_says() {
    let cluster = Cluster::start_with_tls(NAME).unwrap();
    let authority = cluster.authority().unwrap();
    let authority = authority.display();
    for guarded in [
        "sslmode=require".to_owned(),
        format!("sslmode=verify-full&sslrootcert={authority}"),
        format!("sslrootcert={authority}&sslmode=require&connect_timeout=5"),
    ] {
        let name = database(&cluster);
        let url = cluster.primary().url_at(NAME, &name);
        let place = Place::at(format!("{url}?{guarded}"));
        let (town, organiser) = Town::begun_at(place).await;
        let other = town.neighbour().await;
        // Those that read and write, and the one of each that hears of others.
        let mut hears = listen(&other, &organiser, &[TEAM.space()]).await;
        let scope = Scope::Team(TEAM);
        let mut merle = town.appoint(&organiser, 20, Role::Volunteer, scope).await;
        let shift = merle.shift(TEAM.space(), 3);
        other.push_all(&merle, [shift]).await;
        let head = town.pull(&organiser, TEAM.space(), 0).await.head;
        while heard(&mut hears).await != at(TEAM.space(), head) {}
        assert_eq!(look(&town.store()), [""; 0]);
        let (with, without) = connections(&cluster, &name);
        assert!(with >= 4 && without == 0, "{guarded}: {with}, {without}");
    }
}

#[test]
fn who_is_not_the_server_that_was_meant_is_refused_with_a_line() {
    let cluster = Cluster::start_with_tls(NAME).unwrap();
    let authority = cluster.authority().unwrap();
    let authority = authority.display();
    let name = database(&cluster);
    let at = |host: &str, words: &str| {
        let url = cluster.primary().url_at(host, &name);
        said(&format!("{}?{words}", url.replace('@', ":geheim@")))
    };
    let verified = format!("sslmode=verify-full&sslrootcert={authority}");
    assert_eq!(at(NAME, &verified), (Some(0), String::new()));
    for (host, words, expected) in [
        // Another name than that of the certificate.
        ("127.0.0.1", verified.as_str(), "not valid for name"),
        // Authorities of the system, which do not know ours; or there are none.
        (NAME, "sslmode=verify-full", ""),
        (
            NAME,
            "sslmode=verify-full&sslrootcert=/dev/null",
            "no authority",
        ),
        (
            NAME,
            "sslmode=verify-full&sslrootcert=/nowhere",
            "no file of certificates",
        ),
        (
            NAME,
            "sslmode=verify-ca",
            "sslmode is disable, require or verify-full",
        ),
    ] {
        let (code, line) = at(host, words);
        assert_eq!(code, Some(1), "{words}");
        assert!(line.contains(expected), "{words}: {line}");
    }
}

#[test]
fn a_server_without_tls_is_refused_where_tls_was_asked_for() {
    let cluster = Cluster::start(NOT_DURABLE).unwrap();
    let name = database(&cluster);
    let url = cluster.primary().url(&name);
    let (code, line) = said(&format!("{url}?sslmode=require"));
    assert_eq!(code, Some(1));
    assert!(line.contains("server does not support TLS"), "{line}");
    assert_eq!(said(&url), (Some(0), String::new()));
}
