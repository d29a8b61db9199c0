//! Limits, each with a default that a phone never meets.

use clap::Args;
use palier_relay::{Limits, Rate};

const MIB: u64 = 1 << 20;

/// What one device may ask for, and what all of them may hold in memory.
#[derive(Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Requests of one device at once.
    #[arg(long, env = "PALIER_RELAY_DEVICE_REQUESTS", default_value_t = Limits::default().device.requests)]
    device_requests: u32,
    /// Requests of one device more each second.
    #[arg(long, env = "PALIER_RELAY_DEVICE_REQUESTS_PER_S", default_value_t = Limits::default().device.requests_per_s)]
    device_requests_per_s: u32,
    /// MiB of one device at once, up and down.
    #[arg(long, env = "PALIER_RELAY_DEVICE_MIB", default_value_t = Limits::default().device.bytes / MIB)]
    device_mib: u64,
    /// MiB of one device more each second.
    #[arg(long, env = "PALIER_RELAY_DEVICE_MIB_PER_S", default_value_t = Limits::default().device.bytes_per_s / MIB)]
    device_mib_per_s: u64,
    /// Requests of all devices that are not introduced, in each campaign, at once.
    #[arg(long, env = "PALIER_RELAY_STRANGERS_REQUESTS", default_value_t = Limits::default().strangers.requests)]
    strangers_requests: u32,
    /// The same more each second.
    #[arg(long, env = "PALIER_RELAY_STRANGERS_REQUESTS_PER_S", default_value_t = Limits::default().strangers.requests_per_s)]
    strangers_requests_per_s: u32,
    /// MiB of all devices that are not introduced, in each campaign, at once.
    #[arg(long, env = "PALIER_RELAY_STRANGERS_MIB", default_value_t = Limits::default().strangers.bytes / MIB)]
    strangers_mib: u64,
    /// The same more each second.
    #[arg(long, env = "PALIER_RELAY_STRANGERS_MIB_PER_S", default_value_t = Limits::default().strangers.bytes_per_s / MIB)]
    strangers_mib_per_s: u64,
    /// Event streams of one device; one more ends the oldest.
    #[arg(long, env = "PALIER_RELAY_STREAMS", default_value_t = Limits::default().streams)]
    streams: usize,
    /// Spaces that one event stream tells of.
    #[arg(long, env = "PALIER_RELAY_SPACES", default_value_t = Limits::default().spaces)]
    spaces: usize,
    /// Connections at once.
    #[arg(long, env = "PALIER_RELAY_CONNECTIONS", default_value_t = Limits::default().connections)]
    connections: usize,
    /// MiB of requests that introduced devices hold in memory together.
    #[arg(long, env = "PALIER_RELAY_BODY_MIB", default_value_t = Limits::default().body_bytes >> 20)]
    body_mib: usize,
    /// The same for devices that are not introduced.
    #[arg(long, env = "PALIER_RELAY_STRANGERS_BODY_MIB", default_value_t = Limits::default().strangers_body_bytes >> 20)]
    strangers_body_mib: usize,
}

impl LimitArgs {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            device: Rate {
                requests: self.device_requests,
                requests_per_s: self.device_requests_per_s,
                bytes: self.device_mib.saturating_mul(MIB),
                bytes_per_s: self.device_mib_per_s.saturating_mul(MIB),
            },
            strangers: Rate {
                requests: self.strangers_requests,
                requests_per_s: self.strangers_requests_per_s,
                bytes: self.strangers_mib.saturating_mul(MIB),
                bytes_per_s: self.strangers_mib_per_s.saturating_mul(MIB),
            },
            streams: self.streams,
            spaces: self.spaces,
            connections: self.connections.max(1),
            body_bytes: self.body_mib.saturating_mul(1 << 20),
            strangers_body_bytes: self.strangers_body_mib.saturating_mul(1 << 20),
            ..Limits::default()
        }
    }
}
