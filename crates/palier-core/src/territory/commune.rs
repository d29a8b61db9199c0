//! Codes of communes, which come in several forms.

/// The five-character code of a commune, from the forms that files use.
///
/// Source: the Code officiel géographique of Insee; ministry files give the commune's number
/// (`010`) beside the département (`93`), others the whole code (`93010`). The ministry writes
/// `ZA`–`ZD`, `ZM`, `ZS`, `ZX` for overseas départements whose communes begin with `97`, and
/// `ZN`, `ZP`, `ZW` for those that begin with `98`.
///
/// Gives nothing where the text is no code of a commune.
#[must_use]
pub fn commune_code(department: Option<&str>, commune: &str) -> Option<String> {
    let commune = commune.trim().to_ascii_uppercase();
    if commune.is_empty() || !commune.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    match commune.len() {
        5 => {
            let (department, number) = commune.split_at_checked(2)?;
            (prefix(department).is_some() && digits(number)).then_some(commune)
        }
        4 if digits(&commune) => Some(format!("0{commune}")),
        1..=3 if digits(&commune) => {
            let department = department?.trim().to_ascii_uppercase();
            let prefix = prefix(&department)?;
            let room = 5_usize.checked_sub(prefix.len())?;
            let number = commune.trim_start_matches('0');
            // 971 + 101 is written 97101: the third digit stands in both.
            let number = match (prefix.len(), number.len()) {
                (3, 3) if prefix.ends_with(number.get(..1)?) => number.get(1..)?,
                _ => number,
            };
            (number.len() <= room).then(|| format!("{prefix}{number:0>room$}"))
        }
        _ => None,
    }
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn prefix(department: &str) -> Option<String> {
    match department {
        "ZA" | "ZB" | "ZC" | "ZD" | "ZM" | "ZS" | "ZX" => Some("97".to_owned()),
        "ZN" | "ZP" | "ZW" => Some("98".to_owned()),
        "2A" | "2B" | "ZZ" => Some(department.to_owned()),
        _ if digits(department) && (1..=3).contains(&department.len()) => {
            Some(format!("{department:0>2}"))
        }
        _ => None,
    }
}

/// The city that a code belongs to: the arrondissements of Paris (75101–75120), Lyon
/// (69381–69389) and Marseille (13201–13216) vote in one commune each.
///
/// Source: article L. 2511-3 of the Code général des collectivités territoriales.
#[must_use]
pub fn city(commune: &str) -> &str {
    match commune.parse::<u32>() {
        Ok(75101..=75120) => "75056",
        Ok(69381..=69389) => "69123",
        Ok(13201..=13216) => "13055",
        _ => commune,
    }
}

/// Whether two codes may mean the same city. A code that is not known agrees with any.
#[must_use]
pub fn agree(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => city(one) == city(other),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(department: Option<&str>, commune: &str, expect: Option<&str>) {
        let found = commune_code(department, commune);
        assert_eq!(found.as_deref(), expect, "{department:?} {commune}");
    }

    #[test]
    fn a_commune_comes_with_its_department_or_without() {
        check(Some("93"), "010", Some("93010"));
        check(Some("93"), "93010", Some("93010"));
        check(None, "93010", Some("93010"));
        check(Some("75"), "056", Some("75056"));
        check(Some("1"), "4", Some("01004"));
        check(None, "1004", Some("01004"));
        check(Some("2A"), "004", Some("2A004"));
        check(None, "2a004", Some("2A004"));
        check(Some("ZA"), "101", Some("97101"));
        check(Some("974"), "411", Some("97411"));
        check(Some("974"), "11", Some("97411"));
        check(Some("31"), "555", Some("31555"));
        check(None, "010", None);
        check(Some("93"), "Bondy", None);
        check(Some("93"), "é", None);
    }

    #[test]
    fn the_arrondissements_of_paris_are_one_city() {
        assert!(agree(Some("75056"), Some("75112")));
        assert!(agree(Some("75101"), Some("75120")));
        assert!(!agree(Some("75056"), Some("93010")));
        assert!(agree(None, Some("75056")));
        assert_eq!(city("75121"), "75121");
    }
}
