//! Base maps that the campaign offers its devices.
//!
//! Each is a setting of its own, `map:HASH`, whose text is its size in bytes, a blank and its
//! name. An app that does not know them leaves them where they are.

use automerge::{ReadDoc, transaction::Transactable};

use super::map;
use crate::{
    document::{Broken, Document, scalar},
    moment::Moment,
};

/// The largest pack that a relay keeps, in bytes.
pub const MAX_PACK_BYTES: u64 = 64 << 20;
/// The most base maps that a campaign offers.
pub const MAX_OFFERED: usize = 100;
/// The longest name of one, in characters.
const MAX_NAME: usize = 60;
/// How the keys of these settings begin.
const KEY: &str = "map:";

/// A base map that the campaign offers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OfferedPack {
    /// What it is called.
    pub name: String,
    /// SHA-256 of its bytes, in lower hexadecimal.
    pub pack: String,
    /// How large it is.
    pub bytes: u64,
}

impl OfferedPack {
    /// Reads a setting; `None` where it is none of these, or says what cannot be.
    fn read(key: &str, value: &str) -> Option<Self> {
        let pack = key.strip_prefix(KEY)?;
        let (bytes, name) = value.split_once(' ')?;
        let hash = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let bytes: u64 = bytes.parse().ok()?;
        let fits = pack.len() == 64
            && pack.bytes().all(hash)
            && (1..=MAX_PACK_BYTES).contains(&bytes)
            && (1..=MAX_NAME).contains(&name.chars().count())
            && !name.chars().any(char::is_control);
        fits.then(|| Self {
            name: name.to_owned(),
            pack: pack.to_owned(),
            bytes,
        })
    }
}

/// Writes that the campaign offers a base map.
///
/// # Errors
/// automerge refused, or what is written would not be read.
pub fn offer(
    document: &mut Document,
    offered: &OfferedPack,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = map(document, "settings")?;
    let key = format!("{KEY}{}", offered.pack);
    let value = format!("{} {}", offered.bytes, offered.name);
    if OfferedPack::read(&key, &value).as_ref() != Some(offered) {
        return Err(Broken);
    }
    document.edit(at, |change| {
        change.put(&settings, key, value)?;
        Ok(())
    })
}

/// Writes that the campaign offers a base map no longer.
///
/// # Errors
/// automerge refused.
pub fn withdraw(
    document: &mut Document,
    pack: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = map(document, "settings")?;
    document.edit(at, |change| {
        change.delete(&settings, format!("{KEY}{pack}"))?;
        Ok(())
    })
}

/// The base maps that the campaign offers, by name.
#[must_use]
pub fn offered(document: &Document) -> Vec<OfferedPack> {
    let Ok(settings) = map(document, "settings") else {
        return Vec::new();
    };
    let doc = document.reads();
    let mut found: Vec<_> = doc
        .keys(&settings)
        .filter(|key| key.starts_with(KEY))
        .filter_map(|key| OfferedPack::read(&key, &scalar::text(doc, &settings, &key)?))
        .take(MAX_OFFERED)
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Actor, envelope::Kind, id::DeviceId};

    fn pack(digit: &str, name: &str) -> OfferedPack {
        OfferedPack {
            name: name.into(),
            pack: digit.repeat(64),
            bytes: 9,
        }
    }

    #[test]
    fn what_is_offered_reads_back_until_it_is_withdrawn() {
        let actor = Actor::of(&DeviceId([1; 32]), 1);
        let mut document = Document::new(Kind::Campaign, actor).unwrap();
        assert_eq!(offered(&document), []);
        let (town, around) = (pack("b", "Ville et faubourgs"), pack("a", "Alentours"));
        for pack in [&town, &around] {
            offer(&mut document, pack, Moment(0)).unwrap().unwrap();
        }
        assert_eq!(offered(&document), [around.clone(), town.clone()]);
        withdraw(&mut document, &town.pack, Moment(0)).unwrap();
        assert_eq!(offered(&document), [around]);
    }

    #[test]
    fn a_setting_that_says_what_cannot_be_is_none() {
        let hash = "0a".repeat(32);
        let key = format!("map:{hash}");
        assert!(OfferedPack::read(&key, "67108864 Ville").is_some());
        for (key, value) in [
            ("name", "9 Ville"),
            ("map:", "9 Ville"),
            (&*format!("map:{}", "0A".repeat(32)), "9 Ville"),
            (&*format!("map:../{}", "a".repeat(61)), "9 Ville"),
            (&*key, "0 Ville"),
            (&*key, "67108865 Ville"),
            (&*key, "9"),
            (&*key, "9 "),
            (&*key, "-9 Ville"),
            (&*key, "9 Vi\nlle"),
            (&*key, &*format!("9 {}", "a".repeat(61))),
        ] {
            assert_eq!(OfferedPack::read(key, value), None, "{key} {value:?}");
        }
        let mut document = Document::new(Kind::Campaign, Actor::of(&DeviceId([1; 32]), 1)).unwrap();
        let nameless = pack("a", "");
        assert!(offer(&mut document, &nameless, Moment(0)).is_err());
    }
}
