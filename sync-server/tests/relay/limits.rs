//! What one device may ask for, and what it cannot take from others.

use palier_core::{
    moment::Millis,
    rights::{Role, Scope},
    wire::write_push,
};
use palier_relay::{Limits, Rate};

use crate::{
    actors::{Device, TEAM, campaign},
    town::Town,
};

/// Limits that a test reaches soon. The organiser's beginning takes one request and a few
/// kilobytes of strangers.
fn small() -> Limits {
    Limits {
        device: Rate {
            requests: 5,
            requests_per_s: 1,
            bytes: 20_000,
            bytes_per_s: 1_000,
        },
        strangers: Rate {
            requests: 8,
            requests_per_s: 1,
            bytes: 20_000,
            bytes_per_s: 1_000,
        },
        ..Limits::default()
    }
}

fn pull() -> String {
    format!("/v1/pull?space={}", TEAM.space())
}

async fn status(town: &Town, device: &Device) -> u16 {
    town.get(&pull(), Some(device)).await.status.as_u16()
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_told_when_to_come_back() {
    let (town, organiser) = Town::begun_with(small()).await;
    let merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    for _ in 0..5 {
        assert_eq!(status(&town, &merle).await, 200);
    }
    let answer = town.get(&pull(), Some(&merle)).await;
    assert_eq!(answer.fault(), (429, "slow_down".into()));
    assert_eq!(answer.headers["retry-after"], "1");
    // Others of the same team and behind the same address go on.
    assert_eq!(status(&town, &organiser).await, 200);
    town.wait(Millis::seconds(1));
    assert_eq!(status(&town, &merle).await, 200);
    assert_eq!(status(&town, &merle).await, 429);
    let (_, metrics) = town.admin("/metrics").await;
    assert!(metrics.contains("palier_limit_refusals_total{limit=\"device_requests\"} 2\n"));
}

#[tokio::test]
async fn bytes_are_counted_both_ways_and_nothing_that_was_granted_is_lost() {
    let (town, mut organiser) = Town::begun_with(small()).await;
    let large = organiser.shift(TEAM.space(), 50_000);
    town.push_all(&organiser, [large]).await;
    let next = organiser.shift(TEAM.space(), 3);
    let body = write_push([next.as_slice()]);
    let answer = town.post(Some(&organiser), body.clone()).await;
    assert_eq!(answer.fault(), (429, "slow_down".into()));
    let wait_s = answer.headers["retry-after"].to_str().unwrap();
    let wait_s: u32 = wait_s.parse().unwrap();
    assert!((25..40).contains(&wait_s), "{wait_s}");
    town.wait(Millis::seconds(wait_s));
    let answer = town.post(Some(&organiser), body).await;
    assert_eq!(answer.status.as_u16(), 200);
    // A page is sent whole, and waited for afterwards.
    town.wait(Millis::seconds(60));
    assert_eq!(status(&town, &organiser).await, 200);
    assert_eq!(status(&town, &organiser).await, 429);
}

#[tokio::test]
async fn nobody_spends_a_budget_in_the_name_of_another() {
    let (town, organiser) = Town::begun_with(small()).await;
    for _ in 0..20 {
        let mut forged = town.request("GET", &pull(), Some(&organiser), Vec::new());
        *forged.uri_mut() = format!("{}&after=1", pull()).parse().unwrap();
        assert_eq!(town.answer(forged).await.status.as_u16(), 401);
    }
    assert_eq!(status(&town, &organiser).await, 200);
}

#[tokio::test]
async fn strangers_share_one_budget_and_members_do_not_feel_it() {
    let (town, organiser) = Town::begun_with(small()).await;
    let mut granted = 0;
    for seed in 100..120 {
        let stranger = organiser.appoint(seed, Role::Volunteer, Scope::Team(TEAM));
        let answer = town.get(&pull(), Some(&stranger)).await;
        match answer.fault() {
            (403, code) if code == "unknown_device" => granted += 1,
            (429, code) if code == "slow_down" => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((1..=8).contains(&granted), "{granted}");
    let invitation = format!("/v1/invitations/{}?campaign={}", organiser.id(), campaign());
    assert_eq!(town.get(&invitation, None).await.fault().0, 429);
    assert_eq!(status(&town, &organiser).await, 200);
    // Whoever joins comes in once the strangers are gone.
    town.wait(Millis::seconds(10));
    town.appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
}

#[tokio::test]
async fn a_stream_tells_of_so_many_spaces() {
    let limits = Limits {
        spaces: 3,
        ..Limits::default()
    };
    let (town, organiser) = Town::begun_with(limits).await;
    let space = TEAM.space().to_string();
    let spaces = |count| vec![space.as_str(); count].join(",");
    let path = format!("/v1/events?spaces={}", spaces(4));
    let fault = town.get(&path, Some(&organiser)).await.fault();
    assert_eq!(fault, (413, "too_large".into()));
}

#[tokio::test]
async fn a_long_saturday_never_meets_a_limit() {
    let (town, organiser) = Town::begun().await;
    let mut merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    // A phone that comes home with ten outings of 200 visits, one envelope each.
    for _ in 0..10 {
        let visits: Vec<_> = (0..200).map(|_| merle.shift(TEAM.space(), 250)).collect();
        town.push_all(&merle, visits).await;
        assert_eq!(status(&town, &merle).await, 200);
    }
}
