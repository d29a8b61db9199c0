//! What can go wrong on a device, each with a code that the interface has a line for.

use std::io::ErrorKind;

use palier_core::{code::CodeError, kit, refusal::Refusal};
use serde::{Serialize, Serializer};
use serde_json::Value;
use ts_rs::TS;

use crate::{basemap::PackFault, import::ImportError, reason::BadInput};

/// What went wrong. Its text is for a terminal and holds no content.
///
/// Serialized, it is what the interface needs to say it in its own words: `code`, and what the
/// line of that code is given. What is skipped is for the terminal only.
#[derive(Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export, rename = "Fault")]
pub enum Error {
    /// The device has not joined a campaign.
    #[error("this device is in no campaign yet: create one, or join one by its link")]
    NotInCampaign,
    /// The device is in a campaign already.
    #[error("this device is in a campaign already")]
    AlreadyInCampaign,
    /// The person's role does not allow it.
    #[error("your role does not allow this")]
    NotAllowed,
    /// An answer that cannot be counted, or no longer.
    #[error("no door opened here that this answer could be of, or it was counted for good already")]
    NotCounted,
    /// Several things have this name.
    #[error("several of this name: give the id of the {0}")]
    Ambiguous(#[serde(skip)] Thing),
    /// Something of this name exists.
    #[error("there is a {0} of this name already")]
    NameTaken(#[serde(skip)] Thing),
    /// Something that was asked for does not make sense.
    #[error("{reason}")]
    BadInput {
        /// Why.
        reason: BadInput,
    },
    /// A line of a file does not make sense; nothing of the file was kept.
    #[error("line {line}: {reason}; nothing was recorded")]
    BadLine {
        /// The line in the file, from 1.
        #[ts(type = "number")]
        line: u64,
        /// Why.
        reason: Box<Self>,
    },
    /// A file of reference data was not understood; nothing of it was kept.
    #[error("{reason}; nothing was imported")]
    BadFile {
        /// Why.
        reason: ImportError,
    },
    /// A kit breaks the rules; nothing was published.
    #[error("{}", lines(.faults))]
    BadKit {
        /// All that is wrong with it.
        faults: Vec<kit::Fault>,
    },
    /// A file that was handed over in a request is cut.
    #[error("the file did not arrive whole")]
    NotWhole,
    /// The link is no invitation.
    #[error("not an invitation link, or only a part of one")]
    BadLink,
    /// A lead declined the request of this device, or the relay no longer has it.
    #[error(
        "your request was declined, or the relay no longer has it; you can ask again with the link"
    )]
    Declined,
    /// The relay does not have what was asked for.
    #[error("the relay does not have it")]
    #[serde(rename = "not_found")]
    NotThere,
    /// The relay did not answer.
    #[error("the relay does not answer ({0}); everything is kept here and will be sent later")]
    Offline(#[serde(skip)] &'static str),
    /// The relay has too much to do, and says when it wishes to be asked again.
    #[error("the relay has too much to do; everything is kept here and will be sent later")]
    Busy(#[serde(skip)] std::time::Duration),
    /// The other device shows another code.
    #[error("the other device shows another code, or listens no more")]
    WrongCode,
    /// The relay answered something that is no answer.
    #[error("the relay answered something that Palier does not understand ({0}); nothing was lost")]
    #[serde(rename = "relay_nonsense")]
    Nonsense(#[serde(skip)] &'static str),
    /// The disk is full.
    #[error("the disk is full, or takes no more: nothing was recorded; make room and try again")]
    DiskFull,
    /// The database was written by a newer version.
    #[error(
        "this database was written by a newer Palier (step {found}, this one knows {known}): update Palier; nothing was changed"
    )]
    NewerDatabase {
        /// The database's step.
        #[serde(skip)]
        found: i64,
        /// The last step known here.
        #[serde(skip)]
        known: i64,
    },
    /// The database is damaged and was moved aside.
    #[error("the database is damaged; it was moved aside, to {0}, and kept")]
    Damaged(#[serde(skip)] String),
    /// The database cannot be used.
    #[error("the database cannot be used: {0}")]
    Store(#[serde(skip)] rusqlite::Error),
    /// A document cannot be read.
    #[error("a document cannot be read")]
    Document,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoChance,
    /// The campaign was closed on this device while something was asked of it.
    #[error("this campaign is not open any more; nothing was recorded")]
    #[serde(rename = "campaign_closed")]
    Closed,
    /// Another program has the campaign open.
    #[error("another program has this campaign open: close it first; nothing was changed")]
    InUse,
    /// Leaving the campaign would lose what was not sent, and nobody said that it may.
    #[error("{0} records were not sent yet and would be lost; nothing was changed")]
    Unsent(#[serde(skip)] u32),
    /// Leaving the campaign would lose its root key, and nobody said that it may.
    #[error("this device alone can make organisers of this campaign; nothing was changed")]
    HoldsRoot,
    /// A file cannot be written.
    #[error("the file cannot be written ({0}); nothing else changed")]
    NotSaved(#[serde(skip)] ErrorKind),
    /// The folder of the device, or a file in it, cannot be used.
    #[error("the folder cannot be used: {0}")]
    Folder(#[serde(skip)] ErrorKind),
    /// A key was given, and this build encrypts nothing.
    #[error("this build does not encrypt its database")]
    NotEncrypted,
    /// The campaign was left, and its files are still there.
    #[error("the campaign was left; its files are removed at the next start ({0})")]
    NotWiped(#[serde(skip)] ErrorKind),
    /// Nothing has this id or name.
    #[error("unknown {0}")]
    #[serde(untagged)]
    Unknown(Thing),
    /// A code that people hand each other is not the one that is wanted.
    #[error("{0}")]
    #[serde(untagged)]
    Code(CodeFault),
    /// A file of another device is of no use here; nothing of it was taken.
    #[error("{0}; nothing was taken")]
    #[serde(untagged)]
    Bundle(BundleFault),
    /// A file is of no use as a base map; it was not kept.
    #[error("{0}; nothing was kept")]
    #[serde(untagged)]
    MapPack(PackFault),
    /// The relay, or a rule, refused.
    #[error("{}", refusal_sentence(*.0))]
    #[serde(untagged)]
    Refused(
        #[serde(with = "refused")]
        #[ts(as = "Refused")]
        Refusal,
    ),
}

/// A [`Refusal`] as an error tells it.
#[derive(Serialize, TS)]
#[ts(export)]
struct Refused {
    code: Refusal,
}

mod refused {
    use super::{Refusal, Refused, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(code: &Refusal, to: S) -> Result<S::Ok, S::Error> {
        Refused { code: *code }.serialize(to)
    }
}

fn lines(faults: &[kit::Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// What the interface is told instead of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The error's code, and what its line is given.
    #[serde(flatten)]
    pub fault: Value,
    /// The same for a log or a terminal.
    pub message: String,
}

impl From<&Error> for Told {
    fn from(reason: &Error) -> Self {
        Self {
            fault: reason.told(),
            message: reason.to_string(),
        }
    }
}

impl From<Error> for Told {
    fn from(reason: Error) -> Self {
        Self::from(&reason)
    }
}

/// Why a code that people hand each other is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum CodeFault {
    /// It was made for another device.
    #[error("this answer is for another device")]
    #[serde(rename = "code_other_device")]
    OtherDevice,
    /// It is one of another campaign.
    #[error("this code is of another campaign")]
    #[serde(rename = "code_other_campaign")]
    OtherCampaign,
    /// This device asked nothing.
    #[error("this device made no request code: make one first")]
    #[serde(rename = "code_not_asked")]
    NotAsked,
    /// The text is no such code.
    #[error("{0}")]
    #[serde(untagged)]
    Text(CodeError),
}

/// Why a file of another device is of no use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum BundleFault {
    /// It is another kind of file, or was cut before its first envelope.
    #[error("this file is no bundle of Palier, or not even its start")]
    #[serde(rename = "bundle_not_one")]
    NotOne,
    /// It is one of another campaign.
    #[error("this bundle is of another campaign")]
    #[serde(rename = "bundle_other_campaign")]
    OtherCampaign,
}

/// What an id or a name stands for; its code says that it is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum Thing {
    /// A team.
    #[error("team")]
    #[serde(rename = "unknown_team")]
    Team,
    /// A turf.
    #[error("turf")]
    #[serde(rename = "unknown_turf")]
    Turf,
    /// A door.
    #[error("door")]
    #[serde(rename = "unknown_door")]
    Door,
    /// A visit.
    #[error("visit")]
    #[serde(rename = "unknown_visit")]
    Visit,
    /// A station.
    #[error("station")]
    #[serde(rename = "unknown_station")]
    Station,
    /// An address.
    #[error("address")]
    #[serde(rename = "unknown_address")]
    Address,
    /// An open shift.
    #[error("open shift")]
    #[serde(rename = "unknown_shift")]
    Shift,
    /// A member of a team.
    #[error("member")]
    #[serde(rename = "unknown_member")]
    Member,
    /// A request to join.
    #[error("request")]
    #[serde(rename = "unknown_request")]
    Request,
    /// A campaign of this device.
    #[error("campaign")]
    #[serde(rename = "unknown_campaign")]
    Campaign,
    /// A base map.
    #[error("map pack")]
    #[serde(rename = "unknown_pack")]
    MapPack,
    /// A leaflet round.
    #[error("round")]
    #[serde(rename = "unknown_round")]
    Round,
    /// A version of a kit.
    #[error("kit")]
    #[serde(rename = "unknown_kit")]
    Kit,
}

impl Error {
    /// Something that was asked for does not make sense.
    pub(crate) fn bad_input(reason: impl Into<BadInput>) -> Self {
        let reason = reason.into();
        Self::BadInput { reason }
    }

    /// The code that the interface has a line for.
    #[must_use]
    pub fn code(&self) -> String {
        let told = self.told();
        let code = told.get("code").and_then(Value::as_str);
        code.unwrap_or_default().to_owned()
    }

    fn told(&self) -> Value {
        // Codes, numbers and names: nothing of it can fail to be written.
        serde_json::to_value(self).unwrap_or_default()
    }
}

const fn refusal_sentence(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::InvitationUnknown => {
            "the relay does not know this invitation; who made it should sync first"
        }
        Refusal::InvitationExpired => "this invitation has expired; ask for a new one",
        Refusal::InvitationUsed => "this invitation was used already; ask for a new one",
        Refusal::TeamFull => "this team is full",
        Refusal::Waiting => "a lead must accept your request first",
        Refusal::Revoked => "this device's rights were taken back",
        Refusal::Expired => "this device's rights have ended",
        Refusal::BadCertificate => "the invitation does not hold: its signatures do not fit",
        Refusal::BadTime => "the clock is more than two days off",
        Refusal::NotAllowed => "your role does not allow this",
        Refusal::UnknownDevice => "the relay does not know this device",
        _ => "the relay refused it",
    }
}

/// What SQLite says where a file cannot grow (<https://www.sqlite.org/rescode.html>).
const TAKES_NO_MORE: [i32; 2] = [
    rusqlite::ffi::SQLITE_IOERR_WRITE,
    rusqlite::ffi::SQLITE_IOERR_SHMSIZE,
];

impl From<rusqlite::Error> for Error {
    fn from(reason: rusqlite::Error) -> Self {
        let extended = reason.sqlite_extended_error_code();
        match reason.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            // A quota or a largest size of files: the disk takes no more from us, which SQLite
            // calls a failed write.
            _ if extended.is_some_and(|code| TAKES_NO_MORE.contains(&code)) => Self::DiskFull,
            _ => Self::Store(reason),
        }
    }
}

impl From<ImportError> for Error {
    fn from(reason: ImportError) -> Self {
        Self::BadFile { reason }
    }
}

impl From<palier_core::document::Broken> for Error {
    fn from(_reason: palier_core::document::Broken) -> Self {
        Self::Document
    }
}

impl From<CodeError> for Error {
    fn from(reason: CodeError) -> Self {
        Self::Code(CodeFault::Text(reason))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<palier_core::bytes::Malformed> for Error {
    fn from(_reason: palier_core::bytes::Malformed) -> Self {
        Self::Document
    }
}

impl From<palier_core::id::NotAnId> for Error {
    fn from(_reason: palier_core::id::NotAnId) -> Self {
        Self::Document
    }
}

impl From<palier_core::seal::CannotOpen> for Error {
    fn from(_reason: palier_core::seal::CannotOpen) -> Self {
        Self::Refused(Refusal::CannotOpen)
    }
}
