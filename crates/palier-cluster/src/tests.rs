use std::fs;

use super::{Cluster, DURABLE, NOT_DURABLE};

/// The command line of a server's process; one that has ended has none.
fn command_line(process: &str) -> String {
    fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default()
}

#[test]
fn a_cluster_is_gone_when_it_is_dropped() {
    let cluster = Cluster::start(NOT_DURABLE).unwrap();
    let folder = cluster.place.folder.clone();
    let first = cluster.database().unwrap();
    let second = cluster.database().unwrap();
    assert_ne!(first, second);
    let counted = cluster.primary().query("relay_1", "SELECT 1 + 1").unwrap();
    assert_eq!(counted.trim(), "2");
    let file = fs::read_to_string(folder.join("primary/postmaster.pid")).unwrap();
    let process = file.lines().next().unwrap();
    assert!(command_line(process).contains("postgres"));
    drop(cluster);
    assert!(!folder.exists());
    assert!(!command_line(process).contains("postgres"));
}

#[test]
fn a_replica_holds_what_was_committed_before_the_primary_was_killed() {
    let cluster = Cluster::start(DURABLE).unwrap();
    let replica = cluster.synchronous_replica("second").unwrap();
    let sql = "CREATE TABLE doors (number integer); INSERT INTO doors VALUES (12)";
    cluster.primary().query("postgres", sql).unwrap();
    cluster.primary().kill().unwrap();
    replica.promote().unwrap();
    let found = replica.query("postgres", "SELECT number FROM doors");
    assert_eq!(found.unwrap().trim(), "12");
    replica
        .query("postgres", "INSERT INTO doors VALUES (14)")
        .unwrap();
}
