//! What one device may ask for, and what all of them may hold in memory together.
//!
//! Nothing here looks at an address on the network: phones share theirs with a whole cell. A
//! device that proved who it is has a budget of its own. Whoever is not introduced shares a
//! small one with all other strangers of the campaign.

mod body;
mod bucket;
mod devices;
mod room;
mod strangers;

#[cfg(test)]
mod tests;

use std::time::Duration;

use palier_core::{
    id::{CampaignId, DeviceId},
    moment::Moment,
    wire::MAX_BATCH_BYTES,
};

pub(crate) use body::{Held, Unread, read as read_body};
pub(crate) use room::{Reserved, Room};

use self::{devices::Devices, strangers::Strangers};

/// A budget: so much at once, and so much more each second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Requests at once.
    pub requests: u32,
    /// Requests more each second.
    pub requests_per_s: u32,
    /// Bytes at once, those of a request and those of its answer.
    pub bytes: u64,
    /// Bytes more each second.
    pub bytes_per_s: u64,
}

/// How long a request may take to arrive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// From the first byte to the end of the headers, and between two requests of a connection.
    pub head: Duration,
    /// Between two pieces of a body.
    pub gap: Duration,
    /// For a whole body, beside what its size is given.
    pub body: Duration,
    /// What a body must bring each second after that.
    pub bytes_per_s: u32,
    /// For room in memory, before a request is sent away.
    pub room: Duration,
}

/// What one device may ask for, and what all of them may hold in memory together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The budget of each introduced device.
    pub device: Rate,
    /// The budget that devices which are not introduced share, in each campaign.
    pub strangers: Rate,
    /// Event streams of one device; one more ends the oldest.
    pub streams: usize,
    /// Spaces that one stream tells of.
    pub spaces: usize,
    /// Devices whose budgets are counted at once; those that are whole again are forgotten.
    pub devices: usize,
    /// Connections at once.
    pub connections: usize,
    /// Bytes of request bodies that introduced devices hold in memory together.
    pub body_bytes: usize,
    /// The same for all others.
    pub strangers_body_bytes: usize,
    /// How long a request may take to arrive.
    pub patience: Patience,
}

impl Default for Limits {
    /// A phone that pushes a day of visits never meets one of these.
    fn default() -> Self {
        Self {
            device: Rate {
                requests: 2_000,
                requests_per_s: 20,
                bytes: 256 << 20,
                bytes_per_s: 4 << 20,
            },
            strangers: Rate {
                requests: 4_000,
                requests_per_s: 200,
                bytes: 64 << 20,
                bytes_per_s: 4 << 20,
            },
            streams: 4,
            spaces: 1_000,
            devices: 200_000,
            connections: 16_384,
            body_bytes: 128 << 20,
            strangers_body_bytes: 16 << 20,
            patience: Patience {
                head: Duration::from_secs(30),
                gap: Duration::from_secs(20),
                body: Duration::from_secs(30),
                bytes_per_s: 2_048,
                room: Duration::from_secs(10),
            },
        }
    }
}

/// Room for two whole pushes, whatever is asked: with less, the largest one would never fit.
const LEAST_ROOM_BYTES: usize = 2 * MAX_BATCH_BYTES;
/// Room for the two territory packs that are received at once, so that they take none from pushes.
const PACKS_BYTES: usize = 2 * (64 << 20);

/// Who a request is counted for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Counted {
    /// An introduced device.
    Device(CampaignId, DeviceId),
    /// Everybody else in a campaign.
    Strangers(CampaignId),
}

/// A budget is spent; there is more after so many seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Spent {
    /// Which budget.
    pub(crate) of: &'static str,
    /// Seconds to wait, at least 1.
    pub(crate) wait_s: u32,
}

/// The budgets of a relay, and the room in its memory.
#[derive(Debug)]
pub(crate) struct Budgets {
    limits: Limits,
    devices: Devices,
    strangers: Strangers,
    room: Room,
    strangers_room: Room,
    packs_room: Room,
}

impl Budgets {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            devices: Devices::new(limits.device, limits.devices),
            strangers: Strangers::new(limits.strangers),
            room: Room::new(limits.body_bytes.max(LEAST_ROOM_BYTES)),
            strangers_room: Room::new(limits.strangers_body_bytes.max(LEAST_ROOM_BYTES)),
            packs_room: Room::new(PACKS_BYTES),
            limits,
        }
    }

    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether a device proved lately that it is introduced.
    pub(crate) fn knows(&self, campaign: &CampaignId, device: &DeviceId) -> bool {
        self.devices.knows(campaign, device)
    }

    /// Whether there is something left, for a request that has not proved who sends it: nothing
    /// is taken from a device's budget for what another may have sent in its name.
    pub(crate) fn check(&self, counted: Counted, now: Moment) -> Result<(), Spent> {
        match counted {
            Counted::Device(campaign, device) => self.devices.check(&campaign, &device, now),
            Counted::Strangers(campaign) => self.strangers.take(&campaign, 1, 0, now),
        }
    }

    /// Takes a proved request of so many bytes from the budget that it is counted for.
    pub(crate) fn take(&self, counted: Counted, bytes: usize, now: Moment) -> Result<(), Spent> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        match counted {
            // Where the table is full, who is new in it is counted as a stranger.
            Counted::Device(campaign, device) => self
                .devices
                .take(campaign, device, 1, bytes, now)
                .unwrap_or_else(|_full| self.strangers.take(&campaign, 1, bytes, now)),
            // The request itself was counted before it was read.
            Counted::Strangers(campaign) => self.strangers.take(&campaign, 0, bytes, now),
        }
    }

    /// Counts bytes that go out, which are never refused once they are found.
    pub(crate) fn send(&self, campaign: CampaignId, device: DeviceId, bytes: usize, now: Moment) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let _counted = self.devices.take(campaign, device, 0, bytes, now);
    }

    /// Counts a request that was not who it said it was.
    pub(crate) fn unproved(&self, campaign: &CampaignId, now: Moment) {
        let _counted = self.strangers.take(campaign, 1, 0, now);
    }

    /// Where the bodies of these requests stand in memory.
    pub(crate) const fn room(&self, counted: Counted) -> &Room {
        match counted {
            Counted::Device(..) => &self.room,
            Counted::Strangers(_) => &self.strangers_room,
        }
    }

    /// Where a body of at most so many bytes stands: larger ones than pushes have a place apart.
    pub(crate) const fn room_for(&self, counted: Counted, cap_bytes: usize) -> &Room {
        if cap_bytes > MAX_BATCH_BYTES {
            &self.packs_room
        } else {
            self.room(counted)
        }
    }

    /// Devices whose budgets are counted now.
    pub(crate) fn counted_devices(&self) -> usize {
        self.devices.len()
    }
}
