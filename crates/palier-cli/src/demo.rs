//! A demonstration: a town that does not exist, a campaign there, its teams, and their week.
//!
//! Each of the cast is a real device with its own keys and its own store, on a clock that is
//! set: files go through the importers, people through invitations, visits through shifts. The
//! device of `--home` is one of the cast.

mod cast;
mod names;
mod post;
mod report;
mod stage;
mod week;

use std::path::Path;

use palier_core::{demo, moment::Moment};
use palier_device::{Clock, Device, Error, api::Api};

use crate::{
    args::{Demo, DemoRole},
    demo::{
        cast::{Part, Person},
        post::Post,
        report::Made,
        stage::Stage,
    },
    failure::Failure,
    out::Out,
};

/// Makes the demonstration.
///
/// # Errors
/// The device is in a campaign already, or the relay does not answer; nothing was made then.
pub(crate) async fn run(home: &Path, wanted: Demo, out: Out) -> Result<(), Failure> {
    if wanted.role == DemoRole::Volunteer && wanted.members < 2 {
        return Err(Failure::Said(
            "a team of one has its lead only: give --members 2 or more".into(),
        ));
    }
    let now = Clock::System.now();
    let mut at_home = Some(at_home(home, now)?);
    let post = Post::new(wanted.relay.clone());
    post.check().await?;
    let town = demo::town(wanted.seed);
    let (teams, members) = (usize::from(wanted.teams), usize::from(wanted.members));

    let organiser = cast_one(Part::Organiser, &wanted, &mut at_home, now)?;
    let stage = Stage::set(&organiser, &town, teams, members, post.relay()).await?;
    post.sync(&organiser).await?;

    let mut people = Vec::new();
    for part in Part::of_teams(teams, members) {
        let person = cast_one(part, &wanted, &mut at_home, now)?;
        let link = stage.invite(&organiser, part).await?;
        post.sync(&organiser).await?;
        post.join(&person, &link).await?;
        post.sync(&person).await?;
        people.push(person);
    }
    let week = demo::week(wanted.seed, &town, teams, members);
    week::walk(&people, &week, &stage, members, now).await?;
    for person in people.iter().chain([&organiser]) {
        post.sync(person).await?;
    }
    let links = if wanted.relay.is_some() {
        let volunteer = stage.invite(&organiser, Part::Member(0, 1)).await?;
        let lead = stage.invite(&organiser, Part::Member(0, 0)).await?;
        post.sync(&organiser).await?;
        Some([volunteer, lead])
    } else {
        None
    };
    let you = people
        .iter()
        .chain([&organiser])
        .find(|person| person.at_home)
        .ok_or(Failure::Device(Error::NotInCampaign))?;
    // By now everybody else has sent what they have.
    post.sync(you).await?;
    Made {
        seed: wanted.seed,
        town: &town,
        stage: &stage,
        people: &people,
        you,
        visits: week.len(),
        links,
        home,
    }
    .tell(out)
}

/// The device of `--home`, on a clock that is set.
fn at_home(home: &Path, now: Moment) -> Result<(Api, Clock), Failure> {
    let clock = Clock::at(now);
    let device = Device::open(home, None, clock.clone())?;
    if device.status()?.campaign_id.is_some() {
        return Err(Error::AlreadyInCampaign.into());
    }
    Ok((Api::new(device)?, clock))
}

/// One of the cast: on the device of `--home` where the part is the one that was asked for,
/// otherwise on a device that is gone at the end.
fn cast_one(
    part: Part,
    wanted: &Demo,
    at_home: &mut Option<(Api, Clock)>,
    now: Moment,
) -> Result<Person, Failure> {
    let is_wanted = part
        == match wanted.role {
            DemoRole::Organiser => Part::Organiser,
            DemoRole::Lead => Part::Member(0, 0),
            DemoRole::Volunteer => Part::Member(0, 1),
        };
    let name = names::pseudonym(part, usize::from(wanted.members));
    if is_wanted && let Some((api, clock)) = at_home.take() {
        return Ok(Person::new(part, name, api, clock, true));
    }
    let clock = Clock::at(now);
    let api = Api::new(Device::in_memory(clock.clone())?)?;
    Ok(Person::new(part, name, api, clock, false))
}
