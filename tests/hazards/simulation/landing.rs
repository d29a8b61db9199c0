//! Without the relay: devices that meet, bundles that are carried, and the lead who accepts.

use axum::http::StatusCode;
use palier_device::{
    api::{Reply, Request},
    pairing,
    sync::PeerAsks,
};

use super::{campaign::Campaign, network::address, person::Person};
use crate::carried::{Answered, Sent};

/// The most files that are carried at once.
const BUNDLES: usize = 4;

/// What a device that listens answers to another.
pub(super) async fn answer(person: &Person, sent: &Sent) -> Answered {
    let text = |name: &str| {
        let value = sent.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let asks = PeerAsks {
        method: sent.method.to_string(),
        path_and_query: sent.path.clone(),
        authorization: text("authorization"),
        proof: text(pairing::HEADER),
        body: sent.body.clone(),
    };
    let answer = person.api().answer_peer(&person.door, asks).await;
    Answered {
        status: StatusCode::from_u16(answer.status).unwrap(),
        headers: axum::http::HeaderMap::new(),
        body: answer.body,
    }
}

/// Whether what happens now is without the relay; then it has happened.
pub(super) async fn happens(campaign: &mut Campaign<'_>, who: usize) -> bool {
    let scenario = &mut campaign.scenario;
    if scenario.members_are_chosen && scenario.chance.one_in(8) {
        choose(campaign).await;
    } else if scenario.hand_to_hand && scenario.chance.one_in(3) {
        if scenario.chance.one_in(2) {
            meet(campaign, who).await;
        } else {
            carry(campaign, who).await;
        }
    } else {
        return false;
    }
    true
}

/// Somebody meets somebody else, and their devices sync.
async fn meet(campaign: &mut Campaign<'_>, who: usize) {
    let other = campaign.scenario.chance.below(campaign.people.len());
    let [one, two] = [who, other].map(|who| &campaign.people[who]);
    if who == other || one.busy.is_some() || !goes_along(one) || !goes_along(two) {
        return;
    }
    campaign.tell(format!("{who} meets {other}"));
    let (api, code, address) = (one.api(), two.door.code().text(), address(other));
    campaign.people[who].begin(async move {
        match api.ask(Request::SyncWithPeer { address, code }).await? {
            Reply::Synced(report) => Ok(format!(
                "met {} {} {} {:?}",
                report.sent, report.received, report.set_aside, report.refused
            )),
            _ => Err(palier_device::Error::Document),
        }
    });
    campaign.settle().await;
}

fn goes_along(person: &Person) -> bool {
    person.joined && !person.removed
}

/// A bundle is written, or one that somebody carries is read, perhaps without its end.
async fn carry(campaign: &mut Campaign<'_>, who: usize) {
    if !goes_along(&campaign.people[who]) {
        return;
    }
    let chance = &mut campaign.scenario.chance;
    if campaign.bundles.is_empty() || chance.one_in(2) {
        let written = campaign.people[who].with(|device| {
            let mut file = Vec::new();
            device.write_bundle(None, &mut file)?;
            Ok(file)
        });
        let file = written.await.unwrap();
        campaign.tell(format!("{who} writes a bundle of {} bytes", file.len()));
        if campaign.bundles.len() == BUNDLES {
            campaign.bundles.remove(0);
        }
        campaign.bundles.push(file);
        return;
    }
    let mut file = chance.pick(&campaign.bundles).clone();
    if chance.one_in(4) {
        file.truncate(chance.below(file.len()));
    }
    let read = campaign.people[who].with(move |device| device.read_bundle(&mut file.as_slice()));
    match read.await {
        Ok(read) => campaign.tell(format!(
            "{who} reads a bundle: {} new, {} known, {} wait, {} aside",
            read.received, read.known, read.waiting, read.set_aside
        )),
        Err(reason) => assert_eq!(reason.code(), "bundle_not_one"),
    }
}

/// The lead answers somebody who asks.
async fn choose(campaign: &mut Campaign<'_>) {
    let waiting = campaign.people[0].with(|device| device.requests()).await;
    let waiting = waiting.unwrap();
    if waiting.is_empty() {
        return;
    }
    let row = campaign.scenario.chance.pick(&waiting).clone();
    let accepts = !campaign.scenario.chance.one_in(4);
    campaign.tell(format!(
        "{} is accepted: {accepts}",
        row.name.unwrap_or_default()
    ));
    let answered = campaign.people[0].with(move |device| {
        if accepts {
            device.accept_request(&row.device)
        } else {
            device.decline_request(&row.device)
        }
    });
    answered.await.unwrap();
}

impl Campaign<'_> {
    /// The lead accepts everybody who asks.
    pub(super) async fn accept_all(&self) {
        let accepted = self.people[0].with(|device| {
            for row in device.requests()? {
                device.accept_request(&row.device)?;
            }
            Ok(())
        });
        accepted.await.unwrap();
    }
}
