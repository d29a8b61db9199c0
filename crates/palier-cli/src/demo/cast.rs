//! Who plays in a demonstration.

use palier_core::{
    moment::{Millis, Moment},
    rights::Role,
};
use palier_device::{Clock, api::Api};

/// A part to be played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// The organiser.
    Organiser,
    /// A member of a team, both from 0; the first member leads.
    Member(usize, usize),
}

impl Part {
    /// Every part in the teams.
    pub(super) fn of_teams(teams: usize, members: usize) -> impl Iterator<Item = Self> {
        (0..teams).flat_map(move |team| (0..members).map(move |member| Self::Member(team, member)))
    }

    /// The role that goes with it.
    pub(super) const fn role(self) -> Role {
        match self {
            Self::Organiser => Role::Organiser,
            Self::Member(_, 0) => Role::Lead,
            Self::Member(..) => Role::Volunteer,
        }
    }

    /// Its team, from 0.
    pub(super) const fn team(self) -> Option<usize> {
        match self {
            Self::Organiser => None,
            Self::Member(team, _) => Some(team),
        }
    }
}

/// One of the cast: a device and its clock.
#[derive(Debug)]
pub(super) struct Person {
    /// What they play.
    pub(super) part: Part,
    /// Their pseudonym.
    pub(super) name: String,
    /// Their device.
    pub(super) api: Api,
    clock: Clock,
    /// Whether it is the device of `--home`.
    pub(super) at_home: bool,
}

impl Person {
    /// Casts a part.
    pub(super) const fn new(
        part: Part,
        name: String,
        api: Api,
        clock: Clock,
        at_home: bool,
    ) -> Self {
        Self {
            part,
            name,
            api,
            clock,
            at_home,
        }
    }

    /// Sets the clock of the device.
    pub(super) fn set_clock(&self, to: Moment) {
        let by = to.0.saturating_sub(self.clock.now().0);
        self.clock.advance(Millis(by));
    }
}
