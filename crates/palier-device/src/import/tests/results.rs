//! Results, one test for each trap.

use super::{MINISTRY, check_reasons};
use crate::import::{ImportError, Note, read_results};

fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

#[test]
fn candidates_may_repeat_without_a_header() {
    let text = format!(
        "{MINISTRY}\r\n93;Seine-Saint-Denis;010;Bondy;0005;1040;663;63,75;377;1;M;É;200;2;F;B;177\r\n93;S;010;Bondy;0006;1040;663;63,75;377;1;M;A;200;2;F\r\n93;S;010;Bondy;0007;NA;NA;;377;1;M;A;200\r\n"
    );
    let parsed = read_results(&latin1(&text), "2017-legislatives-t1.txt").unwrap();
    assert_eq!(
        (parsed.format, parsed.encoding),
        ("ministry-csv", "latin-1")
    );
    assert_eq!(parsed.ballots, ["2017_legi_t1"]);
    let row = &parsed.items[0];
    assert_eq!(
        (row.commune.as_deref(), row.code.as_str()),
        (Some("93010"), "5")
    );
    assert_eq!((row.registered, row.votes), (Some(1040), Some(377)));
    assert_eq!(
        (parsed.items[1].registered, parsed.items[1].votes),
        (None, Some(377))
    );
    assert_eq!(parsed.rejected.len(), 1);
    assert_eq!(parsed.rejected[0].line, 3);
}

#[test]
fn every_spelling_of_the_station_column_is_known() {
    for name in ["Code du b.vote", "Code B.Vote", "Code BV", "code_bv"] {
        for (department, commune) in [("93", "010"), ("93", "93010")] {
            let text = format!(
                "Code département;Code commune;{name};Inscrits;Votants;% Votants;Abstentions\n{department};{commune};0001;10;5;50,0;5\n"
            );
            let parsed = read_results(text.as_bytes(), "2024_legi_t1.csv").unwrap();
            assert_eq!(parsed.items[0].commune.as_deref(), Some("93010"), "{name}");
        }
    }
}

#[test]
fn counts_that_do_not_add_up_are_rejected() {
    let text = "code_bv,inscrits,abstentions,votants\n1,10,5,5\n2,10,5,6\n3,10,,11\n4,10,11,\n5,NA,NA,NA\n6,-3,1,1\n1,10,5,5\n7,10,4,\n";
    let parsed = read_results(text.as_bytes(), "x.csv").unwrap();
    assert_eq!(parsed.items.len(), 2);
    assert_eq!(parsed.items[1].votes, Some(6));
    check_reasons(
        &parsed,
        &[
            (
                3,
                "abstentions and votes do not add up to registered voters",
            ),
            (4, "more votes than registered voters"),
            (5, "more abstentions than registered voters"),
            (6, "neither registered voters nor votes"),
            (7, "inscrits is not a whole number"),
            (8, "polling station 1 is there twice for x"),
        ],
    );
}

#[test]
fn mn_rows_have_no_header() {
    let text = "5;MN;2026;1;31;555;0005;I;957;401;556;556;4;2;550;2;003;121;009;0\n6;MN;2026;1;31;555;136A;I;957;401;556;557;4;2;550;2;003;121;009;0\n7;MN;2026;1;31;555;0007;I;957;401;556;556;4;2;550;2;003;1";
    let parsed = read_results(text.as_bytes(), "anything.csv").unwrap();
    let codes: Vec<&str> = parsed.items.iter().map(|r| r.code.as_str()).collect();
    assert_eq!(codes, ["5", "136A"]);
    assert_eq!(parsed.ballots, ["2026_muni_t1"]);
    assert_eq!(parsed.items[0].commune.as_deref(), Some("31555"));
    assert_eq!(parsed.rejected[0].line, 3);
    assert!(parsed.notes.contains(&Note::Unlike { count: 1 }));
}

#[test]
fn shares_alone_are_kept_without_counts() {
    let text = r#"{"216": [{"a": "34.45"}], "099": [{"a": "1"}], "099": [{"a": "2"}]}"#;
    let parsed = read_results(text.as_bytes(), "2014-municipales-t1.json").unwrap();
    assert_eq!(parsed.format, "percent-json");
    assert_eq!(parsed.items.len(), 2);
    assert_eq!(
        (parsed.items[1].code.as_str(), parsed.items[1].votes),
        ("99", None)
    );
    check_reasons(
        &parsed,
        &[(3, "polling station 99 is there twice for 2014_muni_t1")],
    );
}

#[test]
fn results_at_points_are_never_joined() {
    let text = "lon;lat;codeCommune;Inscrits;Blancs\n2.4;48.8;93010;662;1\n";
    let error = read_results(text.as_bytes(), "x").unwrap_err();
    assert_eq!(error, ImportError::PointsWithoutStations);
}

#[test]
fn mn_rows_may_be_quoted() {
    let row = r#""5";"MN";"2026";"2";"31";"555";"0005";"I";"9";"4";"5";"5";"0";"0";"5";"0""#;
    let parsed = read_results(row.as_bytes(), "x").unwrap();
    assert_eq!(parsed.ballots, ["2026_muni_t2"]);
}

#[test]
fn a_cut_row_of_numbered_columns_is_listed() {
    let header = "Code département;Code commune;Code BV;Inscrits;Votants;Abstentions;Numéro de panneau 1;Voix 1;Numéro de panneau 2;Voix 2";
    let text = format!("{header}\n93;93010;0001;10;5;5;1;3;2;2\n93;93010;0002;10;5;5;1;3\n");
    let parsed = read_results(text.as_bytes(), "x").unwrap();
    assert_eq!((parsed.items.len(), parsed.rejected[0].line), (1, 3));
}
