//! Generated files, one test for each trap.

use super::Parsed;

mod addresses;
mod files;
mod joins;
mod real_data;
mod results;
mod stations;

const BAN: &str = "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat;certification_commune";

fn check_reasons<T>(parsed: &Parsed<T>, expect: &[(u32, &str)]) {
    let lines: Vec<(u32, String)> = parsed
        .rejected
        .iter()
        .map(|row| (row.line, row.reason.to_string()))
        .collect();
    let said: Vec<(u32, &str)> = lines.iter().map(|(at, why)| (*at, why.as_str())).collect();
    assert_eq!(said, expect);
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

const MINISTRY: &str = "Code du département;Libellé du département;Code de la commune;Libellé de la commune;Code du b.vote;Inscrits;Abstentions;% Abs/Ins;Votants;N°Panneau;Sexe;Nom;Voix";
