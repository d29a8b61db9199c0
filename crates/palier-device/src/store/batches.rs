//! What was answered and waits for its batch: one row a team and station, written over in place.
//!
//! Sixteen numbers of four bytes: the doors that opened, the seven counts that wait, and the
//! doors and counts that are ready. A row that grew would move in its page and leave what it was
//! before behind.

use palier_core::{
    answers::{Answers, Batch, Counts},
    document::report::NO_STATION,
    id::TeamId,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

const WIDTH: usize = 64;

/// What waits at a station of a team.
pub(crate) fn get(connection: &Connection, team: TeamId, station: &str) -> Result<Batch, Error> {
    let mut query = connection
        .prepare_cached("SELECT numbers FROM answer_batch WHERE team = ?1 AND station = ?2")?;
    let found = query.query_row(params![team.0, named(station)], |row| row.get(0));
    Ok(found.optional()?.map(read).unwrap_or_default())
}

/// Changes what waits at a station of a team.
pub(crate) fn change<E>(
    connection: &Connection,
    team: TeamId,
    station: &str,
    how: impl FnOnce(&mut Batch) -> Result<(), E>,
) -> Result<(), Error>
where
    Error: From<E>,
{
    let mut batch = get(connection, team, station)?;
    how(&mut batch)?;
    connection
        .prepare_cached(
            "INSERT INTO answer_batch (team, station, numbers) VALUES (?1, ?2, ?3)
             ON CONFLICT (team, station) DO UPDATE SET numbers = excluded.numbers",
        )?
        .execute(params![team.0, named(station), written(&batch)])?;
    Ok(())
}

/// The stations where something waits, by team.
pub(crate) fn all(connection: &Connection) -> Result<Vec<(TeamId, String, Batch)>, Error> {
    let mut query = connection.prepare_cached("SELECT team, station, numbers FROM answer_batch")?;
    let rows = query.query_map([], |row| {
        Ok((TeamId(row.get(0)?), row.get(1)?, read(row.get(2)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets all of it: this device came back from a backup, and its earlier self may have said it.
pub(crate) fn forget(connection: &Connection) -> Result<(), Error> {
    connection.execute("DELETE FROM answer_batch", [])?;
    Ok(())
}

fn named(station: &str) -> &str {
    if station.is_empty() {
        NO_STATION
    } else {
        station
    }
}

fn read(bytes: [u8; WIDTH]) -> Batch {
    let mut numbers = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .copied()
        .map(u32::from_be_bytes);
    let opened = numbers.next().unwrap_or_default();
    let mut waiting = [0; 7];
    waiting.fill_with(|| numbers.next().unwrap_or_default());
    let mut ready = [0; 8];
    ready.fill_with(|| numbers.next().unwrap_or_default());
    Batch {
        opened,
        waiting: Counts::of_list(waiting),
        ready: Answers::from_numbers(ready),
    }
}

fn written(batch: &Batch) -> [u8; WIDTH] {
    let mut bytes = [0; WIDTH];
    let numbers = std::iter::once(batch.opened)
        .chain(batch.waiting.list())
        .chain(batch.ready.numbers());
    for (four, number) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(numbers) {
        *four = number.to_be_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use palier_core::answers::Answered;

    use super::*;
    use crate::store::Store;

    const TEAM: TeamId = TeamId([7; 16]);
    /// What the table alone holds, so that it can be sought in the files.
    const STATION: &str = "a-station-of-this-test-alone";

    fn yes(batch: &mut Batch, level: u8) -> Result<(), Error> {
        batch.open_door();
        let answered = Answered {
            support: Some(level),
            ..Answered::default()
        };
        batch.answer(Answered::default(), answered)?;
        Ok(())
    }

    #[test]
    fn a_batch_reads_back() {
        let store = Store::open(None, None).unwrap();
        let batch = Batch {
            opened: 3,
            waiting: Counts::of_list([1, 2, 3, 4, 5, 6, 7]),
            ready: Answers::from_numbers([10, 9, 8, 7, 6, 5, 4, 70_000]),
        };
        change(store.read(), TEAM, "", |kept| -> Result<(), Error> {
            *kept = batch;
            Ok(())
        })
        .unwrap();
        assert_eq!(get(store.read(), TEAM, NO_STATION).unwrap(), batch);
        assert_eq!(get(store.read(), TEAM, "2").unwrap(), Batch::default());
    }

    /// Whoever takes the phone finds the sums as they are, and none as it was before.
    #[test]
    fn the_files_hold_the_sums_of_now_and_no_earlier_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.sqlite3");
        let mut store = Store::open(Some(&path), None).unwrap();
        for level in [1, 5, 5, 2, 3, 1, 4] {
            store
                .write_untraced(|t| change(t, TEAM, STATION, |batch| yes(batch, level)))
                .unwrap();
            let log = folder.path().join("device.sqlite3-wal");
            assert_eq!(std::fs::metadata(log).unwrap().len(), 0);
            let bytes = std::fs::read(&path).unwrap();
            let rows = bytes
                .windows(STATION.len())
                .filter(|window| *window == STATION.as_bytes());
            assert_eq!(rows.count(), 1);
        }
        // Every number that a row ever held would be found by its bytes: only the last is.
        let last = written(&get(store.read(), TEAM, STATION).unwrap());
        let bytes = std::fs::read(&path).unwrap();
        assert!(bytes.windows(WIDTH).any(|window| window == last));
        let mut earlier = Batch::default();
        for level in [1, 5, 5, 2, 3, 1] {
            yes(&mut earlier, level).unwrap();
            let was = written(&earlier);
            // The head of a row may be cut where it was freed: its tail is sought.
            let (tail, now) = (&was[..32], &last[..32]);
            assert!(tail == now || !bytes.windows(32).any(|window| window == tail));
        }
    }
}
