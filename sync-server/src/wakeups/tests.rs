use std::sync::Arc;

use futures_util::FutureExt;
use palier_core::id::{CampaignId, DeviceId, SpaceId};

use super::{Listening, News, Wakeups};

const CAMPAIGN: CampaignId = CampaignId([1; 32]);

fn space(number: u8) -> SpaceId {
    SpaceId([number; 16])
}

fn listen(wakeups: &Arc<Wakeups>, device: u8, spaces: &[u8]) -> Listening {
    let spaces = spaces.iter().map(|number| space(*number));
    wakeups.listen(CAMPAIGN, DeviceId([device; 32]), spaces, 2)
}

fn now(listening: &Listening) -> Option<News> {
    listening.news().now_or_never()
}

fn grown(numbers: &[(u8, u64)]) -> Option<News> {
    let spaces = numbers.iter().map(|(number, head)| (space(*number), *head));
    Some(News::Grown(spaces.collect()))
}

#[test]
fn only_those_who_listen_hear_and_only_the_newest() {
    let wakeups = Arc::new(Wakeups::default());
    let both = listen(&wakeups, 1, &[2, 1, 2]);
    let one = listen(&wakeups, 2, &[1]);
    assert_eq!(now(&both), None);
    for head in 1..=9 {
        wakeups.grown(CAMPAIGN, space(2), head);
    }
    wakeups.grown(CampaignId([9; 32]), space(1), 1);
    assert_eq!((now(&both), now(&one)), (grown(&[(2, 9)]), None));
    wakeups.grown(CAMPAIGN, space(1), 4);
    // A late word of an older place is no news.
    wakeups.grown(CAMPAIGN, space(2), 8);
    assert_eq!(
        (now(&both), now(&one)),
        (grown(&[(1, 4)]), grown(&[(1, 4)]))
    );
    assert_eq!((now(&both), now(&one)), (None, None));
}

#[test]
fn a_device_that_listens_too_often_loses_its_oldest_ear() {
    let wakeups = Arc::new(Wakeups::default());
    let first = listen(&wakeups, 1, &[1]);
    let second = listen(&wakeups, 1, &[1]);
    let other = listen(&wakeups, 2, &[1]);
    let third = listen(&wakeups, 1, &[1]);
    assert_eq!(now(&first), Some(News::Ended));
    for open in [&second, &third, &other] {
        assert_eq!(now(open), None);
    }
    drop(first);
    let _fourth = listen(&wakeups, 1, &[1]);
    assert_eq!((now(&second), now(&third)), (Some(News::Ended), None));
}

#[test]
fn rights_that_end_come_before_what_grew() {
    let wakeups = Arc::new(Wakeups::default());
    let listening = listen(&wakeups, 1, &[1]);
    wakeups.grown(CAMPAIGN, space(1), 1);
    wakeups.revoked(CAMPAIGN);
    assert_eq!(now(&listening), Some(News::Rights));
    assert_eq!(now(&listening), grown(&[(1, 1)]));
}

#[test]
fn nothing_is_left_of_those_who_went() {
    let wakeups = Arc::new(Wakeups::default());
    let listening: Vec<_> = (0..9)
        .map(|device| listen(&wakeups, device, &[1, device]))
        .collect();
    assert_eq!(wakeups.open(), 9);
    drop(listening);
    let ears = wakeups.lock();
    assert_eq!(ears.open, 0);
    assert!(ears.by_space.is_empty() && ears.by_device.is_empty());
}
