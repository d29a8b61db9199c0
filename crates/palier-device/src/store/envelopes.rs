//! Envelopes, changes that wait for one, and what was set aside.

use palier_core::{
    envelope::{Envelope, Kind},
    id::{DeviceId, DocumentId, EnvelopeId, SpaceId},
    moment::Moment,
    refusal::Refusal,
};
use rusqlite::{Connection, params};

use super::offers;
use crate::error::Error;

/// What becomes of an envelope that is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Ours, to be sent.
    Queued,
    /// Another's, from the relay; or ours, from before a backup.
    Received,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Received => "received",
        }
    }
}

/// Keeps an envelope; `records` counts what a person would call records in it.
pub(crate) fn insert(
    connection: &Connection,
    envelope: &Envelope,
    bytes: &[u8],
    records: u32,
    state: State,
    now: Moment,
) -> Result<EnvelopeId, Error> {
    let id = EnvelopeId::of(bytes);
    let header = &envelope.header;
    let mut insert = connection.prepare_cached(
        "INSERT INTO envelope
             (id, space, device, device_seq, kind, document, records, state, refusal, kept_at, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', ?9, ?10)",
    )?;
    insert.execute(params![
        id.0,
        header.space.0,
        header.device.0,
        i64::try_from(header.device_seq).unwrap_or(i64::MAX),
        header.kind.byte(),
        header.document.0,
        records,
        state.word(),
        now.0,
        bytes
    ])?;
    if state == State::Queued {
        offers::insert(
            connection,
            connection.last_insert_rowid(),
            offers::rank(header),
        )?;
    }
    Ok(id)
}

pub(crate) fn is_known(connection: &Connection, id: EnvelopeId) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM envelope WHERE id = ?1")?;
    Ok(query.exists([id.0])?)
}

/// Notes that the relay has an envelope, of ours or of others.
pub(crate) fn set_sent(connection: &Connection, id: EnvelopeId) -> Result<(), Error> {
    if let Some(offered) = offers::get(connection, id)? {
        set_offered_sent(connection, offered.n)?;
    }
    Ok(())
}

/// As [`set_sent`], by the place in the order in which they came.
pub(crate) fn set_offered_sent(connection: &Connection, n: i64) -> Result<(), Error> {
    let mut update = connection.prepare_cached(
        "UPDATE envelope SET state = 'sent', refusal = '' WHERE n = ?1 AND state <> 'received'",
    )?;
    update.execute([n])?;
    offers::remove(connection, n)
}

/// Notes that the relay refused an envelope for good. One of others is not offered again.
pub(crate) fn set_refused(connection: &Connection, n: i64, refusal: Refusal) -> Result<(), Error> {
    connection.execute(
        "UPDATE envelope SET state = 'refused', refusal = ?2 WHERE n = ?1 AND state <> 'received'",
        params![n, refusal.to_string()],
    )?;
    offers::remove(connection, n)
}

/// How many envelopes of a space are kept.
pub(crate) fn count(connection: &Connection, space: SpaceId) -> Result<u32, Error> {
    let mut query = connection.prepare_cached("SELECT count(*) FROM envelope WHERE space = ?1")?;
    Ok(query.query_row([space.0], |row| row.get(0))?)
}

/// Every envelope that is kept, in the order in which it came, with the moment.
pub(crate) fn for_each(
    connection: &Connection,
    mut each: impl FnMut(&[u8], Moment) -> Result<(), Error>,
) -> Result<u32, Error> {
    let mut query = connection.prepare("SELECT bytes, kept_at FROM envelope ORDER BY n")?;
    let mut rows = query.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        each(&bytes, Moment(row.get(1)?))?;
        count += 1;
    }
    Ok(count)
}

/// Records by what became of them: to be sent, sent, refused.
pub(crate) fn count_records(connection: &Connection) -> Result<[u32; 3], Error> {
    Ok(connection.query_row(
        "SELECT (SELECT coalesce(sum(records), 0) FROM pending_change)
              + coalesce(sum(records) FILTER (WHERE state = 'queued'), 0),
                coalesce(sum(records) FILTER (WHERE state = 'sent'), 0),
                coalesce(sum(records) FILTER (WHERE state = 'refused'), 0)
         FROM envelope",
        [],
        |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]),
    )?)
}

/// Why envelopes were refused or wait, each reason once.
pub(crate) fn refusals(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut query = connection.prepare(
        "SELECT refusal FROM envelope WHERE state = 'refused'
         UNION SELECT o.refusal FROM offer AS o JOIN envelope AS e ON e.n = o.n
             WHERE e.state = 'queued' AND o.refusal NOT IN ('', 'gap')
         ORDER BY refusal",
    )?;
    let words = query.query_map([], |row| row.get(0))?;
    Ok(words.collect::<Result<_, _>>()?)
}

/// Keeps a change until an envelope is built.
pub(crate) fn insert_pending(
    connection: &Connection,
    document: DocumentId,
    records: u32,
    change: &[u8],
) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO pending_change (document, records, bytes) VALUES (?1, ?2, ?3)",
    )?;
    insert.execute(params![document.0, records, change])?;
    Ok(())
}

/// The next changes of one document that wait for an envelope.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) document: DocumentId,
    pub(crate) kind: Kind,
    pub(crate) space: SpaceId,
    pub(crate) last: i64,
    pub(crate) records: u32,
    pub(crate) changes: Vec<Vec<u8>>,
}

/// The changes of the document that waits longest, at most `count`. A document that is sealed
/// waits on until a key of its team is there.
pub(crate) fn next_pending(
    connection: &Connection,
    count: usize,
) -> Result<Option<Pending>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT p.n, p.records, p.bytes, d.id, d.kind, d.space
         FROM pending_change AS p JOIN document AS d ON d.id = p.document
         WHERE p.document = (
             SELECT w.document FROM pending_change AS w JOIN document AS o ON o.id = w.document
             WHERE o.space NOT IN (SELECT space FROM behind)
                 AND (o.kind NOT IN (16, 17, 18)
                     OR EXISTS (SELECT 1 FROM team_key AS k WHERE k.team = o.space))
             ORDER BY w.n LIMIT 1)
         ORDER BY p.n LIMIT ?1",
    )?;
    let mut rows = query.query([i64::try_from(count).unwrap_or(i64::MAX)])?;
    let mut pending: Option<Pending> = None;
    while let Some(row) = rows.next()? {
        let kind = Kind::from_byte(row.get(4)?).ok_or(Error::Document)?;
        let pending = pending.get_or_insert(Pending {
            document: DocumentId(row.get(3)?),
            kind,
            space: SpaceId(row.get(5)?),
            last: 0,
            records: 0,
            changes: Vec::new(),
        });
        pending.last = row.get(0)?;
        pending.records += row.get::<_, u32>(1)?;
        pending.changes.push(row.get(2)?);
    }
    Ok(pending)
}

/// The spaces that were read before, and have changes that are still to be sealed.
pub(crate) fn spaces_to_seal(connection: &Connection) -> Result<Vec<SpaceId>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT DISTINCT d.space FROM pending_change AS p
         JOIN document AS d ON d.id = p.document
         JOIN cursor AS c ON c.space = d.space AND c.pulled > 0
         WHERE d.kind IN (16, 17, 18) ORDER BY d.space",
    )?;
    let spaces = query.query_map([], |row| Ok(SpaceId(row.get(0)?)))?;
    Ok(spaces.collect::<Result<_, _>>()?)
}

pub(crate) fn delete_pending(
    connection: &Connection,
    document: DocumentId,
    last: i64,
) -> Result<(), Error> {
    let mut delete =
        connection.prepare_cached("DELETE FROM pending_change WHERE document = ?1 AND n <= ?2")?;
    delete.execute(params![document.0, last])?;
    Ok(())
}

/// The envelopes of one document by one device, in its line.
pub(crate) fn of_document(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    document: DocumentId,
) -> Result<Vec<Vec<u8>>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT bytes FROM envelope WHERE space = ?1 AND device = ?2 AND document = ?3
         ORDER BY device_seq",
    )?;
    let found = query.query_map(params![space.0, device.0, document.0], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The changes of one document that wait, in order.
pub(crate) fn pending_of(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<Vec<u8>>, Error> {
    let mut query = connection
        .prepare_cached("SELECT bytes FROM pending_change WHERE document = ?1 ORDER BY n")?;
    let found = query.query_map([document.0], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whether anything waits for an envelope.
pub(crate) fn is_anything_to_seal(connection: &Connection) -> Result<bool, Error> {
    let mut query = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM pending_change) OR EXISTS (SELECT 1 FROM pending_body)",
    )?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// Whether any change waits.
pub(crate) fn is_any_pending(connection: &Connection) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM pending_change LIMIT 1")?;
    Ok(query.exists([])?)
}

/// Every change that waits, in order.
pub(crate) fn all_pending(connection: &Connection) -> Result<Vec<(DocumentId, Vec<u8>)>, Error> {
    let mut query = connection.prepare("SELECT document, bytes FROM pending_change ORDER BY n")?;
    let changes = query.query_map([], |row| Ok((DocumentId(row.get(0)?), row.get(1)?)))?;
    Ok(changes.collect::<Result<_, _>>()?)
}

/// Keeps bytes that could not be taken, with the reason.
pub(crate) fn set_aside(
    connection: &Connection,
    space: SpaceId,
    bytes: &[u8],
    refusal: Refusal,
    now: Moment,
) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO set_aside (id, space, refusal, kept_at, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET refusal = excluded.refusal",
        params![
            EnvelopeId::of(bytes).0,
            space.0,
            refusal.to_string(),
            now.0,
            bytes
        ],
    )?;
    Ok(())
}

/// The envelopes of one kind in a space, in the order in which they came, with their places in
/// it.
pub(crate) fn of_kind(
    connection: &Connection,
    space: SpaceId,
    kind: Kind,
) -> Result<Vec<(i64, Vec<u8>)>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT n, bytes FROM envelope WHERE space = ?1 AND kind = ?2 ORDER BY n",
    )?;
    let found = query.query_map(params![space.0, kind.byte()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How far a space's log was read.
pub(crate) fn pulled(connection: &Connection, space: SpaceId) -> Result<u64, Error> {
    use rusqlite::OptionalExtension;
    let mut query = connection.prepare_cached("SELECT pulled FROM cursor WHERE space = ?1")?;
    let pulled: Option<i64> = query.query_row([space.0], |row| row.get(0)).optional()?;
    Ok(pulled
        .and_then(|pulled| u64::try_from(pulled).ok())
        .unwrap_or_default())
}

pub(crate) fn set_pulled(
    connection: &Connection,
    space: SpaceId,
    pulled: u64,
) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO cursor (space, pulled) VALUES (?1, ?2)
         ON CONFLICT (space) DO UPDATE SET pulled = excluded.pulled",
    )?;
    insert.execute(params![space.0, i64::try_from(pulled).unwrap_or(i64::MAX)])?;
    Ok(())
}
