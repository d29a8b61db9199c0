//! What shares a commit shares its fate, and nobody is answered before it.

use futures_util::FutureExt;
use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    envelope::{Envelope, Header, Kind},
    id::{DocumentId, EnvelopeId},
    key::Secret,
    moment::Moment,
    rights::{Role, Scope},
};

use super::*;
use crate::{accept::Candidate, store::sqlite::open, wakeups::News};

const NOW: Moment = Moment(1_000);

/// The introduction of an organiser in the campaign's space.
fn introduction(root: &Secret, seed: u8) -> Candidate {
    let device = Secret::from_seed(&[seed; 32]);
    let grant = Grant {
        campaign: root.campaign(),
        subject: device.device(),
        receive: device.receive_key(),
        role: Role::Organiser,
        scope: Scope::Campaign,
        not_after: Moment(2_000),
        issued: Issued::By(root.device()),
    };
    let chain = Chain::of_organiser(Certificate::sign(grant, root));
    let header = Header {
        kind: Kind::Certificate,
        campaign: root.campaign(),
        space: root.campaign().space(),
        document: DocumentId::NONE,
        key_epoch: 0,
        device: device.device(),
        device_seq: 1,
        previous: EnvelopeId::NONE,
    };
    let bytes = Envelope::sign(header, chain.encode(), &device).encode();
    Candidate::read(bytes.into(), &root.campaign()).unwrap()
}

fn batch(root: &Secret, seed: u8) -> Batch {
    Batch {
        device: Secret::from_seed(&[seed; 32]).device(),
        candidates: vec![Ok(introduction(root, seed))],
        at: NOW,
    }
}

type Answered = oneshot::Receiver<Result<Vec<Pushed>, StoreError>>;

/// Three pushes that wait together.
fn waiting(root: &Secret) -> (Vec<Work>, Vec<Answered>) {
    (1..=3)
        .map(|seed| {
            let (answer, answered) = oneshot::channel();
            (Work::Push(batch(root, seed), answer), answered)
        })
        .unzip()
}

#[test]
fn what_waits_together_is_committed_together_or_not_at_all() {
    let root = Secret::from_seed(&[200; 32]);
    let (campaign, space) = (root.campaign(), root.campaign().space());
    let mut desk = Desk::new(open::scratch(NOW).unwrap());
    let wakeups = Arc::new(Wakeups::default());
    let listening = wakeups.listen(campaign, root.device(), [space], 1);
    let heard = || listening.news().now_or_never();

    // The third one makes the commit itself fail.
    desk.db
        .execute_batch(
            "CREATE TABLE absent (id INTEGER PRIMARY KEY);
         CREATE TABLE refers (id INTEGER REFERENCES absent (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER fails AFTER INSERT ON log WHEN NEW.seq = 3
         BEGIN INSERT INTO refers (id) VALUES (1); END;",
        )
        .unwrap();
    let (work, answered) = waiting(&root);
    desk.commit_together(work, &wakeups);
    for answer in answered {
        assert!(answer.blocking_recv().unwrap().is_err());
    }
    let count = |db: &Connection| {
        db.query_row("SELECT count(*) FROM log", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!((count(&desk.db), heard()), (0, None));

    desk.db.execute_batch("DROP TRIGGER fails").unwrap();
    let (work, answered) = waiting(&root);
    desk.commit_together(work, &wakeups);
    for (seq, answer) in (1..).zip(answered) {
        let pushed = answer.blocking_recv().unwrap().unwrap();
        assert_eq!(pushed, [Pushed::Stored(seq)]);
    }
    let grown = News::Grown(vec![(space, 3)]);
    assert_eq!((count(&desk.db), heard()), (3, Some(grown)));
}

#[tokio::test]
async fn a_closed_writer_finishes_what_waits_and_takes_no_more() {
    let root = Secret::from_seed(&[200; 32]);
    let db = open::scratch(NOW).unwrap();
    let writer = Arc::new(Writer::start(db, Arc::default()).unwrap());
    let first = writer.push(batch(&root, 1)).await.unwrap();
    assert_eq!(first, [Pushed::Stored(1)]);
    writer.close().await;
    assert!(matches!(
        writer.push(batch(&root, 2)).await,
        Err(StoreError::Closed)
    ));
}
