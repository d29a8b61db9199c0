//! Why something that was asked for does not make sense, a family for each thing it is about.
//!
//! Each variant is a code, and its fields are what the interface's line for that code is given:
//! `ui/locales` has one for each, and a test there holds both against these types. The text of
//! `Display` is for a terminal. Nothing here holds what a person typed.

use palier_core::{
    building::{
        AccessCode, BadPlan, FLOORS, MAX_LABEL, MAX_PLANNED, MAX_STAIR, NotACode, NotAPlace,
    },
    come_back::NotAComeBack,
    moment::{NotAMoment, NotATimeZone, NotAnHour},
    outcome::UnknownOutcome,
    rights::Role,
};
use serde::Serialize;
use ts_rs::TS;

/// Why something that was asked for does not make sense.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(untagged)]
#[error(transparent)]
#[ts(export)]
pub enum BadInput {
    /// Something about a building.
    Building(#[from] BadBuilding),
    /// Something about a visit.
    Visit(#[from] BadVisit),
    /// Something about people.
    Team(#[from] BadTeam),
    /// Something about the campaign.
    Campaign(#[from] BadCampaign),
}

/// What of a building cannot be so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum BadBuilding {
    /// A text names no door, or no landing.
    #[error(
        "not a place in a building: floors from {lowest} to {highest}, a stair of {stair} characters and a door of {door} at most, without /"
    )]
    NotAPlace {
        /// The lowest floor that there may be.
        lowest: i16,
        /// The highest floor that there may be.
        highest: i16,
        /// The longest name of a stair, characters.
        stair: usize,
        /// The longest label of a door, characters.
        door: usize,
    },
    /// The lowest floor is above the highest.
    #[error("the lowest floor is above the highest")]
    FloorsUpsideDown,
    /// A description has no door, or too many.
    #[error("a description has 1 to {most} doors")]
    TooManyDoors {
        /// How many it may have.
        most: usize,
    },
    /// A name of a place is too long, or holds what a name cannot.
    #[error("a name has at most {most} characters, on one line, without /")]
    PlaceName {
        /// How many characters it may have.
        most: usize,
    },
    /// A text is no code of a door.
    #[error("{NotACode}")]
    AccessCode {
        /// How many signs it may have.
        most: usize,
    },
    /// A code came with another way in.
    #[error("only the way \"code\" has a code")]
    CodeOfOtherWay,
    /// A code ends too early or too late.
    #[error("a code ends after now, and within three months")]
    CodeEnds,
    /// No door was given, or doors of several buildings.
    #[error("doors of one building, at least one")]
    NotOneBuilding,
    /// No number is free.
    #[error("this landing is full")]
    LandingFull,
}

impl From<NotAPlace> for BadBuilding {
    fn from(_reason: NotAPlace) -> Self {
        Self::NotAPlace {
            lowest: *FLOORS.start(),
            highest: *FLOORS.end(),
            stair: MAX_STAIR,
            door: MAX_LABEL,
        }
    }
}

impl From<NotACode> for BadBuilding {
    fn from(_reason: NotACode) -> Self {
        Self::AccessCode {
            most: AccessCode::MOST,
        }
    }
}

impl From<BadPlan> for BadBuilding {
    fn from(reason: BadPlan) -> Self {
        match reason {
            BadPlan::Place(reason) => reason.into(),
            BadPlan::UpsideDown => Self::FloorsUpsideDown,
            BadPlan::Size => Self::TooManyDoors { most: MAX_PLANNED },
        }
    }
}

/// What of a visit, or of a file of visits, cannot be so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum BadVisit {
    /// No door was given.
    #[error("no door was given")]
    NoDoor,
    /// A gesture over many doors would cover up a wish.
    #[error("at one of these doors somebody asked not to be contacted")]
    DoNotContact,
    /// It was taken back.
    #[error("this visit was taken back already")]
    VisitTakenBack,
    /// It does not ask to come back.
    #[error("this visit asks for no other one")]
    AsksNoReturn,
    /// A text says no day and hours.
    #[error("{NotAComeBack}")]
    NotAComeBack,
    /// It is dated too far ahead.
    #[error("a visit cannot be more than two days ahead")]
    TooFarAhead,
    /// A text is no moment.
    #[error("{NotAMoment}")]
    NotAMoment,
    /// A word is no outcome.
    #[error("{UnknownOutcome}")]
    UnknownOutcome,
    /// A word says neither that there was a leaflet nor that there was none.
    #[error("leaflet is true or false")]
    NotALeaflet,
    /// A file of visits lacks a column.
    #[error("the columns are door,outcome,at,leaflet")]
    VisitColumns,
    /// A row of a file of visits has more cells than it should, or fewer, or is no text.
    #[error("this row has another number of cells, or is not UTF-8")]
    VisitCells,
}

/// What of a team or an invitation cannot be so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum BadTeam {
    /// A team has no such size.
    #[error("a team has 1 to {most} members")]
    TeamSize {
        /// How many members it may have.
        most: u16,
    },
    /// Several teams could be meant.
    #[error("say which team")]
    WhichTeam,
    /// An invitation that nobody could use, or too many.
    #[error("an invitation has 1 to {most} uses and ends in the future")]
    InvitationUses {
        /// How often it may be used.
        most: u16,
    },
    /// An invitation into a team names none.
    #[error("say for which team the {0} is")]
    InvitationNeedsTeam(#[serde(skip)] Role),
    /// An invitation names a team where none belongs.
    #[error("a {0} has no team")]
    InvitationHasNoTeam(#[serde(skip)] Role),
    /// An invitation names a station where none belongs.
    #[error("a {0} has no station")]
    InvitationHasNoStation(#[serde(skip)] Role),
    /// A text is no code that another device shows.
    #[error("a code has {signs} signs, as the other device shows it")]
    PairingCode {
        /// How many signs it has.
        signs: usize,
    },
}

/// What of a campaign, a turf, a round or a count cannot be so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum BadCampaign {
    /// A name is empty, too long, or not on one line.
    #[error("a name has 1 to {most} characters, on one line")]
    BadName {
        /// How many characters it may have.
        most: usize,
    },
    /// A text is no address of a relay.
    #[error("the relay's address begins with https:// or http://")]
    RelayAddress,
    /// A text names no time zone.
    #[error("{NotATimeZone}")]
    NotATimeZone,
    /// A text is no moment.
    #[error("{NotAMoment}")]
    NotADate,
    /// A text is no hour of the day.
    #[error("{NotAnHour}")]
    NotAnHour,
    /// More ballots than a station can count.
    #[error("a station counts at most {most} ballots")]
    TooManyBallots {
        /// How many it can.
        most: u32,
    },
    /// A turf is made from several things, or from none.
    #[error("a turf is made from a station or from addresses, one of them")]
    TurfOfWhat,
    /// A turf without an address.
    #[error("a turf has one address at least")]
    TurfOfNothing,
    /// The campaign offers as many base maps as it may.
    #[error("a campaign offers {most} base maps at most")]
    TooManyPacks {
        /// How many it may offer.
        most: usize,
    },
    /// No colour has this number.
    #[error("a colour is a number from 1 to {most}")]
    NotAColour {
        /// The last one.
        most: u8,
    },
    /// Too many buildings at a time, or none.
    #[error("1 to {most} buildings are noted at a time")]
    TooManyBuildings {
        /// How many there may be.
        most: usize,
    },
}
