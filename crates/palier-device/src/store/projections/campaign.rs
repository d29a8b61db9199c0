//! The campaign and its teams.

use palier_core::{
    colour, document::campaign::Campaign, id::TeamId, invitation::Policy, moment::TimeZone,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

pub(crate) fn set_campaign(connection: &Connection, campaign: &Campaign) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO campaign (one, name, time_zone, territory, colour) VALUES (1, ?1, ?2, ?3, ?4)
         ON CONFLICT (one) DO UPDATE SET name = excluded.name, colour = excluded.colour,
             time_zone = excluded.time_zone, territory = excluded.territory",
        params![
            campaign.name,
            campaign.time_zone.name(),
            campaign.territory.as_deref().unwrap_or_default(),
            campaign.colour.unwrap_or_default(),
        ],
    )?;
    for team in &campaign.teams {
        connection.execute(
            "INSERT INTO team (id, name, member_limit, policy) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                 member_limit = excluded.member_limit, policy = excluded.policy",
            params![
                team.id.0,
                team.name,
                team.limit,
                match team.policy {
                    Policy::Open => "open",
                    Policy::Approved => "approved",
                }
            ],
        )?;
    }
    Ok(())
}

/// What the campaign says of itself.
#[derive(Clone, Debug)]
pub(crate) struct CampaignRow {
    pub(crate) name: String,
    pub(crate) time_zone: TimeZone,
    /// The hash of its territory pack, empty where there is none.
    pub(crate) territory: String,
    /// The colour that was chosen.
    pub(crate) colour: Option<u8>,
}

pub(crate) fn campaign(connection: &Connection) -> Result<Option<CampaignRow>, Error> {
    let mut query =
        connection.prepare_cached("SELECT name, time_zone, territory, colour FROM campaign")?;
    Ok(query
        .query_row([], |row| {
            Ok(CampaignRow {
                name: row.get(0)?,
                time_zone: row.get::<_, String>(1)?.parse().unwrap_or(TimeZone::PARIS),
                territory: row.get(2)?,
                colour: Some(row.get::<_, u8>(3)?).filter(|colour| colour::is_one(*colour)),
            })
        })
        .optional()?)
}

/// A team as the campaign knows it.
#[derive(Clone, Debug)]
pub(crate) struct Team {
    pub(crate) id: TeamId,
    pub(crate) name: String,
    pub(crate) limit: u16,
    pub(crate) policy: Policy,
}

pub(crate) fn teams(connection: &Connection) -> Result<Vec<Team>, Error> {
    let mut query = connection
        .prepare_cached("SELECT id, name, member_limit, policy FROM team ORDER BY name")?;
    let teams = query.query_map([], |row| {
        Ok(Team {
            id: TeamId(row.get(0)?),
            name: row.get(1)?,
            limit: row.get(2)?,
            policy: match row.get::<_, String>(3)?.as_str() {
                "open" => Policy::Open,
                _ => Policy::Approved,
            },
        })
    })?;
    Ok(teams.collect::<Result<_, _>>()?)
}
