//! Perimeters, one test for each trap.

use super::{SQUARE, check_reasons, collection, feature};
use crate::import::{ImportError, read_stations};

const BOW: &str = "[[0,0],[1,1],[1,0],[0,1],[0,0]]";

#[test]
fn perimeters_of_every_schema_are_read() {
    for (properties, id, name, format) in [
        (
            r#"{"code_bv":"1206","arrondissement":"12e arr."}"#,
            "1206",
            "",
            "paris-geojson",
        ),
        (
            r#"{"NOM":"LAKANAL","ASSOCIANT":"036A","IDENTIFIANT":null}"#,
            "036A",
            "LAKANAL",
            "toulouse-2014-geojson",
        ),
        (
            r#"{"bureau":"007","nom":"Gymnase"}"#,
            "7",
            "Gymnase",
            "toulouse-2026-geojson",
        ),
        (r#"{"bureau":7}"#, "7", "", "toulouse-2026-geojson"),
        (
            r#"{"codeDepartement":"66","codeCommune":"028","numeroBureauVote":"0001"}"#,
            "66028_1",
            "",
            "reu-geojson",
        ),
    ] {
        let text = collection(&[feature(properties, SQUARE)]);
        let parsed = read_stations(text.as_bytes()).unwrap();
        assert_eq!(parsed.format, format);
        let station = parsed
            .items
            .first()
            .unwrap_or_else(|| panic!("{:?}", parsed.rejected));
        assert_eq!((station.id.as_str(), station.name.as_str()), (id, name));
    }
}

#[test]
fn bad_perimeters_are_listed_with_their_reason() {
    let features = [
        feature(r#"{"code_bv":"1"}"#, SQUARE),
        feature(r#"{"code_bv":"0001"}"#, SQUARE),
        feature(r#"{"code_bv":"2"}"#, BOW),
        feature(r#"{"code_bv":null}"#, SQUARE),
        feature(r#"{"code_bv":"3"}"#, "[[0,0],[1,0],[1,1],[0,1]]"),
        feature(r#"{"code_bv":"4"}"#, "[[0],[1,0],[1,1],[0]]"),
        r#"{"type":"Feature","properties":{"code_bv":"5"},"geometry":null}"#.to_owned(),
        r#"{"type":"Feature","properties":{"code_bv":"6"},"geometry":{"type":"Point","coordinates":[1,2]}}"#.to_owned(),
        feature(r#"{"code_bv":"7"}"#, "[[652000,6862000],[652001,6862000],[652001,6862001],[652000,6862000]]"),
    ];
    let parsed = read_stations(collection(&features).as_bytes()).unwrap();
    assert_eq!((parsed.rows, parsed.items.len()), (9, 1));
    check_reasons(
        &parsed,
        &[
            (2, "polling station 1 is there twice"),
            (3, "polling station 2: the perimeter crosses itself"),
            (4, "no value for code_bv"),
            (
                5,
                "polling station 3: a ring of the perimeter is not closed",
            ),
            (6, "a point of the perimeter lacks a coordinate"),
            (7, "no perimeter"),
            (8, "the geometry is neither Polygon nor MultiPolygon"),
            (
                9,
                "polling station 7: a point of the perimeter is outside ±180° and ±90°; are these metres?",
            ),
        ],
    );
    let lambert =
        collection(&features).replacen('{', r#"{"crs":{"properties":{"name":"EPSG:2154"}},"#, 1);
    let error = read_stations(lambert.as_bytes()).unwrap_err();
    assert_eq!(
        error,
        ImportError::OtherCoordinates {
            system: "EPSG:2154".into()
        }
    );
}
