//! What a relay makes of bytes that nobody honest sends: each is refused with a word, costs a
//! bounded amount of memory, and changes nothing for anybody else.

mod changes;
mod envelopes;
mod memory;
mod requests;
mod sockets;

use palier_core::{
    refusal::Refusal,
    rights::{Role, Scope},
    wire::{Pushed, TotalsAnswer},
};

use crate::{
    actors::{Device, TEAM},
    check::look,
    reports::report,
    town::Town,
};

/// A town under attack: merle's device is the attacker's, pinson's is not.
struct Siege {
    town: Town,
    organiser: Device,
    merle: Device,
    pinson: Device,
    totals: TotalsAnswer,
}

impl Siege {
    async fn begun() -> Self {
        let (town, organiser) = Town::begun().await;
        let team = || Scope::Team(TEAM);
        let merle = town.appoint(&organiser, 10, Role::Volunteer, team()).await;
        let mut pinson = town.appoint(&organiser, 11, Role::Volunteer, team()).await;
        let counted = pinson.reports(&report(Some(TEAM), &[("1251", 3, 1)]));
        town.push_all(&pinson, [counted]).await;
        let totals = town.totals(&organiser, "station").await;
        Self {
            town,
            organiser,
            merle,
            pinson,
            totals,
        }
    }

    /// Pushes an envelope together with an honest one of another device: the first is refused,
    /// the second stored.
    async fn refuses(&mut self, what: &str, envelope: Vec<u8>, expected: Refusal) {
        let honest = self.pinson.shift(TEAM.space(), 3);
        let pushed = self.town.push(&self.merle, [envelope, honest]).await;
        assert_eq!(pushed[0], Pushed::Refused(expected), "{what}");
        assert!(matches!(pushed[1], Pushed::Stored(_)), "{what}");
    }

    /// Nothing has changed but for what honest devices wrote.
    async fn stands(&mut self) {
        let totals = self.town.totals(&self.organiser, "station").await;
        assert_eq!(totals.lines, self.totals.lines);
        // The attacker's own device is not locked out either: what was refused took no place.
        let shift = self.merle.shift(TEAM.space(), 3);
        let counted = self.pinson.reports(&report(Some(TEAM), &[("1251", 4, 1)]));
        self.town.push_all(&self.merle, [shift]).await;
        self.town.push_all(&self.pinson, [counted]).await;
        assert_eq!(look(&self.town.store()), [""; 0]);
    }
}
