//! The stream that says where each space is.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use palier_core::{
    id::SpaceId,
    moment::Millis,
    rights::{Role, Scope},
    wire::{Heads, Page},
};
use tower::ServiceExt;

use crate::{
    actors::{Device, TEAM, campaign},
    reports::report,
    town::Town,
};

/// Long enough to be sure that a stream hangs; never waited for otherwise.
const HANGS: Duration = Duration::from_secs(20);

pub(crate) async fn listen(town: &Town, device: &Device, spaces: &[SpaceId]) -> BodyDataStream {
    let spaces: Vec<_> = spaces.iter().map(SpaceId::to_string).collect();
    listen_to(town, device, &spaces.join(",")).await
}

async fn listen_to(town: &Town, device: &Device, spaces: &str) -> BodyDataStream {
    let path = format!("/v1/events?spaces={spaces}");
    let request = town.request("GET", &path, Some(device), Vec::new());
    let response = town.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Body::into_data_stream(response.into_body())
}

pub(crate) async fn heard(stream: &mut BodyDataStream) -> Option<String> {
    let next = tokio::time::timeout(HANGS, stream.next()).await.unwrap()?;
    Some(String::from_utf8(next.unwrap().to_vec()).unwrap())
}

pub(crate) fn at(space: SpaceId, head: u64) -> Option<String> {
    Some(format!(
        "data: {{\"space\":\"{space}\",\"head\":{head}}}\n\n"
    ))
}

#[tokio::test]
async fn a_stream_says_where_a_space_has_come_to() {
    let (town, mut organiser) = Town::begun().await;
    let (team, reports) = (TEAM.space(), campaign().reports_space());
    let mut stream = listen(&town, &organiser, &[team, reports]).await;
    for head in 2..5 {
        let shift = organiser.shift(team, 3);
        town.push_all(&organiser, [shift]).await;
        // Nothing came before: what stood there already is not news.
        assert_eq!(heard(&mut stream).await, at(team, head));
    }
    let envelope = organiser.reports(&report(None, &[("1251", 3, 1)]));
    town.push_all(&organiser, [envelope]).await;
    assert_eq!(heard(&mut stream).await, at(reports, 2));
}

#[tokio::test]
async fn what_came_between_a_pull_and_the_stream_is_said_at_once() {
    let (town, organiser) = Town::begun().await;
    let (team, space) = (TEAM.space(), campaign().space());
    let read = format!("{space}.1,{team}.0");
    let mut stream = listen_to(&town, &organiser, &read).await;
    assert_eq!(heard(&mut stream).await, at(team, 1));
    let path = format!("/v1/events?spaces={team}.x");
    let fault = town.get(&path, Some(&organiser)).await.fault();
    assert_eq!(fault, (400, "malformed".into()));
}

#[tokio::test]
async fn one_question_says_where_several_logs_have_come_to() {
    let (town, mut organiser) = Town::begun().await;
    let (team, space) = (TEAM.space(), campaign().space());
    let shift = organiser.shift(team, 3);
    town.push_all(&organiser, [shift]).await;
    let nowhere = SpaceId([9; 16]);
    let path = format!("/v1/heads?spaces={space},{team},{nowhere}");
    let said: Heads = town.get(&path, Some(&organiser)).await.json();
    assert_eq!(said.heads, [1, 2, 0]);
    let path = format!("/v1/pull?space={team}&after=2");
    let page = Page::decode(&town.get(&path, Some(&organiser)).await.body).unwrap();
    assert_eq!(said.incarnation, page.incarnation.to_string());
}

#[tokio::test]
async fn a_slow_listener_hears_only_the_newest() {
    let (town, mut organiser) = Town::begun().await;
    let team = TEAM.space();
    let mut stream = listen(&town, &organiser, &[team]).await;
    for size in 0..50 {
        let shift = organiser.shift(team, size);
        town.push_all(&organiser, [shift]).await;
    }
    assert_eq!(heard(&mut stream).await, at(team, 51));
}

#[tokio::test]
async fn the_stream_of_a_revoked_device_ends() {
    let (town, mut organiser) = Town::begun().await;
    let team = || Scope::Team(TEAM);
    let merle = town.appoint(&organiser, 10, Role::Volunteer, team()).await;
    let pinson = town.appoint(&organiser, 11, Role::Volunteer, team()).await;
    let mut of_merle = listen(&town, &merle, &[TEAM.space()]).await;
    let mut of_pinson = listen(&town, &pinson, &[TEAM.space()]).await;
    let revocation = organiser.revocation(TEAM.space(), merle.id());
    town.push_all(&organiser, [revocation]).await;
    assert_eq!(heard(&mut of_merle).await, None);
    assert_eq!(heard(&mut of_pinson).await, at(TEAM.space(), 4));
}

#[tokio::test]
async fn only_organisers_hear_of_the_reports() {
    let (town, organiser) = Town::begun().await;
    let mut merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let spaces = [campaign().reports_space(), TEAM.space()];
    let mut stream = listen(&town, &merle, &spaces).await;
    let envelope = merle.reports(&report(Some(TEAM), &[("1251", 3, 1)]));
    let shift = merle.shift(TEAM.space(), 3);
    town.push_all(&merle, [envelope]).await;
    town.push_all(&merle, [shift]).await;
    assert_eq!(heard(&mut stream).await, at(TEAM.space(), 3));
}

#[tokio::test]
async fn the_stream_of_a_device_whose_rights_ended_says_nothing_more() {
    let (town, mut organiser) = Town::begun().await;
    let lasting = Scope::Team(TEAM);
    let merle = town.appoint(&organiser, 10, Role::Volunteer, lasting).await;
    let mut of_merle = listen(&town, &merle, &[TEAM.space()]).await;
    let shift = organiser.shift(TEAM.space(), 3);
    town.push_all(&organiser, [shift]).await;
    assert_eq!(heard(&mut of_merle).await, at(TEAM.space(), 3));
    // The organiser's own certificate is renewed with a later end, hers is not.
    organiser.chain = Device::renewed_organiser(1, Millis::days(60)).chain;
    let renewal = organiser.introduction(TEAM.space());
    town.push_all(&organiser, [renewal]).await;
    assert_eq!(heard(&mut of_merle).await, at(TEAM.space(), 4));
    let mut of_organiser = listen(&town, &organiser, &[TEAM.space()]).await;
    town.wait(Millis::days(31));
    let shift = organiser.shift(TEAM.space(), 3);
    town.push_all(&organiser, [shift]).await;
    assert_eq!(heard(&mut of_merle).await, None);
    assert_eq!(heard(&mut of_organiser).await, at(TEAM.space(), 5));
}

#[tokio::test]
async fn a_silent_stream_shows_that_it_lives_and_ends_with_the_rights() {
    let (town, organiser) = Town::begun().await;
    let team = || Scope::Team(TEAM);
    let merle = town.appoint(&organiser, 10, Role::Volunteer, team()).await;
    let mut stream = listen(&town, &merle, &[TEAM.space()]).await;
    // Only timers are left: they pass as fast as they are waited for.
    tokio::time::pause();
    let alive = Some(":\n\n".to_owned());
    assert_eq!(silence(&mut stream).await, alive);
    town.wait(Millis::days(30));
    assert_eq!(silence(&mut stream).await, alive);
    town.wait(Millis(1));
    assert_eq!(silence(&mut stream).await, None);
}

/// What comes when nothing happens for as long as it takes.
async fn silence(stream: &mut BodyDataStream) -> Option<String> {
    let next = stream.next().await?;
    Some(String::from_utf8(next.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_device_that_listens_once_more_ends_its_oldest_stream() {
    let (town, mut organiser) = Town::begun().await;
    let team = TEAM.space();
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(listen(&town, &organiser, &[team]).await);
    }
    assert_eq!(heard(&mut streams[0]).await, None);
    let shift = organiser.shift(team, 3);
    town.push_all(&organiser, [shift]).await;
    for stream in &mut streams[1..] {
        assert_eq!(heard(stream).await, at(team, 2));
    }
    let (_, metrics) = town.admin("/metrics").await;
    assert!(metrics.contains("palier_ended_streams_total{why=\"newer\"} 1\n"));
    drop(streams);
    let (_, metrics) = town.admin("/metrics").await;
    assert!(metrics.contains("palier_streams 0\n"));
}
