//! The headless device: every question of [`palier_device::api`] as a command, the interface
//! served to a browser of this machine, and a demonstration town.
//!
//! A command answers on standard output, and only when all of it is done. What goes wrong is
//! one line on standard error and exit code 1, and nothing was changed; wrong usage is exit
//! code 2.

mod args;
mod ask;
mod bundle;
mod demo;
mod failure;
mod home;
mod out;
mod pack;
mod peer;
mod serve;
mod show;
mod table;
mod watch;

use std::process::ExitCode;

use clap::Parser;
use palier_device::{Clock, Shelf};
use tokio::runtime::Runtime;

use crate::{
    args::{Args, Bundle, Command, Pack, Peer},
    failure::Failure,
    out::Out,
};

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    match Runtime::new() {
        Ok(runtime) => {
            let done = runtime.block_on(run(args));
            // What is still under way in the background need not be waited for.
            runtime.shutdown_background();
            out::end(done)
        }
        Err(reason) => out::end(Err(Failure::System(reason))),
    }
}

async fn run(args: Args) -> Result<(), Failure> {
    let out = Out { json: args.json };
    let home = home::folder(args.home)?;
    if let Command::Demo(wanted) = args.command {
        return demo::run(&home, wanted, out).await;
    }
    let shelf = Shelf::open(&home, None, Clock::System)?;
    match args.command {
        Command::Serve(wanted) => serve::run(shelf, wanted, out).await,
        Command::Sync { watch: true, .. } => watch::run(shelf.api(), out).await,
        Command::Peer(Peer::Serve { listen }) => peer::run(shelf.api(), listen, out).await,
        Command::Bundle(Bundle::Export { file, since }) => {
            bundle::export(shelf.api(), &file, since, out).await
        }
        Command::Bundle(Bundle::Import { file }) => bundle::import(shelf.api(), &file, out).await,
        Command::Pack(Pack::Add { file }) => pack::add(&shelf.api(), &file, out).await,
        Command::Pack(Pack::Fetch { pack }) => pack::fetch(&shelf.api(), &pack, out).await,
        command => {
            let request = ask::request(command)?;
            let reply = shelf.ask(request.clone()).await?;
            show::reply(&request, &reply, out)
        }
    }
}
