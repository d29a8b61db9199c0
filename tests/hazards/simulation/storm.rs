//! What happens, one thing after the other, as chance has it.

use palier_core::{document::check::MAX_AHEAD, moment::Millis, outcome::Outcome};
use palier_device::device::NewVisit;

use super::{
    campaign::Campaign,
    landing,
    network::Letter,
    person::{Found, Tap},
    truth,
};
use crate::{template::wanted, town::TURF};

const TEN_YEARS: Millis = Millis::days(3_653);

/// Lets everything happen that the scenario has.
pub(super) async fn rage(campaign: &mut Campaign<'_>) {
    if campaign.scenario.hand_to_hand {
        campaign.gather().await;
    }
    let mut left = campaign.scenario.events;
    while left > 0 {
        left -= 1;
        // What is on its way moves most of the time: a sync is many letters.
        if !campaign.letters.is_empty() && !campaign.scenario.chance.one_in(4) {
            let at = campaign.scenario.chance.below(campaign.letters.len());
            let letter = campaign.letters.swap_remove(at);
            carry(campaign, letter).await;
            left += usize::from(campaign.scenario.chance.one_in(2));
            continue;
        }
        let who = campaign.scenario.chance.below(campaign.people.len());
        if landing::happens(campaign, who).await {
            continue;
        }
        match campaign.scenario.chance.below(20) {
            0..=8 if is_ahead(campaign, who) => {}
            0..=6 => tap(campaign, who).await,
            7 => undo(campaign, who).await,
            8 => close(campaign, who).await,
            9..=14 => sync(campaign, who).await,
            15 => stray(campaign).await,
            16 => restart(campaign, who).await,
            17 => jump(campaign, who),
            18 => come_back(campaign, who).await,
            _ => remove(campaign, who).await,
        }
    }
}

/// Whether somebody's clock shows a day that nobody believes, and they had better not write.
fn is_ahead(campaign: &Campaign<'_>, who: usize) -> bool {
    let ahead = campaign.people[who].clock.now().0 - campaign.relay.now().0;
    ahead > MAX_AHEAD.0 && !campaign.scenario.taps_in_the_future
}

/// One request, and what the network makes of it.
async fn carry(campaign: &mut Campaign<'_>, letter: Letter) {
    let one_in = campaign.scenario.fault_one_in;
    let from = letter.from;
    let what = format!(
        "{from} {} {}",
        letter.sent.method,
        letter.sent.path.split('?').next().unwrap_or_default()
    );
    let is_met = letter.to().is_some();
    if is_met && campaign.people[from].removed {
        letter.lose();
        return campaign.settle().await;
    }
    if !campaign.relay_is_on && !is_met {
        campaign.tell(format!("{what}: no relay"));
        letter.lose();
        return campaign.settle().await;
    }
    if !campaign.scenario.chance.one_in(one_in) {
        campaign.tell(format!("{what}: answered"));
        return campaign.deliver(letter).await;
    }
    match campaign.scenario.chance.below(6) {
        0 => {
            campaign.tell(format!("{what}: lost on the way"));
            letter.lose();
        }
        1 => {
            campaign.tell(format!("{what}: arrives, the answer is lost"));
            campaign.answer(&letter.sent).await;
            letter.lose();
        }
        2 => {
            campaign.tell(format!("{what}: given up, arrives later"));
            campaign.strays.push_back(letter.sent.clone());
            letter.lose();
        }
        3 => {
            campaign.tell(format!("{what}: arrives twice"));
            campaign.answer(&letter.sent).await;
            return campaign.deliver(letter).await;
        }
        4 => {
            campaign.tell(format!("{what}: answered, and arrives again later"));
            campaign.strays.push_back(letter.sent.clone());
            return campaign.deliver(letter).await;
        }
        _ => {
            campaign.tell(format!("{what}: the answer is cut"));
            match campaign.answer(&letter.sent).await {
                Some(mut answered) => {
                    let kept = campaign.scenario.chance.below(answered.body.len() + 1);
                    answered.body.truncate(kept);
                    letter.answer(answered);
                }
                None => letter.lose(),
            }
        }
    }
    campaign.settle().await;
}

/// A request arrives long after it was sent.
async fn stray(campaign: &mut Campaign<'_>) {
    if campaign.scenario.chance.one_in(4) {
        campaign.relay_is_on = !campaign.relay_is_on;
        campaign.tell(format!("the relay is on: {}", campaign.relay_is_on));
    } else if !campaign.strays.is_empty() && campaign.relay_is_on {
        let at = campaign.scenario.chance.below(campaign.strays.len());
        if let Some(sent) = campaign.strays.remove(at) {
            campaign.tell(format!(
                "a stray {} {} arrives",
                sent.method,
                sent.path.split('?').next().unwrap_or_default()
            ));
            campaign.answer(&sent).await;
        }
    }
}

async fn tap(campaign: &mut Campaign<'_>, who: usize) {
    let door = campaign.scenario.chance.pick(&campaign.doors).clone();
    let outcome = *campaign.scenario.chance.pick(&Outcome::ALL);
    let leaflet = campaign.scenario.chance.one_in(2);
    let visit = NewVisit {
        door: door.clone(),
        outcome,
        at: None,
        leaflet,
    };
    campaign.people[who].clock.advance(Millis::seconds(30));
    match campaign.people[who]
        .with(move |device| device.record(visit))
        .await
    {
        Ok((id, _)) => {
            campaign.tell(format!("{who} taps {door} {}: {id}", outcome.word()));
            let after_removal = campaign.is_removal_heard();
            campaign.people[who].taps.push(Tap {
                id: id.to_string(),
                there: Found::Yes,
                stands: Found::Yes,
                after_removal,
            });
        }
        // Without a team or a territory there is no door yet.
        Err(reason) => assert!(
            ["not_in_campaign", "unknown_door", "not_allowed"].contains(&reason.code().as_str()),
            "{reason}"
        ),
    }
}

async fn undo(campaign: &mut Campaign<'_>, who: usize) {
    let taps = &campaign.people[who].taps;
    let open: Vec<_> = (0..taps.len())
        .filter(|at| taps[*at].there == Found::Yes && taps[*at].stands == Found::Yes)
        .collect();
    if open.is_empty() {
        return;
    }
    let at = *campaign.scenario.chance.pick(&open);
    let id = campaign.people[who].taps[at].id.clone();
    let done = {
        let id = id.clone();
        campaign.people[who]
            .with(move |device| device.undo(&id))
            .await
    };
    match done {
        Ok(_) => {
            campaign.tell(format!("{who} takes {id} back"));
            campaign.people[who].taps[at].stands = Found::No;
        }
        // It stood on a phone that was lost, and comes with the next sync.
        Err(reason) => assert_eq!(reason.code(), "unknown_visit", "{id}"),
    }
}

async fn close(campaign: &mut Campaign<'_>, who: usize) {
    let closed = campaign.people[who].with(|device| device.close_shift(TURF));
    if closed.await.is_ok() {
        campaign.tell(format!("{who} closes their outing"));
    }
}

async fn sync(campaign: &mut Campaign<'_>, who: usize) {
    if campaign.people[who].busy.is_none() {
        campaign.tell(format!("{who} syncs"));
        campaign.begin_sync(who).await;
    }
}

async fn restart(campaign: &mut Campaign<'_>, who: usize) {
    if campaign.scenario.chance.one_in(4) {
        campaign.tell("the relay restarts".into());
        return campaign.relay.restart(&mut campaign.scenario.chance).await;
    }
    campaign.tell(format!("{who} restarts"));
    let chance = &mut campaign.scenario.chance;
    campaign.people[who].restart(chance).await;
    campaign.settle().await;
}

fn jump(campaign: &mut Campaign<'_>, who: usize) {
    campaign.relay.wait(Millis::seconds(600));
    if !campaign.scenario.clocks_jump {
        return;
    }
    let jump = match campaign.scenario.chance.below(3) {
        0 => TEN_YEARS,
        1 => Millis(-TEN_YEARS.0),
        _ => Millis(campaign.relay.now().0 - campaign.people[who].clock.now().0),
    };
    campaign.tell(format!(
        "the clock of {who} jumps by {} days",
        jump.0 / 86_400_000
    ));
    campaign.people[who].clock.advance(jump);
}

/// Backups are made, and needed.
async fn come_back(campaign: &mut Campaign<'_>, who: usize) {
    let needed = campaign.scenario.chance.one_in(2);
    if campaign.scenario.relay_is_restored {
        if needed && campaign.relay.backup.is_some() {
            campaign.tell("the relay comes back from a backup".into());
            campaign.relay.restore(&mut campaign.scenario.chance).await;
        } else {
            campaign.tell("the relay is backed up".into());
            campaign.relay.back_up();
        }
    } else if campaign.scenario.phones_are_restored {
        if needed && campaign.people[who].backup.is_some() {
            campaign.tell(format!("{who} comes back from a backup"));
            truth::note_lost_phone(campaign, who);
            let chance = &mut campaign.scenario.chance;
            campaign.people[who].restore(chance).await;
            campaign.settle().await;
        } else if campaign.people[who].joined {
            campaign.tell(format!("{who} is backed up"));
            campaign.people[who].back_up();
        }
    }
}

/// The organiser removes somebody, once.
async fn remove(campaign: &mut Campaign<'_>, who: usize) {
    let nobody_yet = campaign.people.iter().all(|person| !person.removed);
    if who == 0 || !campaign.scenario.somebody_is_removed || !nobody_yet {
        return;
    }
    let name = campaign.people[who].name.clone();
    let removed = campaign.people[0].with(move |device| {
        device.remove_member(None, &name)?;
        // Links from before hold a key that nobody uses any more.
        Ok(device.invite(&wanted())?.link)
    });
    if let Ok(link) = removed.await {
        campaign.tell(format!("{who} is removed"));
        campaign.people[who].removed = true;
        campaign.link = link;
    }
}
