//! Bundles, made of a campaign's true envelopes: some cut, changed, left out, doubled or in
//! another order, with bytes of anybody between them.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use palier_core::{
    envelope::{Envelope, Kind},
    id::Incarnation,
    invitation::Link,
    wire::{PushAnswer, Pushed},
};
use palier_device::{Clock, Device};

use crate::session::{self, Session};

const DATABASE: &str = "device.sqlite3";
/// What a bundle begins with, before the campaign.
const BEGINNING: usize = 16 + 32;

/// What is the same in every run: keys are drawn once a process.
struct Stage {
    /// A whole bundle, and the envelopes in it.
    whole: Vec<u8>,
    envelopes: Vec<Vec<u8>>,
    /// The store of a volunteer who has read nothing yet.
    store: Vec<u8>,
    folder: PathBuf,
    /// How many of the envelopes are a volunteer's to have.
    known: u32,
}

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

impl Stage {
    fn new() -> Self {
        let Session {
            mut device,
            link,
            envelopes,
        } = session::begin();
        let mut whole = Vec::new();
        let count = device.write_bundle(None, &mut whole).unwrap();
        let folder = std::env::temp_dir().join("volunteer");
        let mut volunteer = open(&folder);
        let bodies = envelopes
            .iter()
            .map(|bytes| Envelope::decode(bytes).unwrap());
        let record = bodies
            .filter(|envelope| envelope.header.kind == Kind::Invitation)
            .map(|envelope| envelope.body)
            .next()
            .unwrap();
        let link = Link::parse(&link).unwrap();
        let joining = volunteer.begin_joining(&link, &record, "Merle").unwrap();
        let answer = PushAnswer {
            incarnation: Incarnation([1; 16]).to_string(),
            pushed: vec![Pushed::Stored(1)],
        };
        volunteer.finish_joining(joining, &answer).unwrap();
        drop(volunteer);
        let envelopes = envelopes_of(&whole);
        assert_eq!(envelopes.len(), usize::try_from(count).unwrap());
        let mut stage = Self {
            whole,
            envelopes,
            store: std::fs::read(folder.join(DATABASE)).unwrap(),
            folder,
            known: 0,
        };
        let mut volunteer = stage.volunteer();
        stage.known = stage.take_all(&mut volunteer);
        assert!(stage.known > 0);
        stage
    }

    /// The volunteer, as new.
    fn volunteer(&self) -> Device {
        let _gone = std::fs::remove_dir_all(&self.folder).is_err();
        std::fs::create_dir_all(&self.folder).unwrap();
        std::fs::write(self.folder.join(DATABASE), &self.store).unwrap();
        open(&self.folder)
    }

    /// Brings the whole bundle; how many envelopes are there then.
    fn take_all(&self, volunteer: &mut Device) -> u32 {
        volunteer.read_bundle(&mut self.whole.as_slice()).unwrap();
        let again = volunteer.read_bundle(&mut self.whole.as_slice()).unwrap();
        assert!(again.whole);
        again.known
    }
}

fn open(folder: &Path) -> Device {
    Device::open(folder, None, Clock::at(session::AT)).unwrap()
}

fn envelopes_of(bundle: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &bundle[BEGINNING..];
    let mut envelopes = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
        if length == 0 {
            break;
        }
        envelopes.push(after[..length].to_vec());
        rest = &after[length..];
    }
    envelopes
}

/// What the fuzzer says, byte by byte.
struct Words<'a>(&'a [u8]);

impl Words<'_> {
    fn next(&mut self) -> Option<usize> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(usize::from(*first))
    }

    /// A place in something so long.
    fn place(&mut self, length: usize) -> Option<usize> {
        Some((self.next()? << 8 | self.next()?) % length.max(1))
    }
}

/// One envelope more, or what stands where one should.
fn envelope(words: &mut Words<'_>, envelopes: &[Vec<u8>]) -> Option<Vec<u8>> {
    let how = words.next()? % 4;
    let count = words.next()?;
    let mut one = envelopes[count % envelopes.len()].clone();
    match how {
        0 => one.truncate(words.place(one.len())?),
        1 => {
            let at = words.place(one.len())?;
            one[at] ^= u8::try_from(words.next()?).unwrap();
        }
        2 => {
            one = (0..count)
                .map_while(|_| words.next())
                .map(|byte| byte as u8)
                .collect()
        }
        _ => {}
    }
    Some(one)
}

/// Makes ready what every run uses, so that it is not counted as the first one's time.
pub(crate) fn prepare() {
    LazyLock::force(&STAGE);
}

/// The first byte says whether the rest is the file, and how that ends.
pub(super) fn read(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let stage = &*STAGE;
    let file = match first % 4 {
        0 => rest.to_vec(),
        1 => [&stage.whole[..BEGINNING], rest].concat(),
        _ => {
            let mut words = Words(rest);
            let mut file = stage.whole[..BEGINNING].to_vec();
            while let Some(one) = envelope(&mut words, &stage.envelopes) {
                file.extend(u32::try_from(one.len()).unwrap().to_be_bytes());
                file.extend(one);
            }
            file
        }
    };
    let mut volunteer = stage.volunteer();
    if let Err(reason) = volunteer.read_bundle(&mut file.as_slice()) {
        let code = reason.code();
        assert!(["bundle_not_one", "bundle_other_campaign"].contains(&code.as_str()));
    }
    assert!(!volunteer.rebuild().unwrap().differed, "a rebuild differs");
    // Whatever came before, what is true is taken.
    assert_eq!(stage.take_all(&mut volunteer), stage.known);
    assert!(!volunteer.rebuild().unwrap().differed, "a rebuild differs");
}
