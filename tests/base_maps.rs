//! A base map that the campaign offers: it reaches a phone over the relay, whatever happens on
//! the way, and is used only if it is the one that was offered.

use anyhow::{Result, bail};
use palier_device::{
    Error,
    api::{
        Reply, Request,
        reply::{PackRow, PackState},
        request::PackPart,
    },
};

use crate::support::{
    Person, World,
    packs::{Lie, Lying, pack},
    town,
};

const NAME: &str = "Ville";

async fn packs(person: &Person) -> Result<Vec<PackRow>> {
    match person.ask(Request::Packs).await? {
        Reply::Packs { packs } => Ok(packs),
        _ => bail!("packs answer packs"),
    }
}

/// Fetches one part: how much is here, and whether that was all.
async fn fetch(person: &Person) -> Result<(u64, bool), Error> {
    let pack = NAME.to_owned();
    match person.ask(Request::FetchPack { pack }).await? {
        Reply::PackFetched { arrived, pack, .. } => Ok((arrived, pack.is_some())),
        _ => unreachable!("a part answers a fetch"),
    }
}

async fn add(person: &Person, bytes: &[u8]) -> Result<()> {
    let request = Request::AddPack(PackPart {
        file: format!("{NAME}.pmtiles"),
        at: 0,
        content: data_encoding::BASE64.encode(bytes),
        last: true,
    });
    person.ask(request).await?;
    Ok(())
}

async fn offer(person: &Person) -> Result<(), Error> {
    let pack = NAME.to_owned();
    person.ask(Request::OfferPack { pack }).await.map(drop)
}

/// A campaign that offers a base map, and a volunteer who heard of it.
async fn offered(world: &World, bytes: &[u8]) -> Result<(Person, Person)> {
    let (organiser, merle) = town::volunteer(world).await?;
    add(&organiser, bytes).await?;
    offer(&organiser).await?;
    organiser.sync().await?;
    merle.sync().await?;
    Ok((organiser, merle))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_map_reaches_a_phone_part_by_part_and_goes_on_after_the_phone_was_killed()
-> Result<()> {
    let mut world = World::new().await?;
    let bytes = pack();
    let (organiser, merle) = offered(&world, &bytes).await?;
    let [row] = &packs(&merle).await?[..] else {
        bail!("one base map")
    };
    assert_eq!((&*row.name, row.bytes), (NAME, bytes.len() as u64));
    assert_eq!(
        (row.state, row.arrived, row.shared),
        (PackState::Offered, 0, true)
    );
    let (first, all) = fetch(&merle).await?;
    assert!(first > 0 && !all);
    drop(merle);
    let merle = world.person("Merle")?;
    assert_eq!(packs(&merle).await?[0].arrived, first);
    world.stop_relay().await;
    assert!(matches!(fetch(&merle).await, Err(Error::Offline(_))));
    assert_eq!(packs(&merle).await?[0].arrived, first);
    world.start_relay().await?;
    let mut parts = 1;
    while !fetch(&merle).await?.1 {
        parts += 1;
    }
    assert!(parts > 3, "{parts} parts");
    let [row] = &packs(&merle).await?[..] else {
        bail!("one base map")
    };
    assert_eq!(
        (row.state, row.arrived, row.shared),
        (PackState::Here, 0, true)
    );
    assert_eq!(&organiser_hash(&organiser).await?, &row.pack);
    // Withdrawn, it stays where it is.
    let pack = NAME.to_owned();
    organiser.ask(Request::WithdrawPack { pack }).await?;
    organiser.sync().await?;
    merle.sync().await?;
    let row = &packs(&merle).await?[0];
    assert_eq!((row.state, row.shared), (PackState::Here, false));
    assert!(!merle.rebuild().await?);
    Ok(())
}

async fn organiser_hash(organiser: &Person) -> Result<String> {
    Ok(packs(organiser).await?.remove(0).pack)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_lies_about_a_base_map_gives_none_and_an_honest_one_goes_on() -> Result<()> {
    let mut world = World::new().await?;
    let bytes = pack();
    let (_organiser, merle) = offered(&world, &bytes).await?;
    let (begun, _) = fetch(&merle).await?;
    world.stop_relay().await;
    // A cut: what came before it stays.
    let lying = Lying::at(world.address(), bytes.clone(), Lie::Cuts).await?;
    assert!(matches!(fetch(&merle).await, Err(Error::Offline(_))));
    lying.stop().await;
    let after = packs(&merle).await?[0].arrived;
    assert!(
        after > begun && after < bytes.len() as u64,
        "{begun}, {after}"
    );
    // It ends at once, or has nothing: the same.
    for (lie, code) in [(Lie::Nothing, "relay_nonsense"), (Lie::Gone, "pack_gone")] {
        let lying = Lying::at(world.address(), bytes.clone(), lie).await?;
        assert_eq!(fetch(&merle).await.unwrap_err().code(), code);
        lying.stop().await;
        assert_eq!(packs(&merle).await?[0].arrived, after);
    }
    // Other bytes are found out at the end, and more than was offered before: nothing stays.
    for lie in [Lie::Changes, Lie::Endless] {
        let lying = Lying::at(world.address(), bytes.clone(), lie).await?;
        let refused = loop {
            match fetch(&merle).await {
                Ok((_, all)) => assert!(!all, "{lie:?}"),
                Err(reason) => break reason,
            }
        };
        lying.stop().await;
        assert_eq!(refused.code(), "pack_other_bytes", "{lie:?}");
        let row = &packs(&merle).await?[0];
        assert_eq!((row.state, row.arrived), (PackState::Offered, 0), "{lie:?}");
    }
    world.start_relay().await?;
    assert!(!fetch(&merle).await?.1);
    world.stop_relay().await;
    // A relay that knows no parts gives all of it at once.
    let lying = Lying::at(world.address(), bytes.clone(), Lie::Whole).await?;
    assert_eq!(fetch(&merle).await?, (bytes.len() as u64, true));
    lying.stop().await;
    assert_eq!(packs(&merle).await?[0].state, PackState::Here);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_organisers_offer_base_maps_and_only_once_the_relay_has_them() -> Result<()> {
    let mut world = World::new().await?;
    let (organiser, lead) = town::lead(&world).await?;
    for person in [&organiser, &lead] {
        add(person, &pack()).await?;
    }
    assert!(matches!(offer(&lead).await, Err(Error::NotAllowed)));
    let pack = NAME.to_owned();
    let withdrawn = lead.ask(Request::WithdrawPack { pack }).await;
    assert!(matches!(withdrawn, Err(Error::NotAllowed)));
    world.stop_relay().await;
    assert!(matches!(offer(&organiser).await, Err(Error::Offline(_))));
    assert!(!packs(&organiser).await?[0].shared);
    world.start_relay().await?;
    offer(&organiser).await?;
    organiser.sync().await?;
    lead.sync().await?;
    assert!(packs(&lead).await?[0].shared);
    Ok(())
}

/// A device that takes bytes and says that it is full (null(4)).
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_is_one_clear_line_and_everything_else_goes_on() -> Result<()> {
    use palier_core::outcome::Outcome;

    let world = World::new().await?;
    let (_organiser, merle) = offered(&world, &pack()).await?;
    let hash = packs(&merle).await?.remove(0).pack;
    let folder = world.home("Merle").join("maps");
    std::fs::create_dir_all(&folder)?;
    let arriving = folder.join(format!("{hash}.arriving"));
    std::os::unix::fs::symlink("/dev/full", &arriving)?;
    let refused = fetch(&merle).await.unwrap_err();
    assert_eq!(refused.code(), "disk_full");
    let door = merle.doors(town::TURF).await?.remove(0).door;
    merle.record(&door, Outcome::Absent, false).await?;
    std::fs::remove_file(&arriving)?;
    while !fetch(&merle).await?.1 {}
    assert_eq!(packs(&merle).await?[0].state, PackState::Here);
    Ok(())
}
