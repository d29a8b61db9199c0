//! Generated files, one test for each trap.

use palier_core::territory::{Perimeters, Station, StationCode};

use super::*;

const BAN: &str = "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat;certification_commune";
const BAL: &str = "cle_interop;commune_insee;voie_nom;numero;suffixe;commune_nom;position;long;lat";

fn reasons<T>(parsed: &Parsed<T>) -> Vec<(u32, &str)> {
    parsed
        .rejected
        .iter()
        .map(|r| (r.line, r.reason.as_str()))
        .collect()
}

fn feature(properties: &str, ring: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    )
}

const SQUARE: &str = "[[0,0],[1,0],[1,1],[0,1],[0,0]]";
const BOW: &str = "[[0,0],[1,1],[1,0],[0,1],[0,0]]";

fn station(commune: Option<&str>, code: &str) -> Station {
    let code = StationCode::new(code).unwrap();
    Station::new(commune.map(str::to_owned), code, String::new(), Vec::new())
}

#[test]
fn numbers_and_repetitions_are_read_as_people_write_them() {
    let rows = "a;;1;;Rue du Lavoir;99100;93010;Bondy;2.5;48.9;vrai\nb;;1;bis;Rue du Lavoir;99100;93010;Bondy;2.5;48.9;0\nc;;1;z2;Rue du Lavoir;99100;93010;Bondy;2,5;48,9;1\nd;;1;ba;Rue du Lavoir;99100;93010;Bondy;2,5;48,9;NA\n";
    for (text, encoding) in [
        (format!("{BAN}\n{rows}"), "utf-8"),
        (
            format!("\u{feff}{BAN}\r\n{}", rows.replace('\n', "\r\n")),
            "utf-8",
        ),
    ] {
        let parsed = read_addresses(text.as_bytes()).unwrap();
        let numbers: Vec<&str> = parsed.items.iter().map(|a| a.number.as_str()).collect();
        assert_eq!(numbers, ["1", "1 bis", "1 z2", "1 ba"]);
        assert_eq!(
            (parsed.format, parsed.encoding, parsed.rows),
            ("ban-csv", encoding, 4)
        );
        assert_eq!(parsed.items[2].lon.to_bits(), 2.5_f64.to_bits());
        assert_eq!(parsed.items[0].doors, 1);
        assert!(parsed.rejected.is_empty());
    }
    let commas = format!("{BAN}\n{rows}").replace(',', ".").replace(';', ",");
    assert_eq!(read_addresses(commas.as_bytes()).unwrap().items.len(), 4);
}

#[test]
fn rejected_addresses_are_listed_with_their_line() {
    let long = "x".repeat(201);
    let text = format!(
        "{BAN}\n\na;;1;;Rue A;;;;2;48;0\na;;2;;Rue A;;;;2;48;0\nb;;99999;;Hameau;;;;2;48;0\nc;;;;Rue A;;;;2;48;0\nd;;3;;;;;;2;48;0\ne;;3;;Rue A;;;;652000;6862000;0\nf;;3;;{long};;;;2;48;0\ng;;3;;Rue\u{1}A;;;;2;48;0\nh;;12000;;Rue A;;;;2;48;0\ni;;4;;Rue A;;;;;;0\nj;;4;;Rue A;;;;2;4"
    );
    let parsed = read_addresses(text.as_bytes()).unwrap();
    assert_eq!((parsed.rows, parsed.items.len()), (11, 1));
    assert_eq!(
        reasons(&parsed),
        [
            (4, "address a is there twice"),
            (5, "number 99999 stands for a hamlet without doors"),
            (6, "no number"),
            (7, "no street"),
            (
                8,
                "longitude or latitude is out of range; are these metres?"
            ),
            (9, "the street is longer than 200 characters"),
            (10, "the street holds a control character or a line break"),
            (11, "the number is over 9999"),
            (12, "no longitude"),
            (
                13,
                "10 fields where the header has 11: cut, or a separator too many"
            ),
        ]
    );
}

#[test]
fn of_several_positions_the_entrance_is_kept() {
    let text = format!(
        "{BAL}\nk1;31591;Rue A;9;;Escoulis;segment;1.1;43.1\nk1;31591;Rue A;9;;Escoulis;entrée;1.2;43.2\nk1;31591;Rue A;9;;Escoulis;bâtiment;1.3;43.3\nk1;31591;Rue A;9;;Escoulis;bâtiment;1.3;43.3\nk1;31591;Rue B;9;;Escoulis;segment;1.1;43.1\n"
    );
    let parsed = read_addresses(text.as_bytes()).unwrap();
    assert_eq!(parsed.items.len(), 1);
    assert_eq!(parsed.items[0].lon.to_bits(), 1.2_f64.to_bits());
    assert_eq!(reasons(&parsed), [(6, "address k1 is there twice")]);
    assert!(
        parsed.notes[0].starts_with("3 further positions"),
        "{:?}",
        parsed.notes
    );
}

#[test]
fn a_bal_without_keys_gets_keys_that_do_not_change() {
    let text =
        "commune_insee,toponyme,numero,suffixe,long,lat\n31591,Rue des 3 Places,9, bis ,1.0,43.1\n";
    let parsed = read_addresses(text.as_bytes()).unwrap();
    assert_eq!(parsed.items[0].id, "31591_ruedes3places_9bis");
    assert_eq!(parsed.items[0].number, "9 bis");
    assert_eq!(parsed.items[0].street, "Rue des 3 Places");
}

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
            missing: "longitudes",
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
    let cut = &stations[..stations.len() - 20];
    assert!(matches!(
        read_stations(cut.as_bytes()),
        Err(ImportError::Json { line: 1, cut: true })
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
    assert_eq!(
        reasons(&parsed),
        [
            (2, "polling station 1 is there twice"),
            (3, "polling station 2: the perimeter crosses itself"),
            (4, "no code_bv"),
            (
                5,
                "polling station 3: a ring of the perimeter is not closed"
            ),
            (6, "a point of the perimeter lacks a coordinate"),
            (7, "no perimeter"),
            (8, "the geometry is neither Polygon nor MultiPolygon"),
            (
                9,
                "polling station 7: a point of the perimeter is outside ±180° and ±90°; are these metres?"
            ),
        ]
    );
    let lambert =
        collection(&features).replacen('{', r#"{"crs":{"properties":{"name":"EPSG:2154"}},"#, 1);
    let error = read_stations(lambert.as_bytes()).unwrap_err();
    assert_eq!(error, ImportError::OtherCoordinates("EPSG:2154".into()));
}

const MINISTRY: &str = "Code du département;Libellé du département;Code de la commune;Libellé de la commune;Code du b.vote;Inscrits;Abstentions;% Abs/Ins;Votants;N°Panneau;Sexe;Nom;Voix";

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
    assert_eq!(
        reasons(&parsed),
        [
            (
                3,
                "abstentions and votes do not add up to registered voters"
            ),
            (4, "more votes than registered voters"),
            (5, "more abstentions than registered voters"),
            (6, "neither registered voters nor votes"),
            (7, "inscrits is not a whole number"),
            (8, "polling station 1 is there twice for x"),
        ]
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
    assert!(
        parsed
            .notes
            .iter()
            .any(|n| n.starts_with("1 stations counted"))
    );
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
    assert_eq!(
        reasons(&parsed),
        [(3, "polling station 99 is there twice for 2014_muni_t1")]
    );
}

#[test]
fn results_at_points_are_never_joined() {
    let text = "lon;lat;codeCommune;Inscrits;Blancs\n2.4;48.8;93010;662;1\n";
    let error = read_results(text.as_bytes(), "x").unwrap_err();
    assert_eq!(error, ImportError::PointsWithoutStations);
}

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
    assert!(
        rejected[0].reason.contains("2 communes"),
        "{}",
        rejected[0].reason
    );
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
