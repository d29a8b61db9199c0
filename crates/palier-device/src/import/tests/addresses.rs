//! Addresses, one test for each trap.

use super::{BAN, check_reasons};
use crate::import::{Note, read_addresses};

const BAL: &str = "cle_interop;commune_insee;voie_nom;numero;suffixe;commune_nom;position;long;lat";

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
    check_reasons(
        &parsed,
        &[
            (4, "address a is there twice"),
            (5, "number 99999 stands for a hamlet without doors"),
            (6, "no value for the number"),
            (7, "no value for the street"),
            (
                8,
                "longitude or latitude is out of range; are these metres?",
            ),
            (9, "the street is longer than 200 characters"),
            (10, "the street holds a control character or a line break"),
            (11, "the number is over 9999"),
            (12, "no value for the longitude"),
            (
                13,
                "10 fields where the header has 11: cut, or a separator too many",
            ),
        ],
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
    check_reasons(&parsed, &[(6, "address k1 is there twice")]);
    assert_eq!(parsed.notes[0], Note::Further { count: 3 });
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
fn addresses_that_look_alike_are_kept_and_noted() {
    let text = format!(
        "{BAL}\nk1;31591;Rue A;9;;Escoulis;;1.1;43.1\nk2;31591;Rue A;9;;Escoulis;;1.1;43.1\n"
    );
    let parsed = read_addresses(text.as_bytes()).unwrap();
    assert_eq!(parsed.items.len(), 2);
    assert_eq!(parsed.notes[0], Note::Alike { count: 1 });
}
