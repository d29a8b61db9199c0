//! The one module that knows automerge.
//!
//! A [`Document`] never invents an actor or a time: both come in. Changes leave as bytes and
//! come back only through [`check`], which looks at them before automerge does.

pub mod batch;
pub mod campaign;
pub mod check;
pub mod chunk;
pub mod kit;
pub mod report;
pub mod rewrite;
mod scalar;
pub mod shift;
pub mod team;
pub mod turf;

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{
    ActorId, Automerge, Change, ChangeHash, ObjType, ROOT, ReadDoc,
    transaction::{CommitOptions, Transactable, Transaction},
};
use sha2::{Digest, Sha256};

use crate::{envelope::Kind, id::DeviceId, moment::Moment, refusal::Refusal};

/// A document that automerge could not read, write or change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the document could not be read")]
pub struct Broken;

impl From<automerge::AutomergeError> for Broken {
    fn from(_reason: automerge::AutomergeError) -> Self {
        Self
    }
}

impl From<Broken> for Refusal {
    fn from(_reason: Broken) -> Self {
        Self::BadSchema
    }
}

/// Who writes: the first 12 bytes of SHA-256 over the device, and a number that grows when a
/// device comes back from a backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Actor([u8; 16]);

impl Actor {
    /// The actor of a device in one of its lives.
    #[must_use]
    pub fn of(device: &DeviceId, life: u32) -> Self {
        let mut bytes = [0; 16];
        let (name, number) = bytes.split_at_mut(12);
        name.copy_from_slice(&device_name(device));
        number.copy_from_slice(&life.to_be_bytes());
        Self(bytes)
    }

    /// Whether bytes name an actor of this device, in any of its lives.
    #[must_use]
    pub fn is_of(bytes: &[u8], device: &DeviceId) -> bool {
        bytes.len() == 16 && bytes.starts_with(&device_name(device))
    }

    fn id(self) -> ActorId {
        ActorId::from(self.0)
    }
}

fn device_name(device: &DeviceId) -> [u8; 12] {
    let whole: [u8; 32] = Sha256::new()
        .chain_update(b"palier actor 1")
        .chain_update(device.0)
        .finalize()
        .into();
    whole.first_chunk().copied().unwrap_or_default()
}

/// One CRDT document; a clone goes on by itself.
#[derive(Clone, Debug)]
pub struct Document {
    inner: Automerge,
}

impl Document {
    /// A document of a kind as everybody has it before the first change, to be written by
    /// `actor`.
    ///
    /// Documents with many writers begin with a first change that is the same everywhere and
    /// is never sent: it makes their maps, so that two people who write offline write into
    /// the same ones.
    ///
    /// # Errors
    /// automerge refused.
    #[expect(
        clippy::disallowed_methods,
        reason = "the actor is set before anything is written"
    )]
    pub fn new(kind: Kind, actor: Actor) -> Result<Self, Broken> {
        let mut inner = Automerge::new();
        let maps = first_maps(kind);
        if !maps.is_empty() {
            inner.set_actor(ActorId::from([0; 16]));
            let mut transaction = inner.transaction();
            for map in maps {
                transaction.put_object(ROOT, *map, ObjType::Map)?;
            }
            transaction.commit_with(CommitOptions::default().with_time(0));
        }
        inner.set_actor(actor.id());
        Ok(Self { inner })
    }

    /// Reads a saved document, to be written by `actor`.
    ///
    /// # Errors
    /// The bytes are not a document.
    pub fn load(saved: &[u8], actor: Actor) -> Result<Self, Broken> {
        guarded(|| {
            let mut inner = Automerge::load(saved)?;
            inner.set_actor(actor.id());
            Ok(Self { inner })
        })
    }

    /// Its bytes, not compressed: a document is saved at every tap, and stays small.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        self.inner.save_nocompress()
    }

    /// Applies changes that [`check::check`] let through.
    ///
    /// # Errors
    /// automerge refused or fell; the document must then be dropped.
    pub fn apply(&mut self, changes: Vec<Change>) -> Result<(), Broken> {
        guarded(|| Ok(self.inner.apply_changes(changes)?))
    }

    /// Writes one change, and gives its bytes; `None` where nothing was written.
    pub(crate) fn edit(
        &mut self,
        at: Moment,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), Broken>,
    ) -> Result<Option<Vec<u8>>, Broken> {
        let mut transaction = self.inner.transaction();
        write(&mut transaction)?;
        let options = CommitOptions::default().with_time(at.unix_seconds());
        let (Some(hash), _patches) = transaction.commit_with(options) else {
            return Ok(None);
        };
        let change = self.inner.get_change_by_hash(&hash).ok_or(Broken)?;
        Ok(Some(change.raw_bytes().to_vec()))
    }

    pub(crate) fn reads(&self) -> &impl ReadDoc {
        &self.inner
    }

    fn knows(&self, hash: &[u8; 32]) -> bool {
        self.inner
            .get_change_meta_by_hash(&ChangeHash(*hash))
            .is_some()
    }

    /// The number of the last operation of a change.
    fn last_operation(&self, hash: &ChangeHash) -> Option<u64> {
        Some(self.inner.get_change_meta_by_hash(hash)?.max_op)
    }

    fn next_seq(&self, actor: &[u8]) -> u64 {
        let actor = ActorId::from(actor);
        self.inner
            .get_changes_meta(&[])
            .iter()
            .filter(|change| *change.actor == actor)
            .count() as u64
            + 1
    }
}

/// The maps that a document of a kind begins with.
const fn first_maps(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Turf => turf::MAPS,
        Kind::Team => team::MAPS,
        Kind::Campaign => campaign::MAPS,
        Kind::Kit => kit::MAPS,
        _ => &[],
    }
}

/// Runs what only automerge does, so that a document it falls over is set aside alone.
fn guarded<T>(work: impl FnOnce() -> Result<T, Broken>) -> Result<T, Broken> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Broken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_belongs_to_one_device_in_all_its_lives() {
        let (merle, pinson) = (DeviceId([1; 32]), DeviceId([2; 32]));
        assert!(Actor::is_of(&Actor::of(&merle, 1).0, &merle));
        assert!(Actor::is_of(&Actor::of(&merle, 2).0, &merle));
        assert!(!Actor::is_of(&Actor::of(&merle, 1).0, &pinson));
        assert!(!Actor::is_of(b"", &merle));
    }

    #[test]
    fn shared_documents_begin_alike_everywhere() {
        for kind in [Kind::Turf, Kind::Team, Kind::Campaign, Kind::Kit] {
            let merle = Document::new(kind, Actor::of(&DeviceId([1; 32]), 1)).unwrap();
            let pinson = Document::new(kind, Actor::of(&DeviceId([2; 32]), 1)).unwrap();
            assert_eq!(merle.inner.get_heads(), pinson.inner.get_heads());
            assert_eq!(merle.inner.get_heads().len(), 1);
        }
    }
}
