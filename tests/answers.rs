//! What people answer at the door, from the tap to the totals, and what can be read on the way.

use std::path::Path;

use anyhow::{Context, Result, bail};
use palier_core::{answers::Answered, moment::Millis, outcome::Outcome};
use palier_device::api::{
    Reply, Request,
    reply::AnswersRow,
    request::{ExportFormat, ExportWhat, Grouping},
};
use rusqlite::{Connection, OpenFlags, types::Value};

use crate::support::{Person, RELAY, World, town};

/// An outing of one person: at each door somebody speaks, and answers.
async fn walk(person: &Person, doors: std::ops::Range<usize>) -> Result<()> {
    let list = person.doors(town::TURF).await?;
    for (number, door) in list.iter().enumerate().take(doors.end).skip(doors.start) {
        person.record(&door.door, Outcome::Spoke, false).await?;
        let level = u8::try_from(number % 5 + 1)?;
        let after = Answered {
            support: Some(level),
            registration: number % 4 == 0,
            proxy: number % 6 == 0,
        };
        let request = Request::CountAnswer {
            turf: town::TURF.into(),
            station: door.station.clone(),
            before: Answered::default(),
            after,
        };
        match person.ask(request).await? {
            Reply::Kept => {}
            _ => bail!("an answer is kept"),
        }
    }
    Ok(())
}

async fn answered(person: &Person, by: Grouping) -> Result<Vec<AnswersRow>> {
    let rows = person.totals(by).await?.rows;
    Ok(rows.into_iter().filter_map(|row| row.answers).collect())
}

/// The tables of a store that hold a word, or have a column that is called by it.
fn tables_with(store: &Path, word: &str) -> Result<Vec<String>> {
    let db = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let tables: Vec<String> = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for table in tables {
        let mut query = db.prepare(&format!("SELECT * FROM {table}"))?;
        let named = query.column_names().any(|name| name.contains(word));
        let columns = query.column_count();
        let mut rows = query.query([])?;
        let mut holds = false;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                holds |= match row.get(column)? {
                    Value::Text(text) => text.contains(word),
                    Value::Blob(bytes) => bytes.windows(word.len()).any(|w| w == word.as_bytes()),
                    _ => false,
                };
            }
        }
        if named || holds {
            found.push(table);
        }
    }
    Ok(found)
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_reach_the_totals_by_ten_doors_and_nothing_else_holds_them() -> Result<()> {
    let mut world = World::new().await?;
    let (organiser, merle) = town::volunteer(&world).await?;
    walk(&merle, 0..9).await?;
    merle.close_shift(town::TURF).await?;
    merle.sync().await?;
    organiser.sync().await?;
    for by in [Grouping::Station, Grouping::Day, Grouping::Team] {
        assert_eq!(answered(&organiser, by).await?, [], "nine doors");
    }
    let (device, relay) = (
        world.home("Merle").join("device.sqlite3"),
        world.home(RELAY),
    );
    assert_eq!(
        tables_with(&relay, "support")?,
        ["sums", "tallies"],
        "as columns"
    );
    assert_eq!(tables_with(&device, "support")?, [] as [&str; 0]);

    walk(&merle, 9..34).await?;
    merle.sync().await?;
    organiser.sync().await?;
    let expected = [AnswersRow {
        doors: 30,
        answered: 30,
        support: [6; 5],
        favourable: Some([40, 24, 58]),
        registration: 8,
        proxy: 5,
    }];
    for by in [Grouping::Station, Grouping::Day, Grouping::Team] {
        assert_eq!(answered(&organiser, by).await?, expected);
        assert_eq!(answered(&merle, by).await?, expected, "its own");
    }
    // Reports alone speak of it: their documents, and the envelopes that brought them.
    let on_device = tables_with(&device, "support")?;
    assert!(
        on_device
            .iter()
            .all(|table| ["document", "envelope"].contains(&table.as_str())),
        "{on_device:?}"
    );
    let on_relay = tables_with(&relay, "support")?;
    let may = ["log", "reports", "sums", "tallies"];
    assert!(
        on_relay.iter().all(|table| may.contains(&table.as_str())),
        "{on_relay:?}"
    );
    assert!(!merle.rebuild().await?);

    world.stop_relay().await;
    assert_eq!(world.rebuild_relay()?.differed, [] as [&str; 0]);
    world.start_relay().await?;
    organiser.sync().await?;
    assert_eq!(answered(&organiser, Grouping::Team).await?, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_says_how_many_answered_out_of_how_many() -> Result<()> {
    let world = World::new().await?;
    let (organiser, merle) = town::volunteer(&world).await?;
    walk(&merle, 0..10).await?;
    merle.close_shift(town::TURF).await?;
    world.clock.advance(Millis::hours(1));
    merle.sync().await?;
    organiser.sync().await?;
    let request = |format| Request::Export {
        what: ExportWhat::Totals,
        format,
    };
    let Reply::Exported { text, .. } = organiser.ask(request(ExportFormat::Csv)).await? else {
        bail!("an export answers an export");
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let place = |header: &csv::StringRecord, name| {
        let found = header.iter().position(|column| column == name);
        found.with_context(|| format!("no column {name}"))
    };
    let header = reader.headers()?.clone();
    let (doors, four) = (
        place(&header, "answers_doors")?,
        place(&header, "support_4")?,
    );
    let share = place(&header, "favourable_percent")?;
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>()?;
    let with: Vec<_> = rows.iter().filter(|row| !row[doors].is_empty()).collect();
    assert_eq!(with.len(), 1);
    assert_eq!(
        (&with[0][doors], &with[0][four], &with[0][share]),
        ("10", "2", "")
    );
    Ok(())
}
