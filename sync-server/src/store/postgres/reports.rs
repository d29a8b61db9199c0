//! Reports: the documents, and their counts by station.

use deadpool_postgres::GenericClient;
use palier_core::document::report::Report;

use super::save::{Parameter, run};
use crate::{accept::Changes, error::StoreError};

const DOCUMENTS: &str = "INSERT INTO reports (campaign, document, device, saved)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[])
     ON CONFLICT (campaign, document) DO UPDATE SET saved = excluded.saved";
/// Puts the lines of reports in the place of those they gave before, in what is added up: what
/// is gone is taken out, what comes is added, and each sum is changed once. The lines that come
/// are written by [`TALLIES`], since one statement cannot put a line where it takes one away.
const SUMS: &str = "WITH gone AS (
         DELETE FROM tallies t USING unnest($1::bytea[], $2::bytea[]) AS a (campaign, document)
         WHERE t.campaign = a.campaign AND t.document = a.document
         RETURNING t.campaign, t.station, t.day, t.team, t.absent, t.spoke, t.refused,
                   t.come_back, t.inaccessible, t.vacant, t.do_not_contact, t.leaflets,
                   t.doors, t.support_1, t.support_2, t.support_3, t.support_4, t.support_5,
                   t.registration, t.proxy),
     changed AS (
         SELECT campaign, station, day, team, -1 AS lines,
                -absent AS absent, -spoke AS spoke, -refused AS refused,
                -come_back AS come_back, -inaccessible AS inaccessible, -vacant AS vacant,
                -do_not_contact AS do_not_contact, -leaflets AS leaflets, -doors AS doors,
                -support_1 AS support_1, -support_2 AS support_2, -support_3 AS support_3,
                -support_4 AS support_4, -support_5 AS support_5,
                -registration AS registration, -proxy AS proxy
         FROM gone
         UNION ALL
         SELECT campaign, station, day, team, 1,
                absent, spoke, refused, come_back, inaccessible, vacant, do_not_contact,
                leaflets, doors, support_1, support_2, support_3, support_4, support_5,
                registration, proxy
         FROM unnest($3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::bytea[],
                     $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[],
                     $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[],
                     $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[],
                     $23::bigint[])
              AS a (campaign, document, station, day, team,
                    absent, spoke, refused, come_back, inaccessible, vacant, do_not_contact,
                    leaflets, doors, support_1, support_2, support_3, support_4, support_5,
                    registration, proxy))
     INSERT INTO sums AS s (campaign, along, key, lines,
                            absent, spoke, refused, come_back, inaccessible, vacant,
                            do_not_contact, leaflets, doors, support_1, support_2, support_3,
                            support_4, support_5, registration, proxy)
     SELECT c.campaign, k.along, k.key, sum(lines),
            sum(absent), sum(spoke), sum(refused), sum(come_back), sum(inaccessible),
            sum(vacant), sum(do_not_contact), sum(leaflets), sum(doors), sum(support_1),
            sum(support_2), sum(support_3), sum(support_4), sum(support_5), sum(registration),
            sum(proxy)
     FROM changed c CROSS JOIN LATERAL
          (VALUES ('station', c.station), ('day', c.day), ('team', encode(c.team, 'hex')))
          AS k (along, key)
     GROUP BY c.campaign, k.along, k.key ORDER BY c.campaign, k.along, k.key
     ON CONFLICT (campaign, along, key) DO UPDATE SET
         lines = s.lines + excluded.lines,
         absent = s.absent + excluded.absent, spoke = s.spoke + excluded.spoke,
         refused = s.refused + excluded.refused, come_back = s.come_back + excluded.come_back,
         inaccessible = s.inaccessible + excluded.inaccessible,
         vacant = s.vacant + excluded.vacant,
         do_not_contact = s.do_not_contact + excluded.do_not_contact,
         leaflets = s.leaflets + excluded.leaflets, doors = s.doors + excluded.doors,
         support_1 = s.support_1 + excluded.support_1,
         support_2 = s.support_2 + excluded.support_2,
         support_3 = s.support_3 + excluded.support_3,
         support_4 = s.support_4 + excluded.support_4,
         support_5 = s.support_5 + excluded.support_5,
         registration = s.registration + excluded.registration,
         proxy = s.proxy + excluded.proxy";
/// What no line is in any more.
pub(super) const FORGET_EMPTY: &str =
    "DELETE FROM sums WHERE campaign = ANY ($1::bytea[]) AND lines = 0";
const FORGET_TURNOUT: &str = "DELETE FROM turnout t
     USING unnest($1::bytea[], $2::bytea[]) AS a (campaign, document)
     WHERE t.campaign = a.campaign AND t.document = a.document";
const TALLIES: &str = "INSERT INTO tallies (campaign, document, station, day, team,
                          absent, spoke, refused, come_back, inaccessible, vacant,
                          do_not_contact, leaflets, doors, support_1, support_2, support_3,
                          support_4, support_5, registration, proxy)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::text[], $5::bytea[],
                          $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                          $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                          $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[],
                          $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[])";
const TURNOUT: &str =
    "INSERT INTO turnout (campaign, document, station, hour, day, device, at, votes)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::text[], $5::text[],
                          $6::bytea[], $7::bigint[], $8::bigint[])";

/// Keeps reports, and puts their counts in the place of those they gave before.
pub(super) async fn replace(
    db: &impl GenericClient,
    changes: &Changes<'_>,
) -> Result<(), StoreError> {
    if changes.reports.is_empty() {
        return Ok(());
    }
    let keys = || changes.reports.keys();
    let campaigns: Vec<&[u8]> = keys().map(|(campaign, _)| campaign.0.as_slice()).collect();
    let documents: Vec<&[u8]> = keys().map(|(_, document)| document.0.as_slice()).collect();
    let new = || changes.reports.values();
    let devices: Vec<&[u8]> = new().map(|new| new.device.0.as_slice()).collect();
    let saved: Vec<&[u8]> = new().map(|new| new.saved.as_slice()).collect();
    let kept: [Parameter<'_>; 4] = [&campaigns, &documents, &devices, &saved];
    let forgotten: [Parameter<'_>; 2] = [&campaigns, &documents];
    tokio::try_join!(
        run(db, DOCUMENTS, &kept),
        run(db, FORGET_TURNOUT, &forgotten),
    )?;
    tallies(db, changes, &forgotten).await?;
    let emptied: [Parameter<'_>; 1] = [&campaigns];
    tokio::try_join!(run(db, FORGET_EMPTY, &emptied), turnout(db, changes))?;
    Ok(())
}

/// What a report says of one station, or of one station and hour.
struct Line<'a, T> {
    campaign: &'a [u8],
    document: &'a [u8],
    device: &'a [u8],
    report: &'a Report,
    of: T,
}

fn lines<'a, T: 'a, I: Iterator<Item = T>>(
    changes: &'a Changes<'_>,
    each: impl Fn(&'a Report) -> I,
) -> Vec<Line<'a, T>> {
    let mut lines = Vec::new();
    for ((campaign, document), new) in &changes.reports {
        lines.extend(each(&new.report).map(|of| Line {
            campaign: &campaign.0,
            document: &document.0,
            device: &new.device.0,
            report: &new.report,
            of,
        }));
    }
    lines
}

/// The lines of these reports, and what all of them add up to.
async fn tallies(
    db: &impl GenericClient,
    changes: &Changes<'_>,
    forgotten: &[Parameter<'_>],
) -> Result<(), StoreError> {
    let lines = lines(changes, |report| report.lines().into_iter());
    let campaigns: Vec<&[u8]> = lines.iter().map(|line| line.campaign).collect();
    let documents: Vec<&[u8]> = lines.iter().map(|line| line.document).collect();
    let stations: Vec<&str> = lines.iter().map(|line| line.of.0).collect();
    let days: Vec<&str> = lines.iter().map(|line| line.report.day.as_str()).collect();
    let teams: Vec<&[u8]> = (lines.iter())
        .map(|line| line.report.team.as_ref().map_or(&[][..], |team| &team.0))
        .collect();
    let mut counts: [Vec<i64>; 16] = Default::default();
    for line in &lines {
        for (column, count) in counts.iter_mut().zip(line.of.1) {
            column.push(count.into());
        }
    }
    let mut parameters: Vec<Parameter<'_>> = vec![&campaigns, &documents, &stations, &days, &teams];
    parameters.extend(counts.iter().map(|column| column as Parameter<'_>));
    run(db, SUMS, &[forgotten, &parameters].concat()).await?;
    run(db, TALLIES, &parameters).await
}

async fn turnout(db: &impl GenericClient, changes: &Changes<'_>) -> Result<(), StoreError> {
    let lines = lines(changes, |report| report.turnout.iter());
    if lines.is_empty() {
        return Ok(());
    }
    let campaigns: Vec<&[u8]> = lines.iter().map(|line| line.campaign).collect();
    let documents: Vec<&[u8]> = lines.iter().map(|line| line.document).collect();
    let stations: Vec<&str> = lines.iter().map(|line| line.of.0.0.as_str()).collect();
    let hours: Vec<String> = lines.iter().map(|line| line.of.0.1.to_string()).collect();
    let days: Vec<&str> = lines.iter().map(|line| line.report.day.as_str()).collect();
    let devices: Vec<&[u8]> = lines.iter().map(|line| line.device).collect();
    let ats: Vec<i64> = lines.iter().map(|line| line.of.1.at.0).collect();
    let votes: Vec<i64> = lines.iter().map(|line| line.of.1.votes.into()).collect();
    let parameters: [Parameter<'_>; 8] = [
        &campaigns, &documents, &stations, &hours, &days, &devices, &ats, &votes,
    ];
    run(db, TURNOUT, &parameters).await
}
