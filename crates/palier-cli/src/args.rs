//! The command line.

mod building;
mod kit;
mod span;
mod words;

use std::{net::SocketAddr, path::PathBuf};

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand};
use palier_core::{outcome::Outcome, rights::Role, round::Boxes};

pub(crate) use building::{Building, Doors};
pub(crate) use kit::Kit;
pub(crate) use words::{By, DemoRole, ExportAs, Exported, Imported, Let, Paint};

/// A device in a terminal: records visits offline, imports, syncs and serves the interface.
#[derive(Debug, Parser)]
#[command(name = "palier", version, about, max_term_width = 100)]
pub(crate) struct Args {
    /// The folder that holds the device; otherwise the platform's data folder
    #[arg(long, global = true, env = "PALIER_HOME", value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Answer with exactly one JSON value
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a campaign; list, open and leave those of this device
    #[command(subcommand)]
    Campaign(Campaign),
    /// Make a team, and say who is in it
    #[command(subcommand)]
    Team(Team),
    /// Read a file of stations, addresses or past results
    Import(Import),
    /// List the polling stations
    Stations,
    /// Give doors to a team
    #[command(subcommand)]
    Turf(Turf),
    /// List the turfs of this device's teams
    Turfs,
    /// List the doors of a turf, in walking order
    Doors {
        /// The turf, by id or name
        #[arg(long)]
        turf: String,
    },
    /// Describe a building, and read it door by door
    #[command(subcommand)]
    Building(Building),
    /// Make an invitation link
    Invite(Invite),
    /// Enter a campaign by an invitation link, or by codes that two people hand each other
    Join(Join),
    /// Open or close an outing
    #[command(subcommand)]
    Shift(Shift),
    /// Record a visit, one outcome at several doors, or a file of visits
    Visit(Visit),
    /// Take visits back, all of them or none
    Undo {
        /// The visits
        #[arg(required = true, value_name = "VISIT")]
        visits: Vec<String>,
    },
    /// Report ballots cast so far at a station
    Turnout {
        /// The station's code
        #[arg(long, value_name = "CODE")]
        station: String,
        /// The hour of the count, HH:MM
        #[arg(long)]
        hour: String,
        /// Ballots cast since the opening
        #[arg(long, value_name = "N")]
        votes: u32,
    },
    /// Check, publish and list what is said at the door
    #[command(subcommand)]
    Kit(Kit),
    /// Send what is queued and fetch what is new
    Sync {
        /// Go on until interrupted, and say each time what was done
        #[arg(long)]
        watch: bool,
        /// Exchange with another device instead, which listens there (palier peer serve)
        #[arg(
            long,
            value_name = "HOST:PORT",
            requires = "code",
            conflicts_with = "watch"
        )]
        peer: Option<String>,
        /// The code that the other device shows
        #[arg(long, requires = "peer")]
        code: Option<String>,
    },
    /// Exchange with other devices directly, without a relay
    #[command(subcommand)]
    Peer(Peer),
    /// Carry what this device holds to another one in a file
    #[command(subcommand)]
    Bundle(Bundle),
    /// Say who this device is and what waits to be sent
    Status,
    /// Count visits: the relay's figures for those who may read them, otherwise this device's
    Totals {
        /// How they are grouped
        #[arg(long, default_value = "station")]
        by: By,
    },
    /// Write this device's data to standard output
    Export {
        /// What
        what: Exported,
        /// As what kind of file
        #[arg(long, default_value = "csv")]
        format: ExportAs,
    },
    /// Make every projection again from the envelopes, and say whether anything differed
    Rebuild,
    /// Leaflet rounds: block faces in walking order
    #[command(subcommand)]
    Round(Round),
    /// Base maps that lie under the doors
    #[command(subcommand)]
    Pack(Pack),
    /// Serve the interface to a browser of this machine
    Serve(Serve),
    /// Make a synthetic town, a campaign, its teams and a week of visits
    Demo(Demo),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Peer {
    /// Listen on the local network for a device that knows the code, until interrupted
    Serve {
        /// Where to listen; port 0 takes a free one
        #[arg(long, default_value = "0.0.0.0:7532", value_name = "ADDR:PORT")]
        listen: SocketAddr,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Bundle {
    /// Write a file with everything that this device holds
    Export {
        /// The file
        file: PathBuf,
        /// Of visits and documents only what came since then
        #[arg(long, value_name = "RFC3339")]
        since: Option<String>,
    },
    /// Take in what such a file holds; the order of files does not matter
    Import {
        /// The file
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Round {
    /// Make a round of a turf
    Create {
        /// The turf, by id or name
        #[arg(long)]
        turf: String,
        /// What it is called
        #[arg(long)]
        name: String,
    },
    /// List the rounds, with how far they are
    List,
    /// List the buildings of a round, face by face
    Show {
        /// The round, by id or name
        round: String,
    },
    /// Note what became of the letter boxes of buildings
    Mark {
        /// The round, by id or name
        #[arg(long)]
        round: String,
        /// done, unreached or todo
        #[arg(long = "as", value_name = "STATE")]
        boxes: Boxes,
        /// The addresses, by id
        #[arg(required = true, value_name = "ADDRESS")]
        addresses: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Keep a file of vector tiles (PMTiles, OpenMapTiles schema) on this device
    Add {
        /// The file
        file: PathBuf,
    },
    /// List them, and those that the campaign offers
    List,
    /// Fetch one that the campaign offers, from where it was cut
    Fetch {
        /// The pack, by hash or name
        pack: String,
    },
    /// Offer one of this device to the whole campaign, over its relay (organisers)
    Offer {
        /// The pack, by hash or name
        pack: String,
    },
    /// Offer one no longer; who has it keeps it (organisers)
    Withdraw {
        /// The pack, by hash or name
        pack: String,
    },
    /// Remove one from this device
    Remove {
        /// The pack, by hash or name
        pack: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Campaign {
    /// Make a campaign with this device as its organiser
    Create {
        /// What it is called
        #[arg(long)]
        name: String,
        /// Where its relay answers
        #[arg(long, value_name = "URL")]
        relay: String,
        /// Its colour; the one that follows from its key where absent
        #[arg(long)]
        colour: Option<Paint>,
    },
    /// List the campaigns of this device, and what each still has to send
    List,
    /// Make room for a further campaign, and open it: then create or join it
    Next,
    /// Open another campaign of this device; every other command is about the open one
    Open {
        /// Its number in the list, its id or its name
        campaign: String,
    },
    /// Leave a campaign, and remove everything that this device holds of it
    Leave {
        /// Its number in the list, its id or its name
        campaign: String,
        /// How many records may be lost that were not sent
        #[arg(long, default_value = "0", value_name = "N")]
        lose: u32,
        /// Lose the campaign's root key too, where this device holds it
        #[arg(long)]
        lose_root: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Team {
    /// Make a team with a key of its own
    Create {
        /// What it is called
        #[arg(long)]
        name: String,
        /// Whether the link is enough, or a lead accepts each request
        #[arg(long, default_value = "open")]
        policy: Let,
        /// How many people it holds
        #[arg(long, default_value = "12")]
        limit: u16,
    },
    /// List the people of a team
    Members {
        /// The team, by id or name; this device's only one where absent
        #[arg(long)]
        team: Option<String>,
    },
    /// List those who ask to join
    Requests,
    /// Let somebody in who asks
    Accept {
        /// The twelve digits, the pseudonym or the device
        who: String,
    },
    /// Do not let somebody in who asks
    Decline {
        /// The twelve digits, the pseudonym or the device
        who: String,
    },
    /// Let in who stands beside you, by their code: prints the code that answers it
    Answer {
        /// Their code
        code: String,
        /// The team, by id or name; this device's only one where absent
        #[arg(long)]
        team: Option<String>,
        /// A turf whose doors are handed over with it, by id or name
        #[arg(long)]
        turf: Option<String>,
        /// Only say whose code it is
        #[arg(long, conflicts_with_all = ["team", "turf"])]
        dry_run: bool,
    },
    /// Give somebody the same rights for as long as your own
    Renew {
        /// The twelve digits, the pseudonym or the device
        who: String,
        /// The team, by id or name; this device's only one where absent
        #[arg(long)]
        team: Option<String>,
    },
    /// Remove somebody: their rights end and the team's key changes
    Remove {
        /// The twelve digits, the pseudonym or the device
        who: String,
        /// The team, by id or name; this device's only one where absent
        #[arg(long)]
        team: Option<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// What the file holds
    pub(crate) subject: Imported,
    /// The file
    pub(crate) file: PathBuf,
    /// Only say what would happen
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Turf {
    /// Make a turf
    Create(NewTurf),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct NewTurf {
    /// What it is called
    #[arg(long)]
    pub(crate) name: String,
    /// The team, by id or name
    #[arg(long)]
    pub(crate) team: String,
    #[command(flatten)]
    pub(crate) doors: TurfDoors,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct TurfDoors {
    /// The doors of a station
    #[arg(long, value_name = "CODE")]
    pub(crate) station: Option<String>,
    /// The doors of addresses
    #[arg(long, value_name = "ID,ID…", value_delimiter = ',')]
    pub(crate) addresses: Option<Vec<String>>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Invite {
    /// What the person will be: volunteer, lead, trainer or observer
    #[arg(long)]
    pub(crate) role: Role,
    /// The team, by id or name
    #[arg(long)]
    pub(crate) team: Option<String>,
    /// The station, for an observer
    #[arg(long, value_name = "CODE")]
    pub(crate) station: Option<String>,
    /// For how long the link works: 90s, 30m, 12h or 7d
    #[arg(long, default_value = "7d", value_parser = span::seconds)]
    pub(crate) expires: u32,
    /// How many people may use it
    #[arg(long, default_value = "1")]
    pub(crate) uses: u16,
}

#[derive(Debug, ClapArgs)]
#[group(skip)]
#[command(group(ArgGroup::new("way").required(true).multiple(true)))]
pub(crate) struct Join {
    /// The link
    #[arg(group = "way", requires = "name")]
    pub(crate) link: Option<String>,
    /// A pseudonym
    #[arg(long, conflicts_with_all = ["answer", "stop"])]
    pub(crate) name: Option<String>,
    /// Make a code for a lead who stands beside you; no relay is needed, nor a link
    #[arg(long, group = "way", requires = "name")]
    pub(crate) offline: bool,
    /// Enter by the code with which the lead answered
    #[arg(long, group = "way", value_name = "CODE", conflicts_with_all = ["link", "offline", "stop"])]
    pub(crate) answer: Option<String>,
    /// Take back the request that waits for a lead
    #[arg(long, group = "way", conflicts_with_all = ["link", "offline"])]
    pub(crate) stop: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Shift {
    /// Start an outing
    Open {
        /// The turf, by id or name
        #[arg(long)]
        turf: String,
    },
    /// End the outing
    Close {
        /// The turf, by id or name
        #[arg(long)]
        turf: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Visit {
    /// The door; several times for one outcome at several doors
    #[arg(
        long = "door",
        value_name = "ID",
        requires = "outcome",
        required_unless_present = "file"
    )]
    pub(crate) doors: Vec<String>,
    /// absent, spoke, refused, come_back, inaccessible, vacant or do_not_contact
    #[arg(long, requires = "doors")]
    pub(crate) outcome: Option<Outcome>,
    /// When it was, RFC 3339; now where absent
    #[arg(long, value_name = "RFC3339", requires = "doors")]
    pub(crate) at: Option<String>,
    /// A leaflet was left
    #[arg(long, requires = "doors")]
    pub(crate) leaflet: bool,
    /// A file with the columns door,outcome,at,leaflet: all of it or nothing
    #[arg(long, conflicts_with_all = ["doors", "outcome", "at", "leaflet"])]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct Serve {
    /// The port on this machine; 0 takes any that is free
    #[arg(long, default_value = "8642")]
    pub(crate) port: u16,
    /// Do not sync in the background
    #[arg(long)]
    pub(crate) no_sync: bool,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Demo {
    /// The seed: the same one makes the same town and the same week
    #[arg(long, default_value = "1", value_name = "N")]
    pub(crate) seed: u64,
    /// A relay that answers; without one, the devices exchange what they have on the spot
    #[arg(long, value_name = "URL")]
    pub(crate) relay: Option<String>,
    /// Who of the cast this device is
    #[arg(long = "as", default_value = "lead", value_name = "ROLE")]
    pub(crate) role: DemoRole,
    /// How many teams
    #[arg(long, default_value = "2", value_parser = clap::value_parser!(u8).range(1..=8))]
    pub(crate) teams: u8,
    /// How many people in each, its lead among them
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u8).range(1..=12))]
    pub(crate) members: u8,
}
