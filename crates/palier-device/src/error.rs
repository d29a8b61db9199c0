//! What can go wrong on a device, each with a word that the interface translates.

use palier_core::{code::CodeError, refusal::Refusal};

use crate::basemap::PackFault;

/// What went wrong. Its text is for a terminal and holds no content; the interface shows its
/// own sentence for [`Error::code`].
#[derive(Debug, thiserror::Error)]
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
    /// Nothing has this id or name.
    #[error("unknown {0}")]
    Unknown(Thing),
    /// An answer that cannot be counted, or no longer.
    #[error("no door opened here that this answer could be of, or it was counted for good already")]
    NotCounted,
    /// Several things have this name.
    #[error("several of this name: give the id of the {0}")]
    Ambiguous(Thing),
    /// Something of this name exists.
    #[error("there is a {0} of this name already")]
    NameTaken(Thing),
    /// Something that was asked for does not make sense.
    #[error("{0}")]
    BadInput(String),
    /// A line of a file does not make sense; nothing of the file was kept.
    #[error("line {line}: {reason}; nothing was recorded")]
    BadLine {
        /// The line in the file, from 1.
        line: u64,
        /// Why.
        reason: String,
    },
    /// A file of reference data was not understood; nothing of it was kept.
    #[error("{0}; nothing was imported")]
    Import(String),
    /// A kit breaks the rules; nothing was published.
    #[error("{0}")]
    BadKit(String),
    /// The link is no invitation.
    #[error("not an invitation link, or only a part of one")]
    BadLink,
    /// A code that people hand each other is not the one that is wanted.
    #[error("{0}")]
    Code(CodeFault),
    /// A file of another device is of no use here; nothing of it was taken.
    #[error("{0}; nothing was taken")]
    Bundle(BundleFault),
    /// A file is of no use as a base map; it was not kept.
    #[error("{0}; nothing was kept")]
    MapPack(PackFault),
    /// The relay, or a rule, refused.
    #[error("{}", refusal_sentence(*.0))]
    Refused(Refusal),
    /// A lead declined the request of this device, or the relay no longer has it.
    #[error(
        "your request was declined, or the relay no longer has it; you can ask again with the link"
    )]
    Declined,
    /// The relay does not have what was asked for.
    #[error("the relay does not have it")]
    NotThere,
    /// The relay did not answer.
    #[error("the relay does not answer ({0}); everything is kept here and will be sent later")]
    Offline(&'static str),
    /// The relay has too much to do, and says when it wishes to be asked again.
    #[error("the relay has too much to do; everything is kept here and will be sent later")]
    Busy(std::time::Duration),
    /// The other device shows another code.
    #[error("the other device shows another code, or listens no more")]
    WrongCode,
    /// The relay answered something that is no answer.
    #[error("the relay answered something that Palier does not understand ({0}); nothing was lost")]
    Nonsense(&'static str),
    /// The disk is full.
    #[error("the disk is full, or takes no more: nothing was recorded; make room and try again")]
    DiskFull,
    /// The database was written by a newer version.
    #[error(
        "this database was written by a newer Palier (step {found}, this one knows {known}): update Palier; nothing was changed"
    )]
    NewerDatabase {
        /// The database's step.
        found: i64,
        /// The last step known here.
        known: i64,
    },
    /// The database is damaged and was moved aside.
    #[error("the database is damaged; it was moved aside, to {0}, and kept")]
    Damaged(String),
    /// The database cannot be used.
    #[error("the database cannot be used: {0}")]
    Store(rusqlite::Error),
    /// A document cannot be read.
    #[error("a document cannot be read")]
    Document,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoChance,
    /// The campaign was closed on this device while something was asked of it.
    #[error("this campaign is not open any more; nothing was recorded")]
    Closed,
    /// Another program has the campaign open.
    #[error("another program has this campaign open: close it first; nothing was changed")]
    InUse,
    /// Leaving the campaign would lose what was not sent, and nobody said that it may.
    #[error("{0} records were not sent yet and would be lost; nothing was changed")]
    Unsent(u32),
    /// Leaving the campaign would lose its root key, and nobody said that it may.
    #[error("this device alone can make organisers of this campaign; nothing was changed")]
    HoldsRoot,
    /// A file cannot be written.
    #[error("the file cannot be written ({0}); nothing else changed")]
    NotSaved(std::io::ErrorKind),
    /// The campaign was left, and its files are still there.
    #[error("the campaign was left; its files are removed at the next start ({0})")]
    NotWiped(std::io::ErrorKind),
}

/// Why a code that people hand each other is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CodeFault {
    /// The text is no such code.
    #[error("{0}")]
    Text(CodeError),
    /// It was made for another device.
    #[error("this answer is for another device")]
    OtherDevice,
    /// It is one of another campaign.
    #[error("this code is of another campaign")]
    OtherCampaign,
    /// This device asked nothing.
    #[error("this device made no request code: make one first")]
    NotAsked,
}

impl CodeFault {
    const fn word(self) -> &'static str {
        match self {
            Self::Text(CodeError::TooLong) => "code_too_long",
            Self::Text(CodeError::Mistyped) => "code_mistyped",
            Self::Text(CodeError::Newer) => "code_newer",
            Self::Text(CodeError::OtherKind) => "code_other_kind",
            Self::Text(CodeError::Nonsense) => "code_nonsense",
            Self::OtherDevice => "code_other_device",
            Self::OtherCampaign => "code_other_campaign",
            Self::NotAsked => "code_not_asked",
        }
    }
}

/// Why a file of another device is of no use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BundleFault {
    /// It is another kind of file, or was cut before its first envelope.
    #[error("this file is no bundle of Palier, or not even its start")]
    NotOne,
    /// It is one of another campaign.
    #[error("this bundle is of another campaign")]
    OtherCampaign,
}

impl BundleFault {
    const fn word(self) -> &'static str {
        match self {
            Self::NotOne => "bundle_not_one",
            Self::OtherCampaign => "bundle_other_campaign",
        }
    }
}

/// What an id or a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Thing {
    /// A team.
    Team,
    /// A turf.
    Turf,
    /// A door.
    Door,
    /// A visit.
    Visit,
    /// A station.
    Station,
    /// An address.
    Address,
    /// An open shift.
    Shift,
    /// A member of a team.
    Member,
    /// A request to join.
    Request,
    /// A campaign of this device.
    Campaign,
    /// A base map.
    MapPack,
    /// A leaflet round.
    Round,
    /// A version of a kit.
    Kit,
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl Thing {
    const fn word(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Turf => "turf",
            Self::Door => "door",
            Self::Visit => "visit",
            Self::Station => "station",
            Self::Address => "address",
            Self::Shift => "open shift",
            Self::Member => "member",
            Self::Request => "request",
            Self::Kit => "kit",
            Self::Campaign => "campaign",
            Self::MapPack => "map pack",
            Self::Round => "round",
        }
    }
}

impl Error {
    /// The word that the interface translates.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::NotInCampaign => "not_in_campaign".into(),
            Self::AlreadyInCampaign => "already_in_campaign".into(),
            Self::NotAllowed => "not_allowed".into(),
            Self::Unknown(Thing::Shift) => "unknown_shift".into(),
            Self::Unknown(Thing::MapPack) => "unknown_pack".into(),
            Self::Unknown(thing) => format!("unknown_{thing}"),
            Self::NotCounted => "not_counted".into(),
            Self::Ambiguous(_) => "ambiguous".into(),
            Self::NameTaken(_) => "name_taken".into(),
            Self::BadInput(_) => "bad_input".into(),
            Self::BadLine { .. } => "bad_line".into(),
            Self::Import(_) => "bad_file".into(),
            Self::BadKit(_) => "bad_kit".into(),
            Self::BadLink => "bad_link".into(),
            Self::Code(fault) => fault.word().into(),
            Self::Bundle(fault) => fault.word().into(),
            Self::MapPack(fault) => fault.word().into(),
            Self::Refused(refusal) => refusal.to_string(),
            Self::Declined => "declined".into(),
            Self::NotThere => "not_found".into(),
            Self::Offline(_) => "offline".into(),
            Self::Busy(_) => "busy".into(),
            Self::WrongCode => "wrong_code".into(),
            Self::Nonsense(_) => "relay_nonsense".into(),
            Self::DiskFull => "disk_full".into(),
            Self::NewerDatabase { .. } => "newer_database".into(),
            Self::Damaged(_) => "damaged".into(),
            Self::Store(_) => "store".into(),
            Self::Document => "document".into(),
            Self::NoChance => "no_chance".into(),
            Self::Closed => "campaign_closed".into(),
            Self::InUse => "in_use".into(),
            Self::Unsent(_) => "unsent".into(),
            Self::HoldsRoot => "holds_root".into(),
            Self::NotWiped(_) => "not_wiped".into(),
            Self::NotSaved(_) => "not_saved".into(),
        }
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
