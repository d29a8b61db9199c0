//! Commands about a store, and how their answers are printed.

use std::process::ExitCode;

use anyhow::bail;
use palier_relay::{
    Checked, Clock, Copied, Rebuilt, Receipt, Stats, backup, check, purge, rebuild, stats,
};
use serde::Serialize;

use crate::{
    args::{Command, Place},
    say,
};

/// What a look ends with that found something.
const PROBLEMS: u8 = 3;

/// Does what is asked, and prints what came of it.
pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    let clock = Clock::machine();
    match command {
        Command::Rebuild(Place { store, json }) => print(&rebuild(&store, &clock)?, json, rebuilt)?,
        Command::Backup { place, to } => print(&backup(&place.store, &to)?, place.json, copied)?,
        Command::Stats(Place { store, json }) => print(&stats(&store)?, json, counted)?,
        Command::Purge { place, campaign } => {
            let receipt = purge(&place.store, &campaign, &clock)?;
            print(&receipt, place.json, erased)?;
        }
        Command::Check(Place { store, json }) => {
            let found = check(&store, &clock)?;
            print(&found, json, looked)?;
            if !found.problems.is_empty() {
                return Ok(PROBLEMS.into());
            }
        }
        Command::Serve(_) | Command::Incarnation { .. } => {
            bail!("not a command that looks at a store")
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print<T: Serialize>(answer: &T, json: bool, lines: fn(&T) -> String) -> anyhow::Result<()> {
    if json {
        say(&serde_json::to_string(answer)?)
    } else {
        say(&lines(answer))
    }
}

fn rebuilt(rebuilt: &Rebuilt) -> String {
    let envelopes = rebuilt.envelopes;
    if rebuilt.differed.is_empty() {
        format!("{envelopes} envelopes; nothing differed")
    } else {
        let differed = rebuilt.differed.join(", ");
        format!("{envelopes} envelopes; made again: {differed}")
    }
}

fn copied(copied: &Copied) -> String {
    let Copied {
        path,
        bytes,
        envelopes,
    } = copied;
    format!(
        "{}: {envelopes} envelopes, {bytes} bytes, looked over",
        path.display()
    )
}

fn looked(checked: &Checked) -> String {
    let Checked {
        envelopes,
        packs,
        problems,
    } = checked;
    let mut lines = format!("{envelopes} envelopes, {packs} packs");
    for problem in problems {
        lines += &format!("\n{}: {}", problem.what, problem.place);
    }
    if problems.is_empty() {
        lines += ": all as it should be";
    }
    lines
}

fn erased(receipt: &Receipt) -> String {
    let mut lines = format!("campaign {}", receipt.campaign);
    for (table, erased) in &receipt.erased {
        lines += &format!("\n{table}: {erased} lines erased");
    }
    lines += &format!(
        "\nenvelopes {}\nreceipt {}",
        receipt.envelopes, receipt.receipt
    );
    lines
}

fn counted(stats: &Stats) -> String {
    let mut lines = format!("incarnation {}\n{} bytes", stats.incarnation, stats.bytes);
    for campaign in &stats.campaigns {
        lines += &format!(
            "\ncampaign {}: {} envelopes, {} bytes, {} devices ({} revoked), {} reports, {} bytes of packs",
            campaign.campaign,
            campaign.envelopes,
            campaign.envelope_bytes,
            campaign.devices,
            campaign.revoked,
            campaign.reports,
            campaign.pack_bytes,
        );
        for space in &campaign.spaces {
            lines += &format!("\n  {} {}: {}", space.of, space.space, space.head);
        }
    }
    lines
}
