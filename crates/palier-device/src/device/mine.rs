//! Everything that this device holds about its owner and that they wrote, for them to keep.
//!
//! What each column means stands in `docs/my-data.md`. Keys are no part of it: they open a
//! team's doors, and are about nobody.

use palier_core::{
    answers::{Answers, Batch},
    document::report::NO_STATION,
    id::DeviceId,
    territory::street_side,
};
use serde_json::{Map, Value, json};

use super::Device;
use crate::{
    api::request::ExportFormat,
    device::export::cell,
    error::Error,
    store::{batches, envelopes, mine},
};

/// The columns of the one table, where it is written as one.
const COLUMNS: [&str; 32] = [
    "record",
    "id",
    "at",
    "until",
    "name",
    "role",
    "team",
    "turf",
    "shift",
    "door",
    "address",
    "station",
    "outcome",
    "leaflet",
    "come_back",
    "stands",
    "hour",
    "votes",
    "round",
    "street",
    "side",
    "boxes",
    "count",
    "ready",
    "doors",
    "support_1",
    "support_2",
    "support_3",
    "support_4",
    "support_5",
    "registration",
    "proxy",
];

/// Where it stands what each record and column means.
const ABOUT: &str = "docs/my-data.md";

/// One record, its kind under `record`.
type Record = Map<String, Value>;

fn record(value: Value) -> Record {
    match value {
        Value::Object(fields) => fields,
        _ => Record::new(),
    }
}

impl Device {
    /// The owner's own data: a name for the file, and its text.
    ///
    /// # Errors
    /// See [`Error`].
    pub(super) fn export_mine(&self, format: ExportFormat) -> Result<(String, String), Error> {
        let now = self.now().to_string();
        let day = now.get(..10).unwrap_or(&now);
        Ok(match format {
            ExportFormat::Csv => (format!("palier-{day}.csv"), self.mine_as_table()?),
            ExportFormat::Json | ExportFormat::Geojson => {
                (format!("palier-{day}.json"), self.mine_as_document(&now)?)
            }
        })
    }

    fn mine_as_table(&self) -> Result<String, Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let wrong = |_reason| Error::Document;
        writer.write_record(COLUMNS).map_err(wrong)?;
        for record in self.mine()? {
            let cells = COLUMNS.map(|column| record.get(column).map(cell).unwrap_or_default());
            writer.write_record(cells).map_err(wrong)?;
        }
        let bytes = writer.into_inner().map_err(|_reason| Error::Document)?;
        String::from_utf8(bytes).map_err(|_reason| Error::Document)
    }

    fn mine_as_document(&self, now: &str) -> Result<String, Error> {
        let [queued, sent, refused] = envelopes::count_records(self.connection())?;
        let status = self.status()?;
        let document = json!({
            "about": ABOUT,
            "made_at": now,
            "campaign": status.campaign,
            "campaign_id": status.campaign_id,
            "relay": status.relay,
            "records_to_send": queued,
            "records_sent": sent,
            "records_refused": refused,
            "records": self.mine()?,
        });
        serde_json::to_string_pretty(&document).map_err(|_reason| Error::Document)
    }

    /// Every record, by kind and then by time.
    fn mine(&self) -> Result<Vec<Record>, Error> {
        let connection = self.connection();
        let me = self.id();
        let status = self.status()?;
        let rights = self.member.as_ref().map(|member| &member.rights);
        let mut records = vec![record(json!({
            "record": "owner",
            "id": status.device,
            "at": mine::joined_at(connection)?.map(|at| at.to_string()),
            "until": rights.map(|rights| rights.not_after.to_string()),
            "name": status.name.or(status.waiting.map(|waiting| waiting.name)),
            "role": status.role,
            "station": rights.and_then(|rights| rights.scope.station()),
        }))];
        records.extend(
            status.teams.into_iter().map(|team| {
                record(json!({ "record": "team", "id": team.team, "team": team.name }))
            }),
        );
        records.extend(mine::shifts(connection, &me)?.into_iter().map(|shift| {
            record(json!({
                "record": "shift",
                "id": shift.id.to_string(),
                "at": shift.opened.to_string(),
                "until": shift.closed.map(|at| at.to_string()),
                "team": shift.team,
                "turf": shift.turf,
            }))
        }));
        records.extend(mine::visits(connection, &me)?.into_iter().map(|visit| {
            record(json!({
                "record": "visit",
                "id": visit.id.to_string(),
                "at": visit.at.to_string(),
                "shift": visit.shift.to_string(),
                "door": visit.door,
                "address": visit.address,
                "station": visit.station,
                "outcome": visit.outcome,
                "leaflet": visit.leaflet,
                "come_back": visit.come_back,
                "stands": visit.stands,
            }))
        }));
        records.extend(mine::turnout(connection, &me)?.into_iter().map(|count| {
            record(json!({
                "record": "turnout",
                "at": count.at.to_string(),
                "station": count.station,
                "hour": format!("{} {}", count.day, count.hour),
                "votes": count.votes,
            }))
        }));
        records.extend(self.leaflets(&me)?);
        records.extend(self.answers()?);
        Ok(records)
    }

    /// What was noted of letter boxes, with the side of the street on which they stand.
    fn leaflets(&self, me: &DeviceId) -> Result<Vec<Record>, Error> {
        let handouts = mine::handouts(self.connection(), me)?.into_iter();
        let leaflets = handouts.map(|handout| {
            record(json!({
                "record": "leaflets",
                "id": handout.id.to_string(),
                "at": handout.at.to_string(),
                "shift": handout.shift.to_string(),
                "door": handout.address_id,
                "address": format!("{} {}", handout.number, handout.street).trim(),
                "station": handout.station,
                "stands": handout.stands,
                "round": handout.round,
                "side": street_side(&handout.number),
                "street": handout.street,
                "boxes": handout.boxes,
                "count": handout.count,
            }))
        });
        Ok(leaflets.collect())
    }

    /// What was answered at stations and is still here alone: what may leave, and what waits for
    /// its tenth door.
    fn answers(&self) -> Result<Vec<Record>, Error> {
        let teams = self.status()?.teams;
        let mut records = Vec::new();
        for (team, station, batch) in batches::all(self.connection())? {
            let id = team.to_string();
            let name = teams.iter().find(|row| row.team == id);
            let name = name.map(|row| row.name.clone());
            let station = Some(station).filter(|station| station != NO_STATION);
            let Batch {
                opened,
                waiting,
                ready,
            } = batch;
            let kept = [
                (
                    false,
                    Answers {
                        doors: opened,
                        counts: waiting,
                    },
                ),
                (true, ready),
            ];
            let kept = kept
                .into_iter()
                .filter(|(_, answers)| *answers != Answers::default());
            records.extend(kept.map(|(is_ready, Answers { doors, counts })| {
                let [one, two, three, four, five] = counts.support;
                record(json!({
                    "record": "answers",
                    "team": name,
                    "station": station,
                    "ready": is_ready,
                    "doors": doors,
                    "support_1": one,
                    "support_2": two,
                    "support_3": three,
                    "support_4": four,
                    "support_5": five,
                    "registration": counts.registration,
                    "proxy": counts.proxy,
                }))
            }));
        }
        Ok(records)
    }
}
