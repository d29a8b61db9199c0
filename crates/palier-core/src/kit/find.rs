//! Looking for a card by what was heard.

use super::{Card, Kit};
use crate::fold;

/// What French elides before a vowel, folded: it says nothing by itself.
const ELIDED: [&str; 13] = [
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
];

impl Kit {
    /// The cards that hold every word that is looked for, or its beginning: in any order, without
    /// case, accents or elisions. Those where it was heard come before those that say it.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<&Card> {
        let sought: Vec<String> = (fold::words(query).into_iter())
            .filter(|word| !ELIDED.contains(&word.as_str()))
            .collect();
        let holds = |text: &str| {
            let words = fold::words(text);
            sought
                .iter()
                .all(|sought| words.iter().any(|word| word.starts_with(sought.as_str())))
        };
        let (heard, others): (Vec<_>, Vec<_>) =
            self.cards.iter().partition(|card| holds(&card.heard));
        let said = others
            .into_iter()
            .filter(|card| holds(&format!("{} {}", card.heard, card.say)));
        heard.into_iter().chain(said).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<usize> {
        let card = |heard: &str, say: &str| Card {
            heard: heard.into(),
            say: say.into(),
        };
        let kit = Kit {
            title: "Essai".into(),
            language: "fr".into(),
            opening: String::new(),
            steps: std::collections::BTreeMap::new(),
            cards: vec![
                card("L’inscription, c’est compliqué", "Cinq minutes en ligne."),
                card("Je n’ai pas le temps", "Une procuration s’établit vite."),
                card("À quoi ça sert ?", "Une élection se joue à peu."),
                card(
                    "Je suis déjà inscrit ailleurs",
                    "On peut changer d’adresse.",
                ),
            ],
        };
        let places = kit.find(query).into_iter();
        places
            .map(|card| kit.cards.iter().position(|other| other == card).unwrap())
            .collect()
    }

    #[test]
    fn cards_are_found_by_words_in_any_order_without_accents_or_elisions() {
        for (query, expected) in [
            ("", vec![0, 1, 2, 3]),
            ("l'", vec![0, 1, 2, 3]),
            ("INSCRI", vec![0, 3]),
            ("l'inscription", vec![0]),
            ("d’inscription", vec![0]),
            ("complique inscription", vec![0]),
            ("temps pas", vec![1]),
            ("procuration", vec![1]),
            ("qu'élection", vec![2]),
            ("ca sert", vec![2]),
            ("elections", vec![]),
            ("inscrit temps", vec![]),
            ("peu", vec![2, 3]),
        ] {
            assert_eq!(found(query), expected, "{query}");
        }
    }

    #[test]
    fn what_was_heard_comes_before_what_is_said() {
        assert_eq!(found("adresse"), [3]);
        assert_eq!(found("en"), [0]);
        assert_eq!(
            found("a"),
            [1, 2, 3],
            "ai, à, ailleurs: all of them were heard"
        );
    }
}
