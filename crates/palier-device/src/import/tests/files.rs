//! Files that are cut, damaged or of another kind.

use proptest::{prelude::any, prop_assert_eq, proptest};

use super::{BAN, MINISTRY, SQUARE, collection, feature};
use crate::import::{Column, ImportError, read_addresses, read_results, read_stations};

#[test]
fn a_file_of_another_subject_says_what_it_looks_like() {
    let ban = format!("{BAN}\na;;1;;Rue A;;;;2;48;0\n");
    let stations = collection(&[feature(r#"{"code_bv":"1"}"#, SQUARE)]);
    let results = "code_bv,inscrits,abstentions\n1,10,5\n";
    let check = |error: ImportError, words: &str| {
        let text = error.to_string();
        assert!(text.contains(words), "{text}");
    };
    check(
        read_addresses(results.as_bytes()).unwrap_err(),
        "looks like results",
    );
    check(
        read_addresses(stations.as_bytes()).unwrap_err(),
        "looks like perimeters",
    );
    check(
        read_stations(ban.as_bytes()).unwrap_err(),
        "looks like addresses (BAN)",
    );
    check(
        read_results(ban.as_bytes(), "x").unwrap_err(),
        "looks like addresses (BAN)",
    );
    check(
        read_results(stations.as_bytes(), "x").unwrap_err(),
        "looks like perimeters",
    );
    check(
        read_addresses(b"gml_id,cli\n1,CLI 4\n").unwrap_err(),
        "gmlid, cli",
    );
    check(read_addresses(b"<html></html>").unwrap_err(), "web page");
    check(
        read_addresses(b"Bonjour,").unwrap_err(),
        "table of another kind",
    );
    check(
        read_stations(br#"{"a":1}"#).unwrap_err(),
        "JSON of another kind",
    );
    check(read_stations(b"[]").unwrap_err(), "JSON of another kind");
    check(read_stations(b"PK\x03\x04zip").unwrap_err(), "spreadsheet");
    check(
        read_results(b"lieu,inscrits\nx,3\n", "x").unwrap_err(),
        "without a station code",
    );
}

#[test]
fn a_header_alone_is_an_error() {
    assert_eq!(
        read_addresses(BAN.as_bytes()).unwrap_err(),
        ImportError::NoRow
    );
    assert_eq!(
        read_results(b"code_bv,inscrits,votants\n", "x").unwrap_err(),
        ImportError::NoRow
    );
    let lacking = "id;numero;nom_voie\na;1;Rue A\n";
    let error = read_addresses(lacking.as_bytes()).unwrap_err();
    assert!(matches!(
        error,
        ImportError::MissingColumn {
            column: Column::ColumnLongitude,
            ..
        }
    ));
}

#[test]
fn a_cut_file_is_an_error_or_a_rejected_last_row() {
    let stations = collection(&[
        feature(r#"{"code_bv":"1"}"#, SQUARE),
        feature(r#"{"code_bv":"2"}"#, SQUARE),
    ]);
    let cut = &stations.as_bytes()[..stations.len() - 20];
    assert!(matches!(
        read_stations(cut),
        Err(ImportError::JsonCut { line: 1 })
    ));
    let open = format!("{BAN}\na;;1;;\"Rue A;;;;2;48;0\nb;;1;;Rue B;;;;2;48;0\n");
    assert_eq!(
        read_addresses(open.as_bytes()).unwrap_err(),
        ImportError::OpenQuote { line: 2 }
    );
    let cut = read_results(b"code_bv,inscrits,abstentions,taux\n1,10,5,3\n2,10", "x").unwrap();
    assert_eq!((cut.items.len(), cut.rejected[0].line), (1, 3));
}

#[test]
fn bytes_of_any_kind_never_panic() {
    let good = format!("{BAN}\na;;1;;Rue de l'Été;;;;2;48;0\n");
    let json = collection(&[feature(r#"{"code_bv":"1"}"#, SQUARE)]);
    for text in [good.as_str(), json.as_str(), MINISTRY] {
        for cut in 0..text.len() {
            let bytes = &text.as_bytes()[..cut];
            let mut flipped = text.as_bytes().to_vec();
            flipped[cut] ^= 0xA5;
            for bytes in [bytes, &flipped] {
                let _ = read_stations(bytes);
                let _ = read_addresses(bytes);
                let _ = read_results(bytes, "x");
            }
        }
    }
}

proptest! {
    #[test]
    fn every_row_is_kept_or_listed_whatever_it_holds(
        rest in proptest::collection::vec(any::<u8>(), 0..300),
        rows in "([a-z0-9;\"é]{0,30}\r?\n){0,8}",
    ) {
        for tail in [rest.as_slice(), rows.as_bytes()] {
            let bytes = [BAN.as_bytes(), b"\n", tail].concat();
            if let Ok(parsed) = read_addresses(&bytes) {
                let listed = parsed.items.len() + parsed.rejected.len();
                prop_assert_eq!(u32::try_from(listed), Ok(parsed.rows));
            }
            let bytes = [MINISTRY.as_bytes(), b"\n", tail].concat();
            if let Ok(parsed) = read_results(&bytes, "x") {
                let listed = parsed.items.len() + parsed.rejected.len();
                prop_assert_eq!(u32::try_from(listed), Ok(parsed.rows));
                let report = parsed.report(crate::api::request::Subject::Results, true);
                prop_assert_eq!(report.rejected.len(), parsed.rejected.len());
            }
        }
    }
}
