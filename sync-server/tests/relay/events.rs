//! The stream that says where each space is.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use palier_core::{
    id::SpaceId,
    rights::{Role, Scope},
};
use tower::ServiceExt;

use crate::{
    actors::{Device, TEAM, campaign},
    town::Town,
};

/// Long enough to be sure that a stream hangs; never waited for otherwise.
const HANGS: Duration = Duration::from_secs(20);

async fn listen(town: &Town, device: &Device, spaces: &[SpaceId]) -> BodyDataStream {
    let spaces: Vec<_> = spaces.iter().map(SpaceId::to_string).collect();
    let path = format!("/v1/events?spaces={}", spaces.join(","));
    let request = town.request("GET", &path, Some(device), Vec::new());
    let response = town.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Body::into_data_stream(response.into_body())
}

async fn heard(stream: &mut BodyDataStream) -> Option<String> {
    let next = tokio::time::timeout(HANGS, stream.next()).await.unwrap()?;
    Some(String::from_utf8(next.unwrap().to_vec()).unwrap())
}

fn at(space: SpaceId, head: u64) -> Option<String> {
    Some(format!(
        "data: {{\"space\":\"{space}\",\"head\":{head}}}\n\n"
    ))
}

#[tokio::test]
async fn a_stream_says_where_spaces_are_and_come_to() {
    let (town, mut organiser) = Town::begun().await;
    let (team, reports) = (TEAM.space(), campaign().reports_space());
    let mut stream = listen(&town, &organiser, &[team, reports]).await;
    assert_eq!(heard(&mut stream).await, at(team, 1));
    assert_eq!(heard(&mut stream).await, at(reports, 1));
    let shift = organiser.shift(team, 3);
    town.push_all(&organiser, [shift]).await;
    assert_eq!(heard(&mut stream).await, at(team, 2));
}

#[tokio::test]
async fn a_slow_listener_hears_only_the_newest() {
    let (town, mut organiser) = Town::begun().await;
    let team = TEAM.space();
    let mut stream = listen(&town, &organiser, &[team]).await;
    assert_eq!(heard(&mut stream).await, at(team, 1));
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
    assert_eq!(heard(&mut of_merle).await, at(TEAM.space(), 3));
    assert_eq!(heard(&mut of_pinson).await, at(TEAM.space(), 3));
    let revocation = organiser.revocation(TEAM.space(), merle.id());
    town.push_all(&organiser, [revocation]).await;
    assert_eq!(heard(&mut of_merle).await, None);
    assert_eq!(heard(&mut of_pinson).await, at(TEAM.space(), 4));
}

#[tokio::test]
async fn only_organisers_hear_of_the_reports() {
    let (town, organiser) = Town::begun().await;
    let merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let reports = campaign().reports_space();
    let mut stream = listen(&town, &merle, &[reports, TEAM.space()]).await;
    assert_eq!(heard(&mut stream).await, at(TEAM.space(), 2));
}
