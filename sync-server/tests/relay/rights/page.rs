//! The same table, for those who read no Rust: `docs/rights.md`.

use std::fmt::Write;

use super::{
    askers::{Standing, Who},
    table::{Ask, LETTERS, Others, Row, rows},
};

/// The page is written again where this is set.
const WRITE: &str = "PALIER_WRITE_PAGES";

const BEGINNING: &str = "# Who may what

Every request that a relay answers, by everybody who may ask it. This page is written by a test
(`PALIER_WRITE_PAGES=1 cargo test -p palier-relay --test relay the_page`) from the table in
`sync-server/tests/relay/rights/table.rs`; another test asks a real relay for every cell.

Columns: volunteers (V), leads (L), trainers (T), observers (B) and organisers (O); then volunteers
and leads of another team (V′, L′) and observers of another station (B′); then whoever's rights have
ended, were taken back, or who is not introduced; then a request that nobody signed.

A letter says that the request is granted. `–` is answered `not_allowed`; `?` says `unknown_device`,
since one is introduced in each space apart; `e` is `expired`, `r` is `revoked`, `w` is `wrong_space`,
`i` is `invitation_unknown`, `n` is `bad_certificate`, `s` is `bad_signature`. Where a letter stands under
*not introduced*, a chain of certificates is enough: so one comes in.

";

pub(super) fn check() {
    let page = page();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rights.md");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap();
    assert!(
        found == page,
        "docs/rights.md is not what the table says: {WRITE}=1 writes it"
    );
}

fn page() -> String {
    let mut page = BEGINNING.to_owned();
    let (routes, writes): (Vec<_>, Vec<_>) = rows()
        .into_iter()
        .partition(|row| matches!(row.ask, Ask::Route(_)));
    for (title, rows) in [("Routes", routes), ("Envelopes in a push", writes)] {
        let head =
            "| V | L | T | B | O | V′ | L′ | B′ | ended | taken back | not introduced | unsigned |";
        let line = "|---|---|---|---|---|---|---|---|---|---|---|---|---|";
        writeln!(page, "## {title}\n\n| request {head}\n{line}").unwrap();
        for row in rows {
            writeln!(page, "| {row} {} |", cells(&row)).unwrap();
        }
        page.push('\n');
    }
    page.trim_end().to_owned() + "\n"
}

fn cells(row: &Row) -> String {
    let of = |standing: Standing| {
        let all = Who::all().into_iter();
        let signs = all
            .filter(move |who| who.standing == standing)
            .map(|who| row.sign(who));
        signs.collect::<Vec<_>>()
    };
    let mut cells: Vec<String> = [Standing::Member, Standing::Elsewhere]
        .into_iter()
        .flat_map(of)
        .map(shown)
        .collect();
    for standing in [Standing::Expired, Standing::Revoked, Standing::Stranger] {
        let mut signs = of(standing);
        signs.sort_unstable();
        signs.dedup();
        // Five letters are everybody.
        cells.push(
            if signs.len() == LETTERS.len() && signs.iter().all(|sign| sign.is_uppercase()) {
                "all".into()
            } else {
                signs.into_iter().map(shown).collect::<Vec<_>>().join(" ")
            },
        );
    }
    cells.push(match row.others() {
        Others::Anybody => "all".into(),
        _ => "s".into(),
    });
    cells
        .iter()
        .fold(String::new(), |line, cell| line + "| " + cell + " ")
        .trim_end()
        .to_owned()
}

fn shown(sign: char) -> String {
    match sign {
        '-' => "–".into(),
        sign => sign.into(),
    }
}
