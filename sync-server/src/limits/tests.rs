use super::*;

const CAMPAIGN: CampaignId = CampaignId([1; 32]);
const NOW: Moment = Moment(1_773_590_400_000);

fn small() -> Limits {
    let rate = Rate {
        requests: 3,
        requests_per_s: 1,
        bytes: 1_000,
        bytes_per_s: 100,
    };
    Limits {
        device: rate,
        strangers: rate,
        devices: 4_000,
        ..Limits::default()
    }
}

fn device(number: u16) -> DeviceId {
    let mut id = [0; 32];
    id[..2].copy_from_slice(&number.to_be_bytes());
    DeviceId(id)
}

fn of(number: u16) -> Counted {
    Counted::Device(CAMPAIGN, device(number))
}

fn after_s(seconds: i64) -> Moment {
    Moment(NOW.0 + seconds * 1_000)
}

#[test]
fn a_spent_budget_says_when_to_come_back_and_keeps_its_word() {
    let budgets = Budgets::new(small());
    for _ in 0..3 {
        assert_eq!(budgets.take(of(1), 0, NOW), Ok(()));
    }
    let of_requests = "device_requests";
    let spent = Spent {
        of: of_requests,
        wait_s: 1,
    };
    assert_eq!(budgets.take(of(1), 0, NOW), Err(spent));
    assert_eq!(budgets.check(of(1), NOW), Err(spent));
    assert_eq!(budgets.take(of(1), 0, after_s(1)), Ok(()));
    assert_eq!(budgets.take(of(1), 0, after_s(1)), Err(spent));
}

#[test]
fn one_device_does_not_spend_what_another_has() {
    let budgets = Budgets::new(small());
    while budgets.take(of(1), 0, NOW).is_ok() {}
    assert_eq!(budgets.take(of(2), 0, NOW), Ok(()));
    assert_eq!(budgets.check(Counted::Strangers(CAMPAIGN), NOW), Ok(()));
}

#[test]
fn a_large_request_is_granted_once_and_waited_for_afterwards() {
    let budgets = Budgets::new(small());
    assert_eq!(budgets.take(of(1), 5_000, NOW), Ok(()));
    let spent = |wait_s| {
        Err(Spent {
            of: "device_bytes",
            wait_s,
        })
    };
    assert_eq!(budgets.take(of(1), 1, NOW), spent(41));
    assert_eq!(budgets.take(of(1), 1, after_s(40)), spent(1));
    assert_eq!(budgets.take(of(1), 1, after_s(41)), Ok(()));
}

#[test]
fn a_look_costs_a_device_nothing() {
    let budgets = Budgets::new(small());
    for _ in 0..100 {
        assert_eq!(budgets.check(of(1), NOW), Ok(()));
    }
    assert!(!budgets.knows(&CAMPAIGN, &device(1)));
}

#[test]
fn a_clock_that_jumps_locks_nobody_out() {
    let budgets = Budgets::new(small());
    while budgets.take(of(1), 0, NOW).is_ok() {}
    let past = after_s(-10 * 365 * 86_400);
    assert!(budgets.take(of(1), 0, past).is_err());
    assert_eq!(budgets.take(of(1), 0, Moment(past.0 + 1_000)), Ok(()));
    let future = after_s(10 * 365 * 86_400);
    assert_eq!(budgets.take(of(1), 0, future), Ok(()));
}

#[test]
fn the_table_of_devices_forgets_those_that_rest() {
    let budgets = Budgets::new(small());
    for number in 0..60_000 {
        // Each comes two seconds after the one before, so that all but the last are whole.
        let now = after_s(i64::from(number) * 2);
        assert_eq!(budgets.take(of(number), 0, now), Ok(()));
        assert!(budgets.counted_devices() <= 1_024);
    }
}

#[test]
fn a_full_table_counts_newcomers_together() {
    let budgets = Budgets::new(small());
    for number in 0..4_000 {
        assert_eq!(budgets.take(of(number), 0, NOW), Ok(()));
    }
    for number in 4_000..4_003 {
        assert_eq!(budgets.take(of(number), 0, NOW), Ok(()));
    }
    let spent = Spent {
        of: "strangers_requests",
        wait_s: 1,
    };
    assert_eq!(budgets.take(of(4_003), 0, NOW), Err(spent));
    assert_eq!(budgets.counted_devices(), 4_000);
    // Those that are counted already are not touched by it.
    assert_eq!(budgets.take(of(1), 0, NOW), Ok(()));
}

#[test]
fn strangers_of_any_number_of_campaigns_share_what_there_is() {
    let budgets = Budgets::new(small());
    let mut granted = 0;
    for number in 0..60_000 {
        let campaign = CampaignId(device(number).0);
        granted += usize::from(budgets.check(Counted::Strangers(campaign), NOW).is_ok());
    }
    assert!(granted <= 256 * 3, "{granted}");
}

#[tokio::test(start_paused = true)]
async fn room_is_given_whole_and_given_back() {
    let room = Room::new(10 << 10);
    let patience = Duration::from_secs(5);
    let first = room.reserve(9 << 10, patience).await;
    assert!(first.is_some() && room.used_bytes() == 9 << 10);
    assert!(room.reserve(2 << 10, patience).await.is_none());
    assert!(room.reserve(1 << 10, patience).await.is_some());
    drop(first);
    assert_eq!(room.used_bytes(), 0);
    // What is larger than everything has everything to itself.
    let all = room.reserve(1 << 30, patience).await;
    assert!(all.is_some() && room.reserve(1, patience).await.is_none());
}

mod slow {
    use axum::body::Body;
    use futures_util::stream::unfold;
    use tokio::time::{Instant, sleep};

    use super::*;

    /// A body of pieces, each after a while.
    fn body(piece_bytes: usize, every: Duration, count: usize) -> Body {
        Body::from_stream(unfold(0, move |sent| async move {
            if sent == count {
                return None;
            }
            sleep(every).await;
            Some((Ok::<_, std::io::Error>(vec![7; piece_bytes]), sent + 1))
        }))
    }

    async fn reads(body: Body) -> (Result<usize, Unread>, Duration) {
        let begun = Instant::now();
        let patience = Limits::default().patience;
        let read = read_body(body, 0, 100_000, &Room::new(1 << 20), &patience).await;
        (read.map(|held| held.bytes.len()), begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_is_given_up() {
        let (read, took) = reads(body(10, Duration::from_secs(3_600), 2)).await;
        assert_eq!((read, took.as_secs()), (Err(Unread::Late), 20));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_given_up() {
        let (read, took) = reads(body(1, Duration::from_secs(1), 10_000)).await;
        assert_eq!((read, took.as_secs()), (Err(Unread::Late), 30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_phone_is_waited_for() {
        let (read, took) = reads(body(4_000, Duration::from_millis(1_500), 25)).await;
        assert_eq!((read, took.as_secs()), (Ok(100_000), 37));
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_fill_the_room_are_sent_away_and_leave_it() {
        let room = Room::new(64 << 10);
        let patience = Limits::default().patience;
        let announced = 1 << 20;
        // A length that is only announced takes no room.
        let stops = body(1_000, Duration::from_secs(15), usize::MAX);
        let stops = read_body(stops, announced, announced, &room, &patience);
        let fills = body(1_000, Duration::from_millis(1), usize::MAX);
        let fills = read_body(fills, announced, announced, &room, &patience);
        let honest = async {
            sleep(Duration::from_secs(11)).await;
            let small = body(1_000, Duration::from_millis(1), 9);
            read_body(small, 9_000, 9_000, &room, &patience).await
        };
        let (stops, fills, honest) = tokio::join!(stops, fills, honest);
        assert_eq!(stops.map(|_| ()), Err(Unread::Late));
        assert_eq!(fills.map(|_| ()), Err(Unread::NoRoom));
        assert_eq!(honest.map(|held| held.bytes.len()), Ok(9_000));
        assert_eq!(room.used_bytes(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_without_end_is_cut_at_its_cap() {
        let (read, _) = reads(body(4_000, Duration::from_millis(1), usize::MAX)).await;
        assert_eq!(read, Err(Unread::TooLarge));
    }
}
