//! A turf: doors given to a team, written by the whole team.
//!
//! Its maps hold plain values under keys that name the same thing on every device, so that
//! what two people describe offline meets.
//!
//! ```text
//! settings:  { name, station? }
//! addresses: { ADDRESS: true }        where the turf is a list, not a station
//! doors:     { DOOR: true }           added to what the territory knows; deleted when wrong
//! labels:    { DOOR: text }
//! access:    { ADDRESS: open | code | badge | caretaker | locked }
//! codes:     { ADDRESS: text }        never outside the team
//! code_ends: { ADDRESS: timestamp }
//! parts:     { ADDRESS: device }      who has which part
//! ```

use automerge::{ROOT, ReadDoc, ScalarValue, transaction::Transactable};

use crate::{
    document::{Broken, Document, scalar},
    id::DeviceId,
    moment::Moment,
};

/// The maps that it begins with.
pub(super) const MAPS: &[&str] = &[
    "settings",
    "addresses",
    "doors",
    "labels",
    "access",
    "codes",
    "code_ends",
    "parts",
];

/// Which doors of the territory a turf covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cover {
    /// Every address of one polling station.
    Station(String),
    /// The addresses of a list.
    Addresses(Vec<String>),
}

/// How one gets into a building.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    /// `open`, `code`, `badge`, `caretaker` or `locked`.
    pub how: String,
    /// The code.
    pub code: Option<String>,
    /// When the code ends.
    pub code_ends: Option<Moment>,
}

/// What stands in a turf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turf {
    /// What it is called.
    pub name: String,
    /// Which doors of the territory it covers.
    pub cover: Cover,
    /// Doors that the team added, with the label of each.
    pub doors: Vec<(String, String)>,
    /// How one gets into which address.
    pub access: Vec<(String, Access)>,
    /// Who has which address.
    pub parts: Vec<(String, DeviceId)>,
}

/// Writes the name and the cover of a new turf.
///
/// # Errors
/// automerge refused.
pub fn create(
    document: &mut Document,
    name: &str,
    cover: &Cover,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = map(document, "settings")?;
    let addresses = map(document, "addresses")?;
    document.edit(at, |change| {
        change.put(&settings, "name", name)?;
        match cover {
            Cover::Station(station) => change.put(&settings, "station", station.as_str())?,
            Cover::Addresses(list) => {
                for address in list {
                    change.put(&addresses, address.as_str(), true)?;
                }
            }
        }
        Ok(())
    })
}

/// Adds doors, each with its label.
///
/// # Errors
/// automerge refused.
pub fn add_doors(
    document: &mut Document,
    doors: &[(String, String)],
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let (known, labels) = (map(document, "doors")?, map(document, "labels")?);
    document.edit(at, |change| {
        for (door, label) in doors {
            change.put(&known, door.as_str(), true)?;
            change.put(&labels, door.as_str(), label.as_str())?;
        }
        Ok(())
    })
}

/// Notes how one gets into an address.
///
/// # Errors
/// automerge refused.
pub fn set_access(
    document: &mut Document,
    address: &str,
    access: &Access,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let (hows, codes) = (map(document, "access")?, map(document, "codes")?);
    let ends = map(document, "code_ends")?;
    document.edit(at, |change| {
        change.put(&hows, address, access.how.as_str())?;
        match &access.code {
            Some(code) => change.put(&codes, address, code.as_str())?,
            None => change.delete(&codes, address)?,
        }
        match access.code_ends {
            Some(end) => change.put(&ends, address, ScalarValue::Timestamp(end.0))?,
            None => change.delete(&ends, address)?,
        }
        Ok(())
    })
}

/// Reads a turf; `None` where it has no name yet.
#[must_use]
pub fn read(document: &Document) -> Option<Turf> {
    let doc = document.reads();
    let map = |key| scalar::map(doc, &ROOT, key);
    let settings = map("settings")?;
    let flagged = |key| {
        map(key).map_or_else(Vec::new, |object| {
            doc.keys(&object)
                .filter(|entry| scalar::flag(doc, &object, entry))
                .collect()
        })
    };
    let cover = match scalar::text(doc, &settings, "station") {
        Some(station) => Cover::Station(station),
        None => Cover::Addresses(flagged("addresses")),
    };
    let labels = map("labels")?;
    let (codes, ends) = (map("codes")?, map("code_ends")?);
    Some(Turf {
        name: scalar::text(doc, &settings, "name")?,
        cover,
        doors: flagged("doors")
            .into_iter()
            .map(|door: String| {
                let label = scalar::text(doc, &labels, &door).unwrap_or_default();
                (door, label)
            })
            .collect(),
        access: scalar::texts(doc, &map("access")?)
            .into_iter()
            .map(|(address, how)| {
                let access = Access {
                    how,
                    code: scalar::text(doc, &codes, &address),
                    code_ends: scalar::timestamp(doc, &ends, &address).map(Moment),
                };
                (address, access)
            })
            .collect(),
        parts: scalar::texts(doc, &map("parts")?)
            .into_iter()
            .filter_map(|(address, device)| Some((address, device.parse().ok()?)))
            .collect(),
    })
}

fn map(document: &Document, key: &str) -> Result<automerge::ObjId, Broken> {
    scalar::map(document.reads(), &ROOT, key).ok_or(Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Actor, batch, check::check},
        envelope::Kind,
    };

    const NOW: Moment = Moment(1_700_000_000_000);

    fn device(number: u8) -> DeviceId {
        DeviceId([number; 32])
    }

    fn new(number: u8) -> Document {
        Document::new(Kind::Turf, Actor::of(&device(number), 1)).unwrap()
    }

    fn deliver(change: &[u8], from: u8, to: &mut Document) {
        let body = batch::pack([change]).unwrap();
        let changes = check(to, Kind::Turf, &device(from), &body, NOW).unwrap();
        to.apply(changes).unwrap();
    }

    #[test]
    fn two_people_who_describe_a_landing_offline_meet() {
        let (mut merle, mut pinson) = (new(1), new(2));
        let cover = Cover::Station("1251".into());
        let created = create(&mut merle, "Diderot", &cover, NOW).unwrap().unwrap();
        deliver(&created, 1, &mut pinson);

        let door = |label: &str| (format!("a/A/2/{label}"), label.to_owned());
        let here = add_doors(&mut merle, &[door("g"), door("d")], NOW).unwrap();
        let there = add_doors(&mut pinson, &[door("d"), door("f")], NOW).unwrap();
        deliver(&here.unwrap(), 1, &mut pinson);
        deliver(&there.unwrap(), 2, &mut merle);

        let turf = read(&merle).unwrap();
        assert_eq!(Some(&turf), read(&pinson).as_ref());
        assert_eq!(turf.doors, [door("d"), door("f"), door("g")]);
        assert_eq!(turf.cover, cover);
    }

    #[test]
    fn a_code_ends_and_can_be_taken_away() {
        let mut merle = new(1);
        let cover = Cover::Addresses(vec!["a".into(), "b".into()]);
        create(&mut merle, "Diderot", &cover, NOW).unwrap();
        let coded = Access {
            how: "code".into(),
            code: Some("12B9".into()),
            code_ends: Some(NOW),
        };
        set_access(&mut merle, "a", &coded, NOW).unwrap();
        assert_eq!(read(&merle).unwrap().access, [("a".into(), coded)]);
        let open = Access {
            how: "open".into(),
            code: None,
            code_ends: None,
        };
        set_access(&mut merle, "a", &open, NOW).unwrap();
        assert_eq!(read(&merle).unwrap().access, [("a".into(), open)]);
        assert_eq!(read(&merle).unwrap().cover, cover);
    }

    #[test]
    fn nobody_deletes_the_maps_of_a_turf() {
        let mut evil = new(3);
        let change = evil
            .edit(NOW, |change| Ok(change.put(ROOT, "doors", 1)?))
            .unwrap()
            .unwrap();
        let body = batch::pack([change.as_slice()]).unwrap();
        let refused = check(&new(1), Kind::Turf, &device(3), &body, NOW);
        assert_eq!(
            refused.map(|changes| changes.len()),
            Err(crate::refusal::Refusal::BadSchema)
        );
    }
}
