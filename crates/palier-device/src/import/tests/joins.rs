//! From rows to stations.

use palier_core::territory::{Perimeters, Station, StationCode};

use super::BAN;
use crate::import::{
    RawResult, join_results, place_addresses, read_addresses, read_results, read_stations,
};

fn raw(line: u32, commune: Option<&str>, code: &str) -> RawResult {
    RawResult {
        line,
        commune: commune.map(str::to_owned),
        code: StationCode::new(code).unwrap(),
        ballot: "b".into(),
        registered: Some(1),
        votes: Some(1),
    }
}

fn station(commune: Option<&str>, code: &str) -> Station {
    let code = StationCode::new(code).unwrap();
    Station::new(commune.map(str::to_owned), code, String::new(), Vec::new())
}

#[test]
fn results_join_where_code_and_commune_agree() {
    let stations = [
        station(Some("66028"), "1"),
        station(Some("66029"), "1"),
        station(Some("66029"), "2"),
    ];
    let rows = [
        raw(2, Some("66028"), "0001"),
        raw(3, Some("66029"), "1"),
        raw(4, None, "1"),
        raw(5, None, "2"),
        raw(6, Some("66030"), "2"),
        raw(7, Some("66028"), "1"),
    ];
    let (joined, rejected) = join_results(&rows, &stations);
    let ids: Vec<&str> = joined.iter().map(|r| r.station.as_str()).collect();
    assert_eq!(ids, ["66028_1", "66029_1", "66029_2"]);
    let lines: Vec<u32> = rejected.iter().map(|r| r.line).collect();
    assert_eq!(lines, [4, 6, 7]);
}

#[test]
fn paris_is_one_city_under_all_its_codes() {
    let stations = [
        station(None, "1251"),
        station(None, "1252"),
        station(None, "136A"),
    ];
    let rows = [
        raw(2, Some("75056"), "1251"),
        raw(3, Some("75112"), "1252"),
        raw(4, None, "136A"),
    ];
    let (joined, rejected) = join_results(&rows, &stations);
    assert_eq!((joined.len(), rejected.len()), (3, 0));
}

#[test]
fn rows_of_several_communes_are_not_guessed_where_perimeters_name_none() {
    let rows = [raw(2, Some("93010"), "1"), raw(3, Some("93001"), "2")];
    let (joined, rejected) = join_results(&rows, &[station(None, "1"), station(None, "2")]);
    assert_eq!((joined.len(), rejected.len()), (0, 2));
    let reason = rejected[0].reason.to_string();
    assert!(reason.contains("2 communes"), "{reason}");
}

#[test]
fn an_address_in_no_perimeter_or_in_two_is_listed() {
    let mut stations = [station(None, "1"), station(None, "2")];
    let square =
        |w: f64, e: f64| vec![vec![vec![[w, 0.0], [e, 0.0], [e, 1.0], [w, 1.0], [w, 0.0]]]];
    stations[0].perimeter = square(0.0, 2.0);
    stations[1].perimeter = square(1.0, 3.0);
    let text = format!("{BAN}\na;;1;;R;;;;0.5;0.5;0\nb;;2;;R;;;;1.5;0.5;0\nc;;3;;R;;;;9;0.5;0\n");
    let mut addresses = read_addresses(text.as_bytes()).unwrap().items;
    let placement = place_addresses(&mut addresses, &Perimeters::build(&stations));
    assert_eq!(placement.placed, 1);
    assert_eq!(placement.in_many_perimeters, ["b"]);
    assert_eq!(placement.in_no_perimeter, ["c"]);
    assert_eq!(addresses[0].station.as_ref(), Some(&stations[0].id));
    assert_eq!(addresses[1].station, None);
}

#[test]
fn the_demo_town_comes_through_the_importers_as_it_was_made() {
    for seed in [1, 2027] {
        let town = palier_core::demo::town(seed);
        let stations = read_stations(town.stations_geojson().as_bytes()).unwrap();
        assert_eq!(stations.items, town.territory.stations);
        let addresses = read_addresses(town.addresses_csv().as_bytes()).unwrap();
        let mut placed = addresses.items;
        let placement = place_addresses(&mut placed, &Perimeters::build(&stations.items));
        assert!(placement.in_no_perimeter.is_empty() && placement.in_many_perimeters.is_empty());
        assert_eq!(placed, town.territory.addresses);
        let results = read_results(town.results_csv().as_bytes(), "x.csv").unwrap();
        assert_eq!(
            (results.format, results.ballots.len()),
            ("aggregate-csv", 6)
        );
        let (joined, rejected) = join_results(&results.items, &stations.items);
        assert_eq!(joined, town.territory.results);
        let listed = [
            &stations.rejected,
            &addresses.rejected,
            &results.rejected,
            &rejected,
        ];
        assert!(listed.iter().all(|rows| rows.is_empty()), "{listed:?}");
    }
}
