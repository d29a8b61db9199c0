//! What a demonstration says that it made.

use std::path::Path;

use palier_core::demo::Town;
use serde_json::json;

use super::{
    cast::{Part, Person},
    stage::Stage,
};
use crate::{failure::Failure, out::Out};

/// What was made.
#[derive(Debug)]
pub(super) struct Made<'a> {
    pub(super) seed: u64,
    pub(super) town: &'a Town,
    pub(super) stage: &'a Stage,
    pub(super) people: &'a [Person],
    /// Who the device of `--home` is.
    pub(super) you: &'a Person,
    /// How many visits.
    pub(super) visits: usize,
    /// Invitations to try, where there is a relay: for a volunteer, for a lead.
    pub(super) links: Option<[String; 2]>,
    pub(super) home: &'a Path,
}

impl Made<'_> {
    /// Says it.
    ///
    /// # Errors
    /// Standard output is closed.
    pub(super) fn tell(&self, out: Out) -> Result<(), Failure> {
        if out.json {
            out.value(&self.value())
        } else {
            out.text(&self.lines())
        }
    }

    fn members(&self, team: usize) -> Vec<&str> {
        self.people
            .iter()
            .filter(|person| person.part.team() == Some(team))
            .map(|person| person.name.as_str())
            .collect()
    }

    fn own_team(&self) -> Option<&str> {
        let team = self.stage.teams.get(self.you.part.team()?)?;
        Some(&team.name)
    }

    fn value(&self) -> serde_json::Value {
        let teams: Vec<_> = (0..)
            .zip(&self.stage.teams)
            .map(|(place, team)| {
                let turfs: Vec<_> = team
                    .turfs
                    .iter()
                    .map(|(turf, name)| json!({ "turf": turf, "name": name }))
                    .collect();
                json!({
                    "team": team.team,
                    "name": team.name,
                    "members": self.members(place),
                    "turfs": turfs,
                })
            })
            .collect();
        let [volunteer, lead] = match &self.links {
            Some(links) => links.each_ref().map(Some),
            None => [None, None],
        };
        json!({
            "campaign": self.stage.campaign,
            "town": self.town.name,
            "seed": self.seed,
            "stations": self.town.territory.stations.len(),
            "addresses": self.town.territory.addresses.len(),
            "visits": self.visits,
            "teams": teams,
            "role": self.you.part.role(),
            "name": Some(&self.you.name).filter(|name| !name.is_empty()),
            "own_team": self.own_team(),
            "home": self.home.display().to_string(),
            "invitations": { "volunteer": volunteer, "lead": lead },
        })
    }

    fn lines(&self) -> String {
        let territory = &self.town.territory;
        let mut lines = vec![format!(
            "{}: {} stations, {} addresses, a week of {} visits (seed {})",
            self.town.name,
            territory.stations.len(),
            territory.addresses.len(),
            self.visits,
            self.seed
        )];
        for (place, team) in (0..).zip(&self.stage.teams) {
            lines.push(format!(
                "  {}: {}, {} turfs",
                team.name,
                self.members(place).join(", "),
                team.turfs.len()
            ));
        }
        let home = self.home.display();
        let role = self.you.part.role();
        lines.push(match (self.you.part, self.own_team()) {
            (Part::Member(..), Some(team)) => {
                format!("{home} is {}, {role} of {team}", self.you.name)
            }
            _ => format!("{home} is the {role}"),
        });
        if let Some([volunteer, lead]) = &self.links {
            lines.push(format!("An invitation for a volunteer: {volunteer}"));
            lines.push(format!("An invitation for a lead:      {lead}"));
        }
        lines.push(format!("To open it: palier serve --home {home}"));
        lines.join("\n") + "\n"
    }
}
