//! Real files, read where they are there: `../shared/data` beside the project, or `$PALIER_DATA`.

use std::{collections::BTreeMap, path::PathBuf};

use palier_core::territory::Perimeters;

use crate::import::{
    ImportError, join_results, place_addresses, read_addresses, read_results, read_stations,
};

fn read(file: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("PALIER_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let bytes = std::fs::read(root.join(file)).ok();
    if bytes.is_none() {
        println!("skipped: no real data at {file}");
    }
    bytes
}

macro_rules! data {
    ($file:expr) => {
        match read($file) {
            Some(bytes) => bytes,
            None => return,
        }
    };
}

#[test]
fn every_address_of_paris_12e_is_in_one_of_20_stations() {
    let stations = read_stations(&data!("paris-12e/contours-2026.geojson")).unwrap();
    let addresses = read_addresses(&data!("paris-12e/ban-addresses.csv")).unwrap();
    assert_eq!((stations.items.len(), stations.rejected.len()), (64, 0));
    assert_eq!(
        (addresses.items.len(), addresses.rejected.len()),
        (2_778, 0)
    );
    let mut items = addresses.items;
    let placement = place_addresses(&mut items, &Perimeters::build(&stations.items));
    assert_eq!(placement.placed, 2_778);
    assert!(placement.in_no_perimeter.is_empty() && placement.in_many_perimeters.is_empty());
    let mut by_station: BTreeMap<&str, u32> = BTreeMap::new();
    for address in &items {
        *by_station
            .entry(address.station.as_ref().unwrap().as_str())
            .or_default() += 1;
    }
    assert_eq!(by_station.len(), 20);
    assert_eq!(
        (by_station["1251"], by_station["1254"], by_station["1211"]),
        (378, 239, 26)
    );
}

#[test]
fn both_ballots_of_paris_12e_join_all_64_stations() {
    let stations = read_stations(&data!("paris-12e/contours-2026.geojson")).unwrap();
    for (file, format, encoding, ballot) in [
        (
            "results-2026-municipales-t1.csv",
            "city-csv",
            "utf-8",
            "2026_muni_t1",
        ),
        (
            "legislatives-2017-t1-turnout-latin1.txt",
            "ministry-csv",
            "latin-1",
            "2017_legi_t1",
        ),
    ] {
        let parsed = read_results(&data!(&format!("paris-12e/{file}")), file).unwrap();
        assert_eq!((parsed.format, parsed.encoding), (format, encoding));
        assert_eq!(parsed.ballots, [ballot]);
        assert_eq!((parsed.items.len(), parsed.rejected.len()), (64, 0));
        let (joined, rejected) = join_results(&parsed.items, &stations.items);
        assert_eq!((joined.len(), rejected.len()), (64, 0));
        assert!(
            joined
                .iter()
                .all(|r| r.registered.is_some() && r.votes.is_some())
        );
    }
}

#[test]
fn toulouse_joins_within_each_year_and_its_perimeters_change_between() {
    let mut ids = Vec::new();
    for (perimeters, results, count, ballot) in [
        (
            "toulouse-2014.geojson",
            "toulouse-2014-municipales-t1.json",
            249,
            "2014_muni_t1",
        ),
        (
            "toulouse-2026.geojson",
            "toulouse-2026-municipales-t1.csv",
            284,
            "2026_muni_t1",
        ),
    ] {
        let stations = read_stations(&data!(&format!("toulouse/{perimeters}"))).unwrap();
        assert_eq!((stations.items.len(), stations.rejected.len()), (count, 0));
        let parsed = read_results(&data!(&format!("toulouse/{results}")), results).unwrap();
        assert_eq!(parsed.ballots, [ballot]);
        let (joined, rejected) = join_results(&parsed.items, &stations.items);
        assert_eq!(
            (joined.len(), rejected.len(), parsed.rejected.len()),
            (count, 0, 0)
        );
        ids.push(stations.items.into_iter().map(|s| s.id).collect::<Vec<_>>());
    }
    assert_ne!(ids[0].len(), ids[1].len());
}

#[test]
fn the_number_of_stations_of_cabestany_differs_between_ballots() {
    let stations = read_stations(&data!("cabestany/cabestany-reu.geojson")).unwrap();
    assert_eq!((stations.items.len(), stations.rejected.len()), (9, 0));
    assert_eq!(stations.items[0].id.as_str(), "66028_1");
    for (file, ballot, count) in [
        ("presidentielles_2012_1er_tour.csv", "2012_pres_t1", 7),
        ("presidentielles_2012_2eme_tour.csv", "2012_pres_t2", 7),
        ("municipales_2014_1er_tour.csv", "2014_muni_t1", 7),
        ("presidentielles_2017_1er_tour.csv", "2017_pres_t1", 9),
        ("municipales_2020_1er_tour.csv", "2020_muni_t1", 9),
        ("presidentielles_2022_1er_tour.csv", "2022_pres_t1", 9),
        ("presidentielles_2022_2eme_tour.csv", "2022_pres_t2", 9),
    ] {
        let parsed = read_results(&data!(&format!("cabestany/{file}")), "x.csv").unwrap();
        assert_eq!(
            (parsed.format, parsed.ballots.as_slice()),
            ("aggregate-csv", &[ballot.to_owned()][..])
        );
        let (joined, rejected) = join_results(&parsed.items, &stations.items);
        assert_eq!(
            (joined.len(), rejected.len(), parsed.rejected.len()),
            (count, 0, 0),
            "{file}"
        );
    }
}

#[test]
fn bondy_is_read_whole_and_its_points_are_refused() {
    let addresses = read_addresses(&data!("bondy/ban-bondy-93010.csv")).unwrap();
    assert_eq!(
        (addresses.items.len(), addresses.rejected.len()),
        (8_413, 0)
    );
    let file = "legislatives-2017-t1-dep93-latin1-crlf.txt";
    let results = read_results(&data!(&format!("bondy/{file}")), file).unwrap();
    assert_eq!((results.items.len(), results.rejected.len()), (797, 0));
    assert_eq!(
        (results.encoding, results.items[796].line),
        ("latin-1", 798)
    );
    assert!(
        results
            .items
            .iter()
            .any(|r| r.commune.as_deref() == Some("93010"))
    );
    let points = read_results(&data!("bondy/europeennes-2024-bondy-bv-points.csv"), "x");
    assert_eq!(points.unwrap_err(), ImportError::PointsWithoutStations);
    let ways = read_stations(&data!("bondy/bondy-osm-highways-2023.geojson")).unwrap_err();
    assert!(
        ways.to_string().contains("GeoJSON of another kind"),
        "{ways}"
    );
}

#[test]
fn bal_files_are_read_or_refused_with_a_reason() {
    let commune = read_addresses(&data!("bal/bal13-mont-bonvillers-54084.csv")).unwrap();
    assert_eq!((commune.items.len(), commune.format), (486, "bal-1.3"));
    for (file, count, rejected, format, encoding) in [
        ("sample.ansi.csv", 15, 0, "bal-1.3", "latin-1"),
        ("toponyme-replacing-voie_nom.csv", 1, 0, "bal-1.3", "utf-8"),
        ("1.4-1.4-valid-relax.csv", 1, 0, "bal-1.3", "utf-8"),
        ("auto-detect-1.4.csv", 1, 0, "bal-1.4", "utf-8"),
        ("1.4-1.4-ids-ban-empty.csv", 1, 1, "bal-1.4", "utf-8"),
        ("1.5-1.5-without-ban-ids.csv", 1, 1, "bal-1.3", "utf-8"),
        (
            "1.4-1.3-incoherent-uid_adresse.csv",
            1,
            0,
            "bal-1.3",
            "utf-8",
        ),
    ] {
        let parsed = read_addresses(&data!(&format!("bal/samples/{file}"))).unwrap();
        let found = (
            parsed.items.len(),
            parsed.rejected.len(),
            parsed.format,
            parsed.encoding,
        );
        assert_eq!(
            found,
            (count, rejected, format, encoding),
            "{file}: {:?}",
            parsed.rejected
        );
    }
    let junk = read_addresses(&data!("bal/samples/junk.ascii.csv")).unwrap_err();
    assert!(junk.to_string().contains("table of another kind"), "{junk}");
    assert_eq!(
        read_addresses(&data!("bal/samples/without_row.csv")).unwrap_err(),
        ImportError::NoRow
    );
}
