//! Bodies that must come, and come fast enough.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::{Patience, Reserved, Room};

/// What may come of a body before the rest of it is given room at once.
const SMALL_BYTES: usize = 64 << 10;

/// Why a body was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unread {
    /// It did not come in time.
    Late,
    /// It is larger than the cap.
    TooLarge,
    /// The connection was cut, or what came is no body.
    Cut,
    /// There was no room for it in memory.
    NoRoom,
}

/// A body, and its room in memory.
#[derive(Debug)]
pub(crate) struct Held {
    /// The body.
    pub(crate) bytes: Bytes,
    /// Its room.
    pub(crate) room: Option<Reserved>,
}

/// Reads a whole body of at most `cap_bytes`, of which `expected_bytes` are announced.
pub(crate) async fn read(
    body: Body,
    expected_bytes: usize,
    cap_bytes: usize,
    room: &Room,
    patience: &Patience,
) -> Result<Held, Unread> {
    let begun = Instant::now();
    let mut pieces = body.into_data_stream();
    let mut read = Vec::new();
    let mut held = None;
    loop {
        let piece = timeout_at(due(begun, read.len(), patience), pieces.next());
        let piece = match piece.await.map_err(|_elapsed| Unread::Late)? {
            None => {
                let bytes = read.into();
                return Ok(Held { bytes, room: held });
            }
            Some(piece) => piece.map_err(|_reason| Unread::Cut)?,
        };
        if piece.len() > cap_bytes.saturating_sub(read.len()) {
            return Err(Unread::TooLarge);
        }
        let size = next_size(&read, piece.len(), expected_bytes);
        if size > read.capacity() {
            let more = room.reserve(size - read.capacity(), patience.room).await;
            Reserved::add(&mut held, more.ok_or(Unread::NoRoom)?);
            read.reserve_exact(size - read.len());
        }
        read.extend_from_slice(&piece);
    }
}

/// How much memory a body takes with one more piece. At first it follows what comes, since a length
/// costs nothing to announce. What has come so far announces the rest: taken part by part, large
/// bodies would wait for each other.
fn next_size(read: &Vec<u8>, piece_bytes: usize, expected_bytes: usize) -> usize {
    let needed = read.len().saturating_add(piece_bytes);
    if needed <= read.capacity() {
        read.capacity()
    } else if needed <= SMALL_BYTES {
        needed.max(needed.saturating_mul(2).min(expected_bytes))
    } else {
        needed.max(expected_bytes)
    }
}

/// When the next piece is due: soon after the last one, and no later than the whole body may
/// take with what has come of it.
fn due(begun: Instant, read_bytes: usize, patience: &Patience) -> Instant {
    let seconds = read_bytes as u64 / u64::from(patience.bytes_per_s.max(1));
    let whole = begun + patience.body + Duration::from_secs(seconds);
    whole.min(Instant::now() + patience.gap)
}
