//! Territory packs: kept whole, downloaded whole or from where it was cut.

use axum::http::header;
use palier_core::rights::{Role, Scope};
use sha2::{Digest, Sha256};

use crate::{
    actors::{Device, TEAM},
    town::{Answer, Town},
};

fn pack() -> Vec<u8> {
    (0..2_500_000_u32).map(|at| at.to_le_bytes()[1]).collect()
}

pub(crate) fn pack_path(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    format!("/v1/packs/{}", data_encoding::HEXLOWER.encode(&hash))
}

/// An organiser's pack, kept.
pub(crate) async fn put_pack(town: &Town, organiser: &Device, bytes: Vec<u8>) {
    let answer = put(town, organiser, &pack_path(&bytes), bytes).await;
    assert_eq!(answer.status.as_u16(), 204);
}

async fn put(town: &Town, device: &Device, path: &str, bytes: Vec<u8>) -> Answer {
    town.answer(town.request("PUT", path, Some(device), bytes))
        .await
}

#[tokio::test]
async fn a_pack_comes_back_whole_and_resumes_where_it_was_cut() {
    let (town, organiser) = Town::begun().await;
    let merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let bytes = pack();
    let path = pack_path(&bytes);
    for _ in 0..2 {
        let answer = put(&town, &organiser, &path, bytes.clone()).await;
        assert_eq!(answer.status.as_u16(), 204);
    }
    let whole = town.get(&path, Some(&merle)).await;
    assert_eq!((whole.status.as_u16(), whole.body == bytes), (200, true));
    assert_eq!(whole.headers[header::CONTENT_LENGTH], "2500000");
    for start in [0, 1, 1 << 20, (1 << 20) + 7, 2_499_999] {
        let mut request = town.request("GET", &path, Some(&merle), Vec::new());
        let range = format!("bytes={start}-").parse().unwrap();
        request.headers_mut().insert(header::RANGE, range);
        let rest = town.answer(request).await;
        assert_eq!(rest.status.as_u16(), 206);
        assert!(rest.body == bytes[start..], "from {start}");
        let range = format!("bytes {start}-2499999/2500000");
        assert_eq!(rest.headers[header::CONTENT_RANGE], range.as_str());
    }
    for (first, last) in [
        (0, 0),
        (5, (1 << 20) + 9),
        (1 << 20, 2_499_999),
        (9, 1 << 40),
    ] {
        let mut request = town.request("GET", &path, Some(&merle), Vec::new());
        let range = format!("bytes={first}-{last}").parse().unwrap();
        request.headers_mut().insert(header::RANGE, range);
        let part = town.answer(request).await;
        let last = last.min(2_499_999);
        assert_eq!(part.status.as_u16(), 206);
        assert!(part.body == bytes[first..=last], "from {first} to {last}");
        let range = format!("bytes {first}-{last}/2500000");
        assert_eq!(part.headers[header::CONTENT_RANGE], range.as_str());
        let length = (last + 1 - first).to_string();
        assert_eq!(part.headers[header::CONTENT_LENGTH], length.as_str());
    }
    let mut request = town.request("GET", &path, Some(&merle), Vec::new());
    let range = "bytes=2500000-".parse().unwrap();
    request.headers_mut().insert(header::RANGE, range);
    let beyond = town.answer(request).await;
    assert_eq!(beyond.status.as_u16(), 416);
    assert_eq!(beyond.headers[header::CONTENT_RANGE], "bytes */2500000");
}

#[tokio::test]
async fn only_organisers_keep_packs_and_only_under_their_hash() {
    let (town, organiser) = Town::begun().await;
    let lead = town
        .appoint(&organiser, 10, Role::Lead, Scope::Team(TEAM))
        .await;
    let bytes = pack();
    let refused = put(&town, &lead, &pack_path(&bytes), bytes.clone()).await;
    assert_eq!(refused.fault(), (403, "not_allowed".into()));
    let refused = put(&town, &organiser, &pack_path(b"autre"), bytes.clone()).await;
    assert_eq!(refused.fault(), (400, "malformed".into()));
    let refused = put(&town, &organiser, "/v1/packs/zz", Vec::new()).await;
    assert_eq!(refused.fault(), (400, "malformed".into()));
    let absent = town.get(&pack_path(&bytes), Some(&lead)).await;
    assert_eq!(absent.fault(), (404, "not_found".into()));
}
