//! Everything that a window, a browser or a terminal may ask of a device.

mod choice;

use palier_core::{answers::Answered, building::Way, outcome::Outcome, rights::Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use super::look::Language;
use super::look::Look;
use crate::device::DemoWords;
pub use choice::{ExportFormat, ExportWhat, Find, Grouping, Mark, PackPart, Policy, Subject};

/// One question to the device, answered by one [`Reply`](super::Reply).
/// A turf or a team is named by id or name; moments are RFC 3339, the device's clock where absent.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export, optional_fields = nullable)]
pub enum Request {
    /// Makes a campaign with this device as its first organiser.
    CreateCampaign {
        /// What the campaign is called.
        name: String,
        /// Where its relay answers, `https://…` or `http://127.0.0.1:…`.
        relay: String,
        /// IANA name of its time zone; `Europe/Paris` where absent.
        time_zone: Option<String>,
        /// Its colour, from 1 to 6; one that follows from its key where absent.
        colour: Option<u8>,
    },
    /// The campaigns of this device, each with keys of its own.
    Campaigns,
    /// Makes room for a further campaign, and opens it.
    NextCampaign,
    /// Opens a sector to try everything on, of which nothing is sent.
    OpenDemo(DemoWords),
    /// Opens another campaign of this device.
    OpenCampaign {
        /// Its number on this device, its id or its name.
        campaign: String,
    },
    /// Leaves a campaign: everything that this device holds of it is removed.
    LeaveCampaign {
        /// Its number on this device, its id or its name.
        campaign: String,
        /// How many records may be lost that were not sent; none where absent.
        unsent: Option<u32>,
        /// Whether the campaign's root key may be lost, where this device holds it.
        #[serde(default)]
        root: bool,
    },
    /// Makes a team with a key of its own.
    CreateTeam {
        /// What the team is called.
        name: String,
        /// Who lets people in.
        policy: Option<Policy>,
        /// How many people it holds, 12 where absent.
        limit: Option<u16>,
    },
    /// Reads a file of reference data, and keeps it unless `dry_run`.
    Import {
        /// What the file should hold.
        subject: Subject,
        /// The file's name, used to name a ballot that the file itself does not name.
        file: String,
        /// The file's bytes, base64.
        content: String,
        /// Only says what would happen.
        dry_run: bool,
    },
    /// The polling stations.
    Stations,
    /// Gives doors to a team: those of a station, or those of a list of addresses.
    CreateTurf {
        /// What the turf is called.
        name: String,
        /// The team, by id or name.
        team: String,
        /// A station's code.
        station: Option<String>,
        /// Ids of addresses.
        addresses: Option<Vec<String>>,
    },
    /// The turfs of this device's teams.
    Turfs,
    /// The doors of one turf, in walking order.
    Doors {
        /// The turf, by id or name.
        turf: String,
    },
    /// The doors of one turf as lines of paper, in walking order.
    Sheet {
        /// The turf, by id or name.
        turf: String,
    },
    /// The streets of one turf, where the hand is, and what stands around it.
    Walk {
        /// The turf, by id or name; the one where the hand was left, where absent.
        turf: Option<String>,
        /// What is sought.
        find: Find,
        /// The door where the hand is; where it was left, where absent.
        door: Option<String>,
    },
    /// The addresses of a stretch of a walk.
    Addresses {
        /// The turf, by id or name.
        turf: String,
        /// What is sought.
        find: Find,
        /// The place of its first address.
        from: u32,
        /// The place of its last address.
        to: u32,
    },
    /// The door that comes after another one in a walk.
    NextDoor {
        /// The turf, by id or name.
        turf: String,
        /// What is sought.
        find: Find,
        /// The other one.
        door: String,
    },
    /// One building of a turf, door by door.
    Building {
        /// The turf, by id or name.
        turf: String,
        /// The address.
        address: String,
    },
    /// Describes a building in one breath; doors that are there already stay as they are.
    DescribeBuilding {
        /// The turf, by id or name.
        turf: String,
        /// The address.
        address: String,
        /// What its stairs are called; one without a name where empty.
        stairs: Vec<String>,
        /// The lowest floor, 0 is the ground.
        lowest: i16,
        /// The highest floor.
        highest: i16,
        /// Doors on a landing.
        doors: u8,
        /// Doors on the ground floor, where there are others.
        ground: Option<u8>,
    },
    /// Adds doors of one building.
    AddDoors {
        /// The turf, by id or name.
        turf: String,
        /// `ADDRESS/stair/floor/label`; where the label is empty, the first number that is free.
        doors: Vec<String>,
    },
    /// Takes doors of one building out; visits there are kept.
    RemoveDoors {
        /// The turf, by id or name.
        turf: String,
        /// The doors.
        doors: Vec<String>,
    },
    /// Calls a door or a landing otherwise.
    RenamePlace {
        /// The turf, by id or name.
        turf: String,
        /// A door, or a landing: `ADDRESS/stair/floor`.
        place: String,
        /// What it is called; what it was called first where empty.
        name: String,
    },
    /// Notes how one gets into a building.
    SetAccess {
        /// The turf, by id or name.
        turf: String,
        /// The address.
        address: String,
        /// In which way.
        way: Way,
        /// The code.
        code: Option<String>,
        /// When the code ends; in thirty days where absent.
        ends: Option<String>,
    },
    /// The latest visits at one door.
    Visits {
        /// The door.
        door: String,
    },
    /// What a map of one turf shows: perimeters and doors.
    Map {
        /// The turf, by id or name; every perimeter where absent.
        turf: Option<String>,
    },
    /// Makes an invitation link.
    Invite {
        /// What the person will be.
        role: Role,
        /// The team, by id or name.
        team: Option<String>,
        /// The station, for an observer.
        station: Option<String>,
        /// For how many seconds the link works; seven days where absent.
        expires_s: Option<u32>,
        /// How many people may use it; one where absent.
        uses: Option<u16>,
    },
    /// What an invitation link opens, before anything is done with it.
    ReadInvitation {
        /// The link.
        link: String,
    },
    /// Enters a campaign by its link, under a pseudonym.
    Join {
        /// The link.
        link: String,
        /// The pseudonym.
        name: String,
    },
    /// The code by which this device asks somebody beside it to let it in, with no relay.
    RequestCode {
        /// The link, where there is one: an answer of another campaign is then refused.
        link: Option<String>,
        /// The pseudonym.
        name: String,
    },
    /// What can be said of a code while it is typed.
    LookAtCode {
        /// What was typed of it.
        code: String,
    },
    /// Who asks by a code, before anything is done with it.
    ReadRequestCode {
        /// The code, as it was scanned, pasted or typed.
        code: String,
    },
    /// Lets in who asks by a code, and makes the code that answers it.
    AnswerCode {
        /// The code, as it was scanned, pasted or typed.
        code: String,
        /// The team, by id or name; the only one of this device where absent.
        team: Option<String>,
        /// A turf whose doors are handed over, by id or name.
        turf: Option<String>,
    },
    /// Enters the campaign by the code that answers this device's own.
    EnterAnswer {
        /// The code, as it was scanned, pasted or typed.
        code: String,
    },
    /// A text as a QR code.
    DrawQr {
        /// The text.
        text: String,
    },
    /// Takes this device's request to join back.
    StopAsking,
    /// Who asks to join the teams whose members this device may accept.
    Requests,
    /// Lets somebody in who asks.
    AcceptRequest {
        /// Who asks: the device, its twelve digits, or the pseudonym.
        device: String,
    },
    /// Does not let somebody in who asks.
    DeclineRequest {
        /// Who asks: the device, its twelve digits, or the pseudonym.
        device: String,
    },
    /// The people of a team.
    Members {
        /// The team, by id or name; the only one of this device where absent.
        team: Option<String>,
    },
    /// Gives somebody of a team the same rights for as long as this device's own.
    RenewMember {
        /// The team, by id or name; the only one of this device where absent.
        team: Option<String>,
        /// Whom: the device, its twelve digits, or the pseudonym.
        member: String,
    },
    /// Removes somebody from a team, and changes the team's key.
    RemoveMember {
        /// The team, by id or name; the only one of this device where absent.
        team: Option<String>,
        /// Whom: the device, its twelve digits, or the pseudonym.
        member: String,
    },
    /// Starts an outing on a turf.
    OpenShift {
        /// The turf, by id or name.
        turf: String,
    },
    /// Ends the outing on a turf.
    CloseShift {
        /// The turf, by id or name.
        turf: String,
    },
    /// Records one knock at one door.
    RecordVisit {
        /// The door.
        door: String,
        /// What came of it.
        outcome: Outcome,
        /// When it was.
        at: Option<String>,
        /// Whether a leaflet was left.
        leaflet: bool,
    },
    /// Counts what somebody answered at a door, for its station and never for the door.
    CountAnswer {
        /// The turf, by id or name.
        turf: String,
        /// The station; none for an address that stands in none.
        station: Option<String>,
        /// What was counted of this person before, as the screen still shows it.
        before: Answered,
        /// What is to be counted.
        after: Answered,
    },
    /// What may be said at the door of when to come back.
    ComeBackOffers,
    /// Notes when to come back to a door where somebody asked for it.
    SetComeBack {
        /// The visit that asked for it.
        visit: String,
        /// A day on the campaign's clock, with hours or without: `2026-11-28 18-20`.
        when: String,
    },
    /// The doors to come back to, and when doors open to the team.
    Revisits,
    /// Records a file of visits, `door,outcome,at,leaflet`: all of them or none.
    RecordVisits {
        /// The file's text.
        csv: String,
    },
    /// Records one outcome at many doors in one gesture: at all of them or at none.
    RecordTogether {
        /// The doors.
        doors: Vec<String>,
        /// What came of it at each.
        outcome: Outcome,
        /// Whether leaflets were left.
        leaflet: bool,
    },
    /// Takes a visit back by a correction.
    Undo {
        /// The visit.
        visit: String,
    },
    /// Takes visits back by corrections, all of them or none.
    UndoTogether {
        /// The visits.
        visits: Vec<String>,
    },
    /// Reports ballots cast so far at a station.
    ReportTurnout {
        /// The station's code.
        station: String,
        /// The hour of the count on the campaign's clock, `HH:MM`.
        hour: String,
        /// Ballots cast since the opening.
        votes: u32,
    },
    /// Says what a trainer's file holds, and publishes nothing.
    CheckKit {
        /// The file's text.
        text: String,
    },
    /// Publishes a trainer's file as the next version of the campaign's kit.
    PublishKit {
        /// The file's text.
        text: String,
    },
    /// Every published version.
    Kits,
    /// A version to be read at the door.
    ReadKit {
        /// Which; the current one where absent.
        kit: Option<String>,
        /// For who reads which language.
        language: Language,
    },
    /// The cards of a version that hold words.
    FindCards {
        /// The version.
        kit: String,
        /// The words.
        find: String,
    },
    /// Sends what is queued and fetches what is new, now.
    Sync,
    /// Who this device is, and what waits to be sent.
    Status,
    /// Counts, from the relay for those who may read them, otherwise this device's own.
    Totals {
        /// How they are grouped.
        by: Grouping,
    },
    /// The device's own data, as a file.
    Export {
        /// What to export.
        what: ExportWhat,
        /// As what kind of file.
        format: ExportFormat,
    },
    /// The same, written into the folder of the device.
    SaveExport {
        /// What to export.
        what: ExportWhat,
        /// As what kind of file.
        format: ExportFormat,
    },
    /// Everything that this device holds, in one file for another device.
    ExportBundle {
        /// Of visits and documents only what came since then; everything where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        since: Option<String>,
    },
    /// Takes in a file that another device made.
    ImportBundle {
        /// Its bytes, in base64.
        content: String,
    },
    /// Syncs with another device directly.
    SyncWithPeer {
        /// Where it listens, `HOST:PORT`.
        address: String,
        /// The code that it shows.
        code: String,
    },
    /// Makes a leaflet round of a turf.
    CreateRound {
        /// The turf.
        turf: String,
        /// What it is called.
        name: String,
    },
    /// Lists the leaflet rounds.
    Rounds,
    /// Reads one leaflet round.
    Round {
        /// The round, by id or name.
        round: String,
    },
    /// Notes what became of letter boxes, in one gesture.
    MarkBoxes {
        /// The round, by id or name.
        round: String,
        /// Building by building.
        marks: Vec<Mark>,
    },
    /// Lists the base maps of this device, and those that the campaign offers.
    Packs,
    /// Takes the next part of a base map, a file in the PMTiles layout.
    AddPack(PackPart),
    /// Removes a base map.
    RemovePack {
        /// Its hash or its name.
        pack: String,
    },
    /// Fetches the next part of a base map that the campaign offers; once all of it has come,
    /// and is what the campaign offers, keeps it.
    FetchPack {
        /// Its hash or its name.
        pack: String,
    },
    /// Offers a base map of this device to the whole campaign: sends it to the relay first.
    OfferPack {
        /// Its hash or its name.
        pack: String,
    },
    /// Offers a base map no longer. Who has it keeps it.
    WithdrawPack {
        /// Its hash or its name.
        pack: String,
    },
    /// Makes every projection again from the envelopes.
    Rebuild,
    /// Remembers where the hand is, so that a killed window opens there again.
    SetPlace {
        /// The turf that is open.
        turf: Option<String>,
        /// The door that is open.
        door: Option<String>,
    },
    /// Remembers how the interface looks.
    SetLook {
        /// How.
        look: Look,
    },
    /// Remembers the interface's language.
    SetLanguage {
        /// `fr` or `en`.
        language: Language,
    },
}
