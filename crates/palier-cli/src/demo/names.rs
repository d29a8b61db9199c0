//! Names of a demonstration: birds for people, places for teams.

use super::cast::Part;

/// What the campaign is called.
pub(super) const CAMPAIGN: &str = "Palier-sur-Marche";

const BIRDS: [&str; 32] = [
    "Merle",
    "Mésange",
    "Rossignol",
    "Pinson",
    "Fauvette",
    "Grive",
    "Hirondelle",
    "Loriot",
    "Alouette",
    "Bouvreuil",
    "Chouette",
    "Sittelle",
    "Martinet",
    "Huppe",
    "Roitelet",
    "Linotte",
    "Tarin",
    "Verdier",
    "Bergeronnette",
    "Geai",
    "Héron",
    "Aigrette",
    "Courlis",
    "Sarcelle",
    "Milan",
    "Faucon",
    "Cigogne",
    "Coucou",
    "Tourterelle",
    "Pivert",
    "Troglodyte",
    "Chardonneret",
];

const TEAMS: [&str; 8] = [
    "Rive droite",
    "Rive gauche",
    "Les Halles",
    "La Gare",
    "Les Peupliers",
    "La Filature",
    "L’Écluse",
    "Le Lavoir",
];

/// The pseudonym of a part; no two are alike.
pub(super) fn pseudonym(part: Part, members: usize) -> String {
    let Part::Member(team, member) = part else {
        return String::new();
    };
    let place = team * members + member;
    let bird = BIRDS.get(place % BIRDS.len()).copied().unwrap_or_default();
    match place / BIRDS.len() {
        0 => bird.to_owned(),
        again => format!("{bird} {}", again + 1),
    }
}

/// What a team is called, from 0.
pub(super) fn team(place: usize) -> String {
    TEAMS.get(place).map_or_else(
        || format!("Équipe {}", place + 1),
        |name| (*name).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_pseudonyms_are_alike() {
        let names: BTreeSet<String> = Part::of_teams(8, 12)
            .map(|part| pseudonym(part, 12))
            .collect();
        assert_eq!(names.len(), 96);
    }
}
