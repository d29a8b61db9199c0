//! A small corpus to begin with, which our own code writes: `SEEDS=folder`.

mod packs;

use std::{fs, io, path::Path};

use palier_core::{
    demo,
    document::{Actor, Document, batch, shift, turf},
    envelope::{Envelope, Kind},
    id::{CampaignId, DocumentId, Incarnation, VisitId},
    key::Secret,
    moment::Moment,
    outcome::Outcome,
    territory::pack,
    visit::{Entry, Visit},
    wire::{Asked, Page, Proof, PushAnswer, Pushed, write_push},
};

use crate::{
    session::{self, Session},
    targets::DEVICE,
};

/// The longest seed: what is longer is cut, which is a seed as well.
const MOST_BYTES: usize = 4_096;

/// Writes every seed into a folder a target.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    let Session {
        link, envelopes, ..
    } = session::begin();
    let mut seeds: Vec<(&str, Vec<u8>)> = Vec::new();
    for bytes in &envelopes {
        let envelope = Envelope::decode(bytes).unwrap();
        let body = envelope.body;
        match envelope.header.kind {
            Kind::Certificate => seeds.push(("certificate", body)),
            Kind::Invitation => seeds.push(("invitation", body)),
            Kind::Campaign => seeds.push(("changes", [vec![8], body].concat())),
            Kind::Report => seeds.push(("changes", [vec![6], body].concat())),
            _ => {}
        }
        seeds.push(("envelope", bytes.clone()));
    }
    seeds.push(("invitation", link.into_bytes()));
    seeds.extend(changes().map(|seed| ("changes", seed)));
    let few = &envelopes[..3];
    seeds.push(("wire", write_push(few.iter().map(Vec::as_slice))));
    let page = Page {
        incarnation: Incarnation([1; 16]),
        head: 9,
        entries: (1..).zip(few.iter().cloned()).collect(),
    };
    seeds.push(("wire", page.encode()));
    seeds.push(("wire", answer()));
    seeds.push(("request", proof().into_bytes()));
    seeds.extend(bundles(envelopes.len()).map(|seed| ("bundle", seed)));
    seeds.extend(files());
    seeds.extend(packs::packs().into_iter().map(|seed| ("pack", seed)));
    for (number, (target, bytes)) in seeds.iter().enumerate() {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
        fs::write(folder.join(format!("seed-{number}")), bytes)?;
    }
    Ok(())
}

/// Batches of a shift and a turf, packed and not.
fn changes() -> impl Iterator<Item = Vec<u8>> {
    let at = Moment(1_770_000_000_000);
    let mut outing = Document::new(Kind::Shift, Actor::of(&DEVICE, 1)).unwrap();
    let mut written = vec![
        shift::open(&mut outing, DocumentId([5; 16]), at)
            .unwrap()
            .unwrap(),
    ];
    for number in 0..3 {
        let entry = Entry {
            id: VisitId([number; 10]),
            replaces: (number == 2).then_some(VisitId([1; 10])),
            visit: (number != 2).then(|| Visit {
                door: "01_0001_00001".into(),
                outcome: Outcome::Spoke,
                at,
                leaflet: true,
                back: None,
            }),
        };
        let change = shift::record(&mut outing, &[entry], at).unwrap();
        written.extend(change);
    }
    let mut doors = Document::new(Kind::Turf, Actor::of(&DEVICE, 1)).unwrap();
    let cover = turf::Cover::Addresses(vec!["01_0001_00001".into()]);
    let turf = turf::create(&mut doors, "Marché", &cover, at)
        .unwrap()
        .unwrap();
    [(0_u8, written), (2, vec![turf])]
        .into_iter()
        .flat_map(|(kind, changes)| {
            let packed = batch::pack(changes.iter().map(Vec::as_slice)).unwrap();
            let plain = zstd::bulk::decompress(&packed, 1 << 20).unwrap();
            [
                [vec![kind], packed].concat(),
                [vec![kind | 1], plain].concat(),
            ]
        })
}

/// Scripts of bundles: every envelope in turn, backwards, and with a change here and there.
fn bundles(count: usize) -> impl Iterator<Item = Vec<u8>> {
    let number = |at: usize| u8::try_from(at % 256).unwrap();
    let whole = |at| [3, number(at)];
    let forwards = (0..count).flat_map(whole).collect::<Vec<_>>();
    let backwards = (0..count).rev().flat_map(whole).collect();
    let cut = (0..count).flat_map(|at| [0, number(at), 0, 90]).collect();
    let changed = (0..count)
        .flat_map(|at| [1, number(at), 0, number(at * 7), 1])
        .collect();
    [forwards, backwards, cut, changed]
        .into_iter()
        .map(|script: Vec<u8>| [vec![2], script].concat())
        .chain([b"\0palier bundle 1\n".to_vec(), vec![1, 0, 0, 0, 0]])
}

fn answer() -> Vec<u8> {
    let answer = PushAnswer {
        incarnation: Incarnation([1; 16]).to_string(),
        pushed: vec![Pushed::Stored(7), Pushed::Duplicate(8)],
    };
    serde_json::to_vec(&answer).unwrap()
}

fn proof() -> String {
    let asked = Asked {
        method: "GET",
        path_and_query: "/v1/pull",
        body: &[],
    };
    let secret = Secret::from_seed(&[9; 32]);
    Proof::sign(CampaignId([3; 32]), &secret, Moment(1), asked).header()
}

/// Files as the importers take them, their first lines.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let town = demo::town(5);
    let first = |text: String| text.lines().take(6).collect::<Vec<_>>().join("\n");
    let mut small = town.territory.clone();
    small.addresses.truncate(3);
    small.results.truncate(3);
    let mut few = demo::town(5);
    few.territory.stations.truncate(1);
    vec![
        ("stations", few.stations_geojson().into_bytes()),
        ("addresses", first(town.addresses_csv()).into_bytes()),
        ("results", first(town.results_csv()).into_bytes()),
        ("territory", pack(&small).unwrap()),
    ]
}
