//! What must not lose anything: a relay that is away or talks nonsense, a wrong door, a wrong
//! file.

use anyhow::Result;
use palier_core::outcome::Outcome;
use palier_device::api::{Request, request::Subject};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{World, town};

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_door_is_refused_and_a_file_with_one_records_nothing() -> Result<()> {
    let world = World::new().await?;
    let (_, merle) = town::volunteer(&world).await?;
    let refused = merle.record("nowhere", Outcome::Absent, false).await;
    assert_eq!(refused.unwrap_err().code(), "unknown_door");

    let doors = merle.doors(town::TURF).await?;
    let csv = format!(
        "door,outcome,at,leaflet\n{},absent,,\nnowhere,absent,,\n",
        doors[0].door
    );
    let refused = merle.ask(Request::RecordVisits { csv }).await.err();
    assert!(refused.unwrap().to_string().contains("line 3"));
    assert_eq!(merle.status().await?.queued, 0);
    assert!(
        merle
            .doors(town::TURF)
            .await?
            .iter()
            .all(|door| door.state.is_none())
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_works_after_the_sync_and_reaches_everybody() -> Result<()> {
    let world = World::new().await?;
    let (organiser, merle) = town::volunteer(&world).await?;
    let door = merle.doors(town::TURF).await?[0].door.clone();
    let visit = merle.record(&door, Outcome::Refused, true).await?;
    merle.sync().await?;
    organiser.sync().await?;
    let before = organiser.doors(town::TURF).await?;
    assert_eq!(before[0].state, Some(Outcome::Refused));

    assert_eq!(merle.undo(&visit).await?.state, None);
    assert_eq!(merle.undo(&visit).await.unwrap_err().code(), "bad_input");
    merle.sync().await?;
    organiser.sync().await?;
    assert_eq!(organiser.doors(town::TURF).await?[0].state, None);
    let totals = organiser
        .totals(palier_device::api::request::Grouping::Station)
        .await?;
    assert!(
        totals
            .rows
            .iter()
            .all(|row| row.knocked == 0 && row.leaflets == 0)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_talks_nonsense_loses_nothing() -> Result<()> {
    let mut world = World::new().await?;
    let (_, merle) = town::volunteer(&world).await?;
    let door = merle.doors(town::TURF).await?[0].door.clone();
    merle.record(&door, Outcome::Spoke, false).await?;
    let address = world.relay_url().replace("http://", "");
    world.stop_relay().await;

    for nonsense in [
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\ncut",
        "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        "220 mail.example ESMTP\r\n",
    ] {
        let listener = TcpListener::bind(&address).await?;
        let answering = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await?;
            let mut asked = [0; 4_096];
            let _ = stream.read(&mut asked).await?;
            stream.write_all(nonsense.as_bytes()).await?;
            stream.shutdown().await
        });
        let failed = merle.sync().await.unwrap_err();
        assert!(
            ["offline", "relay_nonsense"].contains(&failed.code().as_str()),
            "{nonsense}: {failed:?}"
        );
        let _ = answering.await?;
        assert_eq!(merle.status().await?.queued, 1);
    }

    world.start_relay().await?;
    merle.sync().await?;
    let status = merle.status().await?;
    assert_eq!((status.queued, status.sent), (0, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_imports_nothing() -> Result<()> {
    let world = World::new().await?;
    let (organiser, _) = town::volunteer(&world).await?;
    let stations = palier_core::demo::town(7).stations_geojson();
    let before = organiser.doors(town::TURF).await?.len();
    let folder = tempfile::tempdir()?;
    let half: String = stations.chars().take(stations.len() / 2).collect();
    for (subject, text) in [
        (Subject::Stations, half.as_str()),
        (Subject::Stations, ""),
        (Subject::Addresses, stations.as_str()),
        (Subject::Results, "bonjour"),
    ] {
        let file = folder.path().join("file");
        std::fs::write(&file, text)?;
        let refused = organiser.import(subject, &file).await.unwrap_err();
        assert!(
            refused.to_string().ends_with("nothing was imported"),
            "{refused}"
        );
    }
    assert_eq!(organiser.doors(town::TURF).await?.len(), before);
    Ok(())
}
