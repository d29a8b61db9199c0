//! A version of a kit as it was published: bytes in pieces, under the id that is their digest.
//!
//! ```text
//! settings, cards, order: for drafts    published: { NUMBER: bytes }
//! ```
//!
//! It is written by one change and never again. Only that change is read: whatever somebody adds
//! later to the same document changes nothing.

use automerge::{ObjType, ROOT, ReadDoc, ScalarValue, Value, transaction::Transactable};

use crate::{
    document::{Actor, Broken, Document, scalar},
    envelope::Kind,
    id::{DeviceId, DocumentId},
    kit::{MAX_KIT_BYTES, Version},
    moment::Moment,
};

/// The maps that it begins with.
pub(super) const MAPS: &[&str] = &["settings", "cards", "order"];
/// Bytes of a piece: a value has at most as many.
const PIECE_BYTES: usize = 2_000;

/// Writes a version.
///
/// # Errors
/// automerge refused.
pub fn publish(
    document: &mut Document,
    version: &[u8],
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    document.edit(at, |change| {
        let published = change.put_object(ROOT, "published", ObjType::Map)?;
        for (number, piece) in version.chunks(PIECE_BYTES).enumerate() {
            let bytes = ScalarValue::Bytes(piece.to_vec());
            change.put(&published, format!("{number:03}"), bytes)?;
        }
        Ok(())
    })
}

/// Reads the version that a document was published as, with its bytes; `None` where none of its
/// changes is one with the document's id.
#[must_use]
pub fn read(document: &Document, id: DocumentId) -> Option<(Version, Vec<u8>)> {
    // Nothing is written: any actor will do.
    let reader = Actor::of(&DeviceId([0; 32]), 0);
    document.inner.get_changes(&[]).into_iter().find_map(|one| {
        let mut alone = Document::new(Kind::Kit, reader).ok()?;
        alone.apply(vec![one]).ok()?;
        let bytes = pieces(&alone)?;
        let version = (Version::id(&bytes) == id).then(|| Version::decode(&bytes))??;
        Some((version, bytes))
    })
}

fn pieces(document: &Document) -> Option<Vec<u8>> {
    let doc = document.reads();
    let published = scalar::map(doc, &ROOT, "published")?;
    let mut bytes = Vec::new();
    for key in doc.keys(&published) {
        let Ok(Some((Value::Scalar(value), _))) = doc.get(&published, &key) else {
            return None;
        };
        match value.as_ref() {
            ScalarValue::Bytes(piece) if bytes.len() + piece.len() <= MAX_KIT_BYTES => {
                bytes.extend_from_slice(piece);
            }
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{batch, check::check},
        kit::Kit,
    };

    const TRAINER: DeviceId = DeviceId([1; 32]);
    const OTHER: DeviceId = DeviceId([2; 32]);
    const NOW: Moment = Moment(1_700_000_000_000);

    fn document(device: &DeviceId) -> Document {
        Document::new(Kind::Kit, Actor::of(device, 1)).unwrap()
    }

    fn version() -> Version {
        let (_, text) = crate::demo::KITS[0];
        let kit = Kit::read(text).unwrap();
        Version { number: 3, kit }
    }

    #[test]
    fn a_version_travels_as_one_change_and_reads_back() {
        let bytes = version().encode();
        let mut mine = document(&TRAINER);
        let change = publish(&mut mine, &bytes, NOW).unwrap().unwrap();
        let body = batch::pack([change.as_slice()]).unwrap();
        let mut theirs = document(&OTHER);
        let changes = check(&theirs, Kind::Kit, &TRAINER, &body, NOW).unwrap();
        theirs.apply(changes).unwrap();
        let id = Version::id(&bytes);
        for document in [&mine, &theirs] {
            assert_eq!(read(document, id), Some((version(), bytes.clone())));
            assert_eq!(read(document, DocumentId([9; 16])), None);
        }
    }

    #[test]
    fn what_somebody_writes_over_it_changes_nothing() {
        let bytes = version().encode();
        let id = Version::id(&bytes);
        let mut mine = document(&TRAINER);
        publish(&mut mine, &bytes, NOW).unwrap();
        let mut other = Version {
            number: 4,
            ..version()
        };
        other.kit.title = "Autre".into();
        publish(&mut mine, &other.encode(), NOW).unwrap();
        assert_eq!(read(&mine, id), Some((version(), bytes)));
        assert_eq!(read(&document(&TRAINER), id), None);
    }

    #[test]
    fn a_version_that_breaks_the_rules_is_none() {
        let mut loops = version();
        let opening = loops.kit.opening.clone();
        for step in loops.kit.steps.values_mut() {
            for answer in &mut step.answers {
                answer.next = opening.clone();
            }
        }
        let bytes = loops.encode();
        let mut mine = document(&TRAINER);
        publish(&mut mine, &bytes, NOW).unwrap();
        assert_eq!(read(&mine, Version::id(&bytes)), None);
    }
}
