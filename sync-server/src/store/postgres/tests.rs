//! The plans of what is asked all day, as PostgreSQL keeps them.

use palier_cluster::{Cluster, NOT_DURABLE};
use palier_core::moment::Moment;

use super::{Postgres, known, load, pull, reports, requests, save, totals, write};
use crate::store::Store;

/// The plan of a statement for values that are not known yet.
async fn plan(db: &tokio_postgres::Client, sql: &str) -> String {
    let most = (1..=20)
        .rev()
        .find(|number| sql.contains(&format!("${number}")));
    let values = vec!["NULL"; most.unwrap()].join(", ");
    db.batch_execute(&format!("DEALLOCATE ALL; PREPARE asked AS {sql}"))
        .await
        .unwrap();
    let found = db
        .simple_query(&format!("EXPLAIN EXECUTE asked ({values})"))
        .await
        .unwrap();
    let lines = found.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_is_asked_all_day_goes_by_keys() {
    let cluster = Cluster::start(NOT_DURABLE).unwrap();
    let url = cluster.database().unwrap().parse().unwrap();
    let store = Postgres::open(&url, Default::default(), Moment(0))
        .await
        .unwrap();
    let db = store.desk.connections.get().await.unwrap();
    // Values that are not known belong to no part of the log: all of them are shown.
    let shown = "SET plan_cache_mode = force_generic_plan; SET enable_partition_pruning = off";
    db.batch_execute(shown).await.unwrap();
    let asked = [
        known::STANDING,
        load::HEADS,
        load::HERE,
        load::STANDINGS,
        load::REVOKED,
        load::ENTRIES,
        load::INVITATIONS,
        load::REDEEMED,
        load::MEMBERS,
        load::LIMITS,
        load::REPORTS,
        load::REQUESTS,
        pull::PAGE,
        pull::OWN_PAGE,
        pull::HEADS,
        requests::WAITING,
        save::ADVANCES,
        reports::FORGET_EMPTY,
        totals::SUMS,
        totals::TURNOUT,
        write::LOCK,
    ];
    for sql in asked {
        let plan = plan(&db, sql).await;
        // The store's one line about itself is read as it is.
        let plan = plan.replace("Seq Scan on relay", "");
        assert!(plan.contains("Index"), "{sql}\n{plan}");
        assert!(!plan.contains("Seq Scan"), "{sql}\n{plan}");
    }
    // A log is in the order of its keys already: a page is not sorted, and ends where it is full.
    for sql in [pull::PAGE, pull::OWN_PAGE] {
        let plan = plan(&db, sql).await;
        let (_, log) = plan.split_once("WindowAgg").unwrap();
        assert!(log.contains("Index") && !log.contains("->  Sort"), "{plan}");
    }
    drop(db);
    store.close().await;
}
