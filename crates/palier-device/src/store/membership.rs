//! Who this device is: its secret, its campaign, its team keys.

use std::borrow::Cow;

use palier_core::{
    certificate::Chain,
    envelope::Envelope,
    id::{CampaignId, DeviceId, TeamId},
    key::TeamKey,
    moment::Moment,
    refusal::Refusal,
    seal,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use zeroize::Zeroizing;

use crate::{clock::random, error::Error};

/// The secret seed of this device and its present life; made on first use.
pub(crate) fn device_seed(
    connection: &Connection,
    now: Moment,
) -> Result<(Zeroizing<[u8; 32]>, u32), Error> {
    let read = || {
        connection
            .query_row("SELECT seed, life FROM device", [], |row| {
                Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, u32>(1)?))
            })
            .optional()
    };
    if let Some((seed, life)) = read()? {
        return Ok((Zeroizing::new(seed), life));
    }
    let seed = Zeroizing::new(random::<32>()?);
    connection.execute(
        "INSERT INTO device (one, seed, life, created_at) VALUES (1, ?1, 1, ?2)",
        params![seed.as_slice(), now.0],
    )?;
    Ok((seed, 1))
}

/// Opens a new life: this device came back from a backup. Its number is random, since a backup
/// may be taken back twice.
pub(crate) fn new_life(connection: &Connection) -> Result<u32, Error> {
    let life = u32::from_be_bytes(random()?).max(2);
    connection.execute("UPDATE device SET life = ?1", [life])?;
    Ok(life)
}

/// The present life.
pub(crate) fn life(connection: &Connection) -> Result<u32, Error> {
    let mut query = connection.prepare_cached("SELECT life FROM device")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// The campaign of this device and its place in it.
#[derive(Clone, Debug)]
pub(crate) struct Membership {
    pub(crate) campaign: CampaignId,
    pub(crate) relay: String,
    pub(crate) chain: Chain,
    pub(crate) pseudonym: String,
}

pub(crate) fn get(connection: &Connection) -> Result<Option<Membership>, Error> {
    let row = connection
        .query_row(
            "SELECT campaign, relay, chain, pseudonym FROM membership",
            [],
            |row| {
                Ok((
                    row.get::<_, [u8; 32]>(0)?,
                    row.get(1)?,
                    row.get::<_, Vec<u8>>(2)?,
                    row.get(3)?,
                ))
            },
        )
        .optional()?;
    row.map(|(campaign, relay, chain, pseudonym)| {
        Ok(Membership {
            campaign: CampaignId(campaign),
            relay,
            chain: Chain::decode(&chain)?,
            pseudonym,
        })
    })
    .transpose()
}

pub(crate) fn insert(
    connection: &Connection,
    membership: &Membership,
    now: Moment,
) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO membership (one, campaign, relay, chain, pseudonym, joined_at)
         VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![
            membership.campaign.0,
            membership.relay,
            membership.chain.encode(),
            membership.pseudonym,
            now.0
        ],
    )?;
    connection.execute("DELETE FROM joining", [])?;
    connection.execute("DELETE FROM asking", [])?;
    Ok(())
}

/// The record of an invitation that this device began to use, so that a second try after a
/// lost answer uses the same.
pub(crate) fn joining(
    connection: &Connection,
    invitation: DeviceId,
) -> Result<Option<Vec<u8>>, Error> {
    Ok(connection
        .query_row(
            "SELECT record FROM joining WHERE invitation = ?1",
            [invitation.0],
            |row| row.get(0),
        )
        .optional()?)
}

pub(crate) fn set_joining(
    connection: &Connection,
    invitation: DeviceId,
    record: &[u8],
) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO joining (one, invitation, record) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET invitation = excluded.invitation, record = excluded.record",
        params![invitation.0, record],
    )?;
    Ok(())
}

/// Forgets the record of an invitation that does not hold any more.
pub(crate) fn forget_joining(connection: &Connection) -> Result<(), Error> {
    connection.execute("DELETE FROM joining", [])?;
    Ok(())
}

/// Puts another chain of certificates in the place of the own one.
pub(crate) fn set_chain(connection: &Connection, chain: &Chain) -> Result<(), Error> {
    connection.execute("UPDATE membership SET chain = ?1", [chain.encode()])?;
    Ok(())
}

/// Whether an invitation was begun to be used.
pub(crate) fn is_joining(connection: &Connection) -> Result<bool, Error> {
    Ok(
        connection.query_row("SELECT EXISTS (SELECT 1 FROM joining)", [], |row| {
            row.get(0)
        })?,
    )
}

/// The campaign's root key, on the device that made the campaign.
pub(crate) fn root(connection: &Connection) -> Result<Option<Zeroizing<[u8; 32]>>, Error> {
    let seed = connection.query_row("SELECT seed FROM root", [], |row| row.get(0));
    Ok(seed.optional()?.map(Zeroizing::new))
}

pub(crate) fn insert_root(connection: &Connection, seed: &[u8; 32]) -> Result<(), Error> {
    connection.execute("INSERT INTO root (one, seed) VALUES (1, ?1)", [seed])?;
    Ok(())
}

pub(crate) fn insert_key(
    connection: &Connection,
    team: TeamId,
    key: &TeamKey,
) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO team_key (team, epoch, key) VALUES (?1, ?2, ?3)
         ON CONFLICT (team, epoch, key) DO NOTHING",
        params![team.0, key.epoch, key.bytes],
    )?;
    Ok(())
}

/// Every key of a team, oldest epoch first; the last one seals. Where two leads changed the
/// key at the same time, everybody who holds both takes the smaller one.
pub(crate) fn keys(connection: &Connection, team: TeamId) -> Result<Vec<TeamKey>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT epoch, key FROM team_key WHERE team = ?1 ORDER BY epoch, key DESC",
    )?;
    let keys = query.query_map([team.0], read_key)?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// The keys of one epoch of a team; the first one seals.
pub(crate) fn keys_of_epoch(
    connection: &Connection,
    team: TeamId,
    epoch: u32,
) -> Result<Vec<TeamKey>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT epoch, key FROM team_key WHERE team = ?1 AND epoch = ?2 ORDER BY key",
    )?;
    let keys = query.query_map(params![team.0, epoch], read_key)?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// The body of an envelope in clear, a sealed one opened with a key of its epoch; otherwise
/// why not.
pub(crate) fn clear_body<'a>(
    connection: &Connection,
    envelope: &'a Envelope,
) -> Result<Result<Cow<'a, [u8]>, Refusal>, Error> {
    let header = &envelope.header;
    if !header.kind.is_sealed() {
        return Ok(Ok(Cow::Borrowed(&envelope.body)));
    }
    let keys = keys_of_epoch(connection, TeamId(header.space.0), header.key_epoch)?;
    if keys.is_empty() {
        return Ok(Err(Refusal::KeyUnknown));
    }
    let bound = header.encode();
    let opened = keys
        .iter()
        .find_map(|key| seal::open_body(key, &bound, &envelope.body).ok());
    Ok(opened.map(Cow::Owned).ok_or(Refusal::CannotOpen))
}

/// The teams whose keys this device holds.
pub(crate) fn teams_with_keys(connection: &Connection) -> Result<Vec<TeamId>, Error> {
    let mut query =
        connection.prepare_cached("SELECT DISTINCT team FROM team_key ORDER BY team")?;
    let teams = query.query_map([], |row| Ok(TeamId(row.get(0)?)))?;
    Ok(teams.collect::<Result<_, _>>()?)
}

fn read_key(row: &Row<'_>) -> rusqlite::Result<TeamKey> {
    Ok(TeamKey {
        epoch: row.get(0)?,
        bytes: row.get(1)?,
    })
}
