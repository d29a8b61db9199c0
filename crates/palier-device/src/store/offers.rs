//! Envelopes that the relay is to be offered: ours until it has them, others' that came here
//! another way, and all of them once it began a new life.

use palier_core::{
    envelope::{Header, Kind},
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
    refusal::Refusal,
    rights::Place,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// Where an envelope stands among what is offered: who may write comes before what is written,
/// and reports, which are checked against rights, come last.
pub(crate) fn rank(header: &Header) -> u8 {
    match Place::of(&header.campaign, header.space) {
        Place::Campaign => 0,
        Place::Team(_) => 1,
        Place::Reports => 2,
    }
}

pub(crate) fn insert(connection: &Connection, n: i64, rank: u8) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO offer (n, rank, refusal) VALUES (?1, ?2, '') ON CONFLICT DO NOTHING",
        )?
        .execute(params![n, rank])?;
    Ok(())
}

/// Offers everything that is held: the relay lost some of it, and what others wrote is in its log
/// once it was read there again.
pub(crate) fn insert_all(connection: &Connection, campaign: &CampaignId) -> Result<(), Error> {
    connection.execute("DELETE FROM offer", [])?;
    connection.execute(
        "INSERT INTO offer (n, rank, refusal)
         SELECT n, CASE space WHEN ?1 THEN 0 WHEN ?2 THEN 2 ELSE 1 END, '' FROM envelope",
        params![campaign.space().0, campaign.reports_space().0],
    )?;
    connection.execute(
        "UPDATE envelope SET state = 'queued', refusal = '' WHERE state IN ('sent', 'refused')",
        [],
    )?;
    connection.execute(
        "INSERT INTO unread (n) SELECT n FROM envelope WHERE state = 'received'
         ON CONFLICT DO NOTHING",
        [],
    )?;
    connection.execute("UPDATE cursor SET pulled = 0", [])?;
    Ok(())
}

/// An envelope that was offered, as far as the relay's answer concerns it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offered {
    pub(crate) n: i64,
    pub(crate) space: SpaceId,
    pub(crate) device: DeviceId,
    pub(crate) device_seq: u64,
    pub(crate) is_removal: bool,
}

pub(crate) fn get(connection: &Connection, id: EnvelopeId) -> Result<Option<Offered>, Error> {
    let mut query = connection
        .prepare_cached("SELECT n, space, device, device_seq, kind FROM envelope WHERE id = ?1")?;
    Ok(query
        .query_row([id.0], |row| {
            Ok(Offered {
                n: row.get(0)?,
                space: SpaceId(row.get(1)?),
                device: DeviceId(row.get(2)?),
                device_seq: u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
                is_removal: row.get::<_, u8>(4)? == Kind::Revocation.byte(),
            })
        })
        .optional()?)
}

/// The next envelopes to offer, in order, at most `count` and about `bytes` bytes.
pub(crate) fn ready(
    connection: &Connection,
    count: usize,
    bytes: usize,
) -> Result<Vec<(EnvelopeId, Vec<u8>)>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT e.id, e.bytes FROM offer AS o JOIN envelope AS e ON e.n = o.n
         WHERE o.refusal = '' ORDER BY o.rank, o.n",
    )?;
    let mut rows = query.query([])?;
    let mut batch: Vec<(EnvelopeId, Vec<u8>)> = Vec::new();
    let mut size = 0;
    while let Some(row) = rows.next()? {
        let envelope: Vec<u8> = row.get(1)?;
        size += envelope.len() + 4;
        if batch.len() == count || (size > bytes && !batch.is_empty()) {
            break;
        }
        batch.push((EnvelopeId(row.get(0)?), envelope));
    }
    Ok(batch)
}

/// A device's first introduction. `CROSS JOIN` begins with what is offered, which is little
/// beside all that is kept.
const INTRODUCTION: &str =
    "SELECT e.id, e.bytes FROM offer AS o CROSS JOIN envelope AS e ON e.n = o.n
     WHERE e.device = ?1 AND e.device_seq = 1 AND e.kind = ?2 ORDER BY o.rank, o.n LIMIT 1";

/// This device's first introduction, while the relay has not taken it.
pub(crate) fn introduction(
    connection: &Connection,
    me: DeviceId,
) -> Result<Option<(EnvelopeId, Vec<u8>)>, Error> {
    let mut query = connection.prepare_cached(INTRODUCTION)?;
    Ok(query
        .query_row(params![me.0, Kind::Certificate.byte()], |row| {
            Ok((EnvelopeId(row.get(0)?), row.get(1)?))
        })
        .optional()?)
}

pub(crate) fn remove(connection: &Connection, n: i64) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM offer WHERE n = ?1")?
        .execute([n])?;
    Ok(())
}

/// Notes why the relay could not take an envelope yet. What follows it in its device's line
/// waits with it, and is not sent in vain.
pub(crate) fn wait(
    connection: &Connection,
    offered: &Offered,
    refusal: Refusal,
) -> Result<(), Error> {
    connection.execute(
        "UPDATE offer SET refusal = ?2 WHERE n = ?1",
        params![offered.n, refusal.to_string()],
    )?;
    connection.execute(
        "UPDATE offer SET refusal = ?4 WHERE refusal = '' AND n IN
             (SELECT n FROM envelope WHERE space = ?1 AND device = ?2 AND device_seq > ?3)",
        params![
            offered.space.0,
            offered.device.0,
            i64::try_from(offered.device_seq).unwrap_or(i64::MAX),
            Refusal::Gap.to_string()
        ],
    )?;
    Ok(())
}

/// Offers again what waited for this one in its device's line.
pub(crate) fn wake_line(connection: &Connection, offered: &Offered) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE offer SET refusal = '' WHERE refusal <> '' AND n IN
                 (SELECT n FROM envelope WHERE space = ?1 AND device = ?2)",
        )?
        .execute(params![offered.space.0, offered.device.0])?;
    Ok(())
}

/// Offers again the first of each line that waits; how many.
pub(crate) fn wake(connection: &Connection) -> Result<usize, Error> {
    if count_waiting(connection)? == 0 {
        return Ok(0);
    }
    Ok(connection.execute(
        "UPDATE offer SET refusal = '' WHERE n IN
             (SELECT n FROM
                 (SELECT o.n, o.refusal, min(e.device_seq)
                  FROM offer AS o JOIN envelope AS e ON e.n = o.n GROUP BY e.space, e.device)
              WHERE refusal <> '')",
        [],
    )?)
}

pub(crate) fn is_any_ready(connection: &Connection) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM offer WHERE refusal = '' LIMIT 1")?;
    Ok(query.exists([])?)
}

pub(crate) fn count_waiting(connection: &Connection) -> Result<u32, Error> {
    let mut query = connection.prepare_cached("SELECT count(*) FROM offer WHERE refusal > ''")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// Whether anything else is still to be offered that may change what an envelope is allowed.
pub(crate) fn is_other_open(connection: &Connection, n: i64) -> Result<bool, Error> {
    let mut query =
        connection.prepare_cached("SELECT 1 FROM offer WHERE n <> ?1 AND refusal <> ?2 LIMIT 1")?;
    Ok(query.exists(params![n, Refusal::NotAllowed.to_string()])?)
}

/// Whether the relay said before that it has the envelope before this one in its line.
pub(crate) fn is_before_sent(connection: &Connection, offered: &Offered) -> Result<bool, Error> {
    let mut query = connection.prepare_cached(
        "SELECT 1 FROM envelope AS e WHERE e.space = ?1 AND e.device = ?2 AND e.device_seq = ?3
             AND e.state IN ('sent', 'received')
             AND NOT EXISTS (SELECT 1 FROM offer AS o WHERE o.n = e.n)",
    )?;
    Ok(query.exists(params![
        offered.space.0,
        offered.device.0,
        i64::try_from(offered.device_seq.saturating_sub(1)).unwrap_or(i64::MAX)
    ])?)
}

#[cfg(test)]
mod tests {
    use super::INTRODUCTION;
    use crate::store::{Store, plan};

    #[test]
    fn an_introduction_is_looked_for_only_among_what_is_offered() {
        let store = Store::open(None, None).unwrap();
        let plan = plan(store.read(), INTRODUCTION);
        assert!(plan.iter().any(|step| step == "SCAN o"), "{plan:#?}");
        assert!(!plan.iter().any(|step| step == "SCAN e"), "{plan:#?}");
    }
}
