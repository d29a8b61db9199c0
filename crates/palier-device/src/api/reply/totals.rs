//! Counts, as a screen shows them.

use palier_core::{answers::Answers, open_rate::Rate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::request::Grouping;

/// Counts, with where they come from and when.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Totals {
    /// Whose counts these are.
    pub source: TotalsSource,
    /// When they were counted, RFC 3339.
    pub at: String,
    /// How they are grouped.
    pub by: Grouping,
    /// One row a group that has any count, or any past.
    pub rows: Vec<TotalsRow>,
}

/// Whose counts are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TotalsSource {
    /// The relay's last known figures, of the whole campaign.
    Relay,
    /// This device's own visits.
    Device,
}

/// Counts of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TotalsRow {
    /// The polling station, when grouped by station.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub station: Option<String>,
    /// The day on the campaign's clock, `YYYY-MM-DD`, when grouped by day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub day: Option<String>,
    /// The team's name, when grouped by team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub team: Option<String>,
    /// Knocks: the sum of the seven outcomes.
    pub knocked: u32,
    /// Conversations.
    pub spoke: u32,
    /// Nobody there.
    pub absent: u32,
    /// Somebody declined.
    pub refused: u32,
    /// Somebody asked to come back.
    pub come_back: u32,
    /// The door could not be reached.
    pub inaccessible: u32,
    /// Nobody lives there.
    pub vacant: u32,
    /// Somebody asked never to be contacted.
    pub do_not_contact: u32,
    /// Leaflets left.
    pub leaflets: u32,
    /// What was answered at the door; absent where too little was, for anybody to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub answers: Option<AnswersRow>,
    /// Doors known there.
    pub doors: u32,
    /// Registered voters at the latest ballot known.
    pub registered: Option<u32>,
    /// Ballots cast so far, by hour.
    pub turnout: Vec<HourVotes>,
}

/// What people answered at the doors of a group, in whole batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AnswersRow {
    /// Opened doors where these answers may have come from.
    pub doors: u32,
    /// How many said how much they support the campaign.
    pub answered: u32,
    /// How many of each, from 1 to 5.
    pub support: [u32; 5],
    /// Who said 4 or 5, out of those who answered: percents, then the ends of the interval.
    /// Absent where too few did.
    pub favourable: Option<[u8; 3]>,
    /// Trouble with the registration as a voter.
    pub registration: u32,
    /// Wishes for a proxy.
    pub proxy: u32,
}

impl AnswersRow {
    /// The row of answers that may be shown.
    #[must_use]
    pub fn of(answers: &Answers) -> Self {
        let counts = &answers.counts;
        Self {
            doors: answers.doors,
            answered: counts.supports(),
            support: counts.support,
            favourable: counts.favourable().map(Rate::percents),
            registration: counts.registration,
            proxy: counts.proxy,
        }
    }
}

/// Ballots cast at an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HourVotes {
    /// The hour on the campaign's clock, `HH:MM`.
    pub hour: String,
    /// Ballots cast since the opening.
    pub votes: u32,
}
