//! Looking over a database: at one state of it, without writing or locking anything there, so
//! that a replica can be looked over as well.

use std::pin::pin;

use deadpool_postgres::Transaction;
use futures_util::{Stream, StreamExt, TryStreamExt};
use palier_core::{
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
    moment::Moment,
};
use rusqlite::types::Value;
use tokio_postgres::{IsolationLevel, Row, types::Type};

use super::{PostgresUrl, in_a_thread, open, pool, rows};
use crate::{
    error::StoreError,
    rebuild::values,
    replay::{ASKED, AT_A_TIME as REPLAYED_AT_A_TIME, DERIVED, Kept, Replay},
    upkeep::check::{AT_A_TIME, Checked, Line, Log, Pack},
};

/// Everything is read, most of it in the order in which it lies, and that takes its time.
const PATIENTLY: &str = "SET LOCAL statement_timeout = 0;
     SET LOCAL idle_in_transaction_session_timeout = 0;
     SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on";
/// Spaces whose counter is not at the end of their log.
const COUNTERS: &str = "SELECT coalesce(s.campaign, l.campaign) AS campaign,
            coalesce(s.space, l.space) AS space
     FROM spaces s FULL JOIN
          (SELECT campaign, space, max(seq) AS head FROM log GROUP BY campaign, space) l
          ON l.campaign = s.campaign AND l.space = s.space
     WHERE s.head IS DISTINCT FROM l.head ORDER BY 1, 2";
/// Campaigns whose next turn is one that was taken already.
const TURNS: &str = "SELECT l.campaign
     FROM (SELECT campaign, max(turn) AS turn FROM log GROUP BY campaign) l
     LEFT JOIN campaigns c ON c.campaign = l.campaign
     WHERE l.turn > coalesce(c.turn, 0) ORDER BY 1";
const LOG: &str = "SELECT campaign, space, seq, device, device_seq, id, kind, document, bytes
     FROM log ORDER BY campaign, space, seq";
/// Tables whose lines refer to others that are not there: not what the server lets happen.
const DANGLING: &str = "SELECT 'pack_parts' AS name FROM pack_parts p
     WHERE NOT EXISTS (SELECT 1 FROM packs k WHERE k.campaign = p.campaign AND k.hash = p.hash)
     UNION SELECT 'redemptions' FROM redemptions r
     WHERE NOT EXISTS (SELECT 1 FROM invitations i
                       WHERE i.campaign = r.campaign AND i.key = r.key)
     UNION SELECT 'tallies' FROM tallies t
     WHERE NOT EXISTS (SELECT 1 FROM reports r
                       WHERE r.campaign = t.campaign AND r.document = t.document)
     UNION SELECT 'turnout' FROM turnout t
     WHERE NOT EXISTS (SELECT 1 FROM reports r
                       WHERE r.campaign = t.campaign AND r.document = t.document)
     ORDER BY 1";
/// No parameters.
const NONE: [i64; 0] = [];

/// Looks a database over.
pub(crate) fn check(url: &PostgresUrl, now: Moment) -> Result<Checked, StoreError> {
    in_a_thread(async || {
        let mut db = pool(url, 1)?.get().await?;
        let mut db = db
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await?;
        db.batch_execute(PATIENTLY).await?;
        open::check_current(&db).await?;
        let mut checked = Checked::default();
        for part in [Part::Dangling, Part::Counters, Part::Log, Part::Packs] {
            // What cannot be read any more is damage, and the rest is looked at all the same:
            // an error ends this part of the transaction alone.
            let mut look = db.savepoint("look").await?;
            let looked = part.look(&mut look, &mut checked).await;
            told(looked, |reason| checked.found_unreadable(reason))?;
            look.rollback().await?;
        }
        let replayed = projections(&db, &mut checked, now).await;
        told(replayed, |reason| checked.found_no_replay(reason))?;
        Ok(checked)
    })
}

/// A fault of what is kept is a problem that was found. Where the server is gone, nobody could
/// look.
fn told(
    looked: Result<(), StoreError>,
    problem: impl FnOnce(&StoreError),
) -> Result<(), StoreError> {
    match looked {
        Err(reason) if reason.passes() => Err(reason),
        Err(reason) => {
            problem(&reason);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// What is looked at.
#[derive(Clone, Copy)]
enum Part {
    Dangling,
    Counters,
    Log,
    Packs,
}

impl Part {
    async fn look(self, db: &mut Transaction<'_>, checked: &mut Checked) -> Result<(), StoreError> {
        match self {
            Self::Dangling => dangling(db, checked).await,
            Self::Counters => counters(db, checked).await,
            Self::Log => log(db, checked).await,
            Self::Packs => packs(db, checked).await,
        }
    }
}

async fn dangling(db: &Transaction<'_>, checked: &mut Checked) -> Result<(), StoreError> {
    for row in db.query(DANGLING, &[]).await? {
        let table: &str = row.try_get("name")?;
        checked.found_dangling(table);
    }
    Ok(())
}

async fn counters(db: &Transaction<'_>, checked: &mut Checked) -> Result<(), StoreError> {
    for row in db.query(COUNTERS, &[]).await? {
        checked.found_counter(row.try_get("campaign")?, row.try_get("space")?);
    }
    for row in db.query(TURNS, &[]).await? {
        let campaign = CampaignId(rows::id(&row, "campaign")?);
        checked.found("a turn is behind its log", format!("campaign {campaign}"));
    }
    Ok(())
}

async fn log(db: &Transaction<'_>, checked: &mut Checked) -> Result<(), StoreError> {
    let mut found = pin!(db.query_raw(LOG, NONE).await?.fuse());
    let mut log = Log::default();
    loop {
        let lines = some(&mut found, AT_A_TIME, line).await?;
        if lines.is_empty() {
            return Ok(());
        }
        log.follow(&lines, checked);
    }
}

/// The next rows, read.
async fn some<T>(
    found: &mut (impl Stream<Item = Result<Row, tokio_postgres::Error>> + Unpin),
    most: usize,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut some = Vec::new();
    while some.len() < most
        && let Some(row) = found.try_next().await?
    {
        some.push(read(&row)?);
    }
    Ok(some)
}

fn line(row: &Row) -> Result<Line, StoreError> {
    let kind: i16 = row.try_get("kind")?;
    Ok(Line {
        campaign: CampaignId(rows::id(row, "campaign")?),
        space: SpaceId(rows::id(row, "space")?),
        seq: rows::count(row.try_get("seq")?)?,
        device: DeviceId(rows::id(row, "device")?),
        device_seq: rows::count(row.try_get("device_seq")?)?,
        id: EnvelopeId(rows::id(row, "id")?),
        kind: u8::try_from(kind).map_err(|_range| StoreError::Broken("a kind"))?,
        document: rows::id(row, "document")?,
        bytes: row.try_get("bytes")?,
    })
}

async fn packs(db: &Transaction<'_>, checked: &mut Checked) -> Result<(), StoreError> {
    let packs = "SELECT campaign, hash, size FROM packs ORDER BY campaign, hash";
    let parts =
        "SELECT part, bytes FROM pack_parts WHERE campaign = $1 AND hash = $2 ORDER BY part";
    for row in db.query(packs, &[]).await? {
        let (campaign, hash): (&[u8], &[u8]) = (row.try_get("campaign")?, row.try_get("hash")?);
        let mut pack = Pack::new(rows::count(row.try_get("size")?)?);
        let mut found = pin!(db.query_raw(parts, [campaign, hash]).await?);
        while let Some(row) = found.try_next().await? {
            pack.take(rows::count(row.try_get("part")?)?, row.try_get("bytes")?);
        }
        pack.end(campaign, hash, checked);
    }
    Ok(())
}

/// Everything that follows from the log, made again in a file beside the database.
async fn projections(
    db: &Transaction<'_>,
    checked: &mut Checked,
    now: Moment,
) -> Result<(), StoreError> {
    let replay = Replay::begin(now)?;
    let mut log = pin!(db.query_raw(super::rebuild::LOG, NONE).await?.fuse());
    loop {
        let kept = some(&mut log, REPLAYED_AT_A_TIME, |row| kept(row)?.batch()).await?;
        if kept.is_empty() {
            break;
        }
        replay.take(&kept)?;
    }
    let mut asked = pin!(db.query_raw(ASKED, NONE).await?);
    while let Some(row) = asked.try_next().await? {
        replay.take_asked(line_of(&row)?)?;
    }
    for (table, key) in DERIVED {
        if differs(db, &replay, table, key).await? {
            checked.found_table(table);
        }
    }
    Ok(())
}

/// An envelope of the log.
pub(super) fn kept(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept {
        campaign: CampaignId(rows::id(row, "campaign")?),
        bytes: row.try_get("bytes")?,
        id: EnvelopeId(rows::id(row, "id")?),
        device: DeviceId(rows::id(row, "device")?),
        at: Moment(row.try_get("received_at")?),
    })
}

/// Whether a table stands otherwise than it follows from the log. Both sorts of store have the
/// same columns there, and order bytes and texts alike.
async fn differs(
    db: &Transaction<'_>,
    replay: &Replay,
    table: &str,
    key: &str,
) -> Result<bool, StoreError> {
    let mut replayed = replay.lines(table, key)?;
    let columns: Vec<_> = replayed.column_names().collect();
    let columns = columns.join(", ");
    let kept = format!("SELECT {columns} FROM {table} ORDER BY {key}");
    let mut kept = pin!(db.query_raw(&kept, NONE).await?);
    let mut replayed = replayed.query([])?;
    loop {
        let kept = kept.try_next().await?.as_ref().map(line_of).transpose()?;
        match (kept, values(replayed.next()?)?) {
            (None, None) => return Ok(false),
            (kept, replayed) if kept != replayed => return Ok(true),
            _ => {}
        }
    }
}

/// What stands in a line, as a file would hold it.
fn line_of(row: &Row) -> Result<Vec<Value>, StoreError> {
    let columns = row.columns().iter().enumerate();
    let value = |(place, column): (usize, &tokio_postgres::Column)| -> Result<Value, StoreError> {
        Ok(match *column.type_() {
            Type::BYTEA => Value::Blob(row.try_get(place)?),
            Type::BOOL => Value::Integer(row.try_get::<_, bool>(place)?.into()),
            Type::INT2 => Value::Integer(row.try_get::<_, i16>(place)?.into()),
            Type::INT4 => Value::Integer(row.try_get::<_, i32>(place)?.into()),
            Type::INT8 => Value::Integer(row.try_get(place)?),
            _ => Value::Text(row.try_get(place)?),
        })
    };
    columns.map(value).collect()
}
