//! The campaign: what its organisers set, open to everybody in it.
//!
//! ```text
//! settings:  { name, time_zone, colour?: 1 to 6, territory?: hash of the pack,
//!              map:HASH?: bytes and name }
//! teams:     { TEAM: name }    limits: { TEAM: number }    policies: { TEAM: open | approved }
//! ballots:   { name: day }     outcomes, questions, meetings: for later
//! ```

mod offered;

use automerge::{ROOT, transaction::Transactable};

pub use offered::{MAX_OFFERED, MAX_PACK_BYTES, OfferedPack, offer, offered, withdraw};

use crate::{
    colour,
    document::{Broken, Document, scalar},
    id::TeamId,
    invitation::Policy,
    moment::{Moment, TimeZone},
};

/// The maps that it begins with.
pub(super) const MAPS: &[&str] = &[
    "settings",
    "teams",
    "limits",
    "policies",
    "ballots",
    "outcomes",
    "questions",
    "meetings",
];

/// How many people a team holds where nobody says otherwise.
pub const DEFAULT_LIMIT: u16 = 12;

/// What stands in a campaign.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Campaign {
    /// What it is called.
    pub name: String,
    /// Its clock.
    pub time_zone: TimeZone,
    /// The colour that its organisers chose, from 1 to [`colour::COLOURS`].
    pub colour: Option<u8>,
    /// The hash of its territory pack, in hexadecimal.
    pub territory: Option<String>,
    /// Its teams.
    pub teams: Vec<Team>,
}

/// A team as the campaign knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// How many people it holds.
    pub limit: u16,
    /// Who lets people in.
    pub policy: Policy,
}

/// Writes the name and the clock of a new campaign, and its colour where one was chosen.
///
/// # Errors
/// automerge refused.
pub fn create(
    document: &mut Document,
    name: &str,
    time_zone: TimeZone,
    colour: Option<u8>,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = map(document, "settings")?;
    document.edit(at, |change| {
        change.put(&settings, "name", name)?;
        change.put(&settings, "time_zone", time_zone.name())?;
        if let Some(colour) = colour {
            change.put(&settings, "colour", i64::from(colour))?;
        }
        Ok(())
    })
}

/// Writes the hash of the territory pack.
///
/// # Errors
/// automerge refused.
pub fn set_territory(
    document: &mut Document,
    hash: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = map(document, "settings")?;
    document.edit(at, |change| {
        change.put(&settings, "territory", hash)?;
        Ok(())
    })
}

/// Writes a new team.
///
/// # Errors
/// automerge refused.
pub fn add_team(
    document: &mut Document,
    team: &Team,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let (names, limits) = (map(document, "teams")?, map(document, "limits")?);
    let policies = map(document, "policies")?;
    let id = team.id.to_string();
    document.edit(at, |change| {
        change.put(&names, id.as_str(), team.name.as_str())?;
        change.put(&limits, id.as_str(), i64::from(team.limit))?;
        let policy = match team.policy {
            Policy::Open => "open",
            Policy::Approved => "approved",
        };
        change.put(&policies, id.as_str(), policy)?;
        Ok(())
    })
}

/// Reads a campaign; `None` where it has no name yet.
#[must_use]
pub fn read(document: &Document) -> Option<Campaign> {
    let doc = document.reads();
    let map = |key| scalar::map(doc, &ROOT, key);
    let settings = map("settings")?;
    let (limits, policies) = (map("limits")?, map("policies")?);
    let read_team = |(id, name): (String, String)| {
        Some(Team {
            name,
            limit: scalar::number(doc, &limits, &id)
                .and_then(|limit| u16::try_from(limit).ok())
                .unwrap_or(DEFAULT_LIMIT),
            policy: match scalar::text(doc, &policies, &id).as_deref() {
                Some("open") => Policy::Open,
                _ => Policy::Approved,
            },
            id: id.parse().ok()?,
        })
    };
    Some(Campaign {
        name: scalar::text(doc, &settings, "name")?,
        time_zone: scalar::text(doc, &settings, "time_zone")
            .and_then(|zone| zone.parse().ok())
            .unwrap_or(TimeZone::PARIS),
        // What a newer app chose from a larger palette is as if nothing was chosen.
        colour: scalar::number(doc, &settings, "colour")
            .and_then(|colour| u8::try_from(colour).ok())
            .filter(|colour| colour::is_one(*colour)),
        territory: scalar::text(doc, &settings, "territory"),
        teams: scalar::texts(doc, &map("teams")?)
            .into_iter()
            .filter_map(read_team)
            .collect(),
    })
}

fn map(document: &Document, key: &str) -> Result<automerge::ObjId, Broken> {
    scalar::map(document.reads(), &ROOT, key).ok_or(Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Actor, envelope::Kind, id::DeviceId};

    #[test]
    fn a_campaign_reads_back() {
        let actor = Actor::of(&DeviceId([1; 32]), 1);
        let mut document = Document::new(Kind::Campaign, actor).unwrap();
        assert_eq!(read(&document), None);
        let zone: TimeZone = "Indian/Reunion".parse().unwrap();
        let team = Team {
            id: TeamId([7; 16]),
            name: "Groupe Diderot".into(),
            limit: 6,
            policy: Policy::Open,
        };
        create(&mut document, "Campagne", zone, Some(5), Moment(0)).unwrap();
        set_territory(&mut document, "ab", Moment(0)).unwrap();
        add_team(&mut document, &team, Moment(0)).unwrap();
        let expected = Campaign {
            name: "Campagne".into(),
            time_zone: zone,
            colour: Some(5),
            territory: Some("ab".into()),
            teams: vec![team],
        };
        assert_eq!(read(&document), Some(expected));
    }

    #[test]
    fn a_colour_that_is_none_is_not_read() {
        for (written, read_back) in [(None, None), (Some(6), Some(6)), (Some(7), None)] {
            let actor = Actor::of(&DeviceId([1; 32]), 1);
            let mut document = Document::new(Kind::Campaign, actor).unwrap();
            create(
                &mut document,
                "Campagne",
                TimeZone::PARIS,
                written,
                Moment(0),
            )
            .unwrap();
            assert_eq!(read(&document).unwrap().colour, read_back);
        }
    }
}
