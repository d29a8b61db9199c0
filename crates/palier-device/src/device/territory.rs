//! Importing reference data, and the pack that carries it to the other devices.

use palier_core::{
    document::campaign,
    id::TeamId,
    rights::Role,
    territory::{PackHash, Perimeters, Territory, pack, unpack},
};
use rusqlite::Connection;

use super::{Device, documents::Address, report::mark_unreported};
use crate::{
    api::{
        reply::{ImportReport, StationRow},
        request::Subject,
    },
    error::Error,
    import::{
        ImportError, Note, Parsed, Placement, join_results, place_addresses, read_addresses,
        read_results, read_stations,
    },
    store::{projections, settings, settings::name, territory},
};

impl Device {
    /// Reads a file of reference data, and keeps all that it understood of it, or, as a dry
    /// run, nothing.
    ///
    /// # Errors
    /// The role does not allow it, or the file as a whole was not understood; then nothing of
    /// it was kept.
    pub fn import(
        &mut self,
        subject: Subject,
        file: &str,
        bytes: &[u8],
        dry_run: bool,
    ) -> Result<ImportReport, Error> {
        let campaign = self.member_as(&[Role::Organiser])?.place.campaign;
        let mut known = territory::get(self.connection())?;
        let mut report = read_into(&mut known, subject, file, bytes)?;
        report.dry_run = dry_run;
        if dry_run {
            return Ok(report);
        }
        known.sort();
        let packed = pack(&known).map_err(ImportError::from)?;
        let hash = PackHash::of(&packed).to_string();
        let (writer, now) = (self.writer(), self.now());
        self.keep_territory(&known, &hash, |t| {
            writer.edit(t, Address::campaign(&campaign), 1, |document| {
                campaign::set_territory(document, &hash, now)
            })
        })?;
        Ok(report)
    }

    /// The polling stations, by id.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn stations(&self) -> Result<Vec<StationRow>, Error> {
        territory::rows(self.connection())
    }

    /// The hash of the pack that the campaign names and this device has not, if any.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn missing_territory(&self) -> Result<Option<String>, Error> {
        let named = projections::campaign(self.connection())?.map(|row| row.territory);
        let here = settings::get(self.connection(), name::TERRITORY)?;
        Ok(named.filter(|hash| !hash.is_empty() && here.as_ref() != Some(hash)))
    }

    /// Takes in the pack that was asked for by its hash.
    ///
    /// # Errors
    /// The bytes are not that pack.
    pub fn take_territory(&mut self, hash: &str, packed: &[u8]) -> Result<(), Error> {
        if PackHash::of(packed).to_string() != hash {
            return Err(Error::Nonsense("a territory pack that was changed"));
        }
        let mut territory =
            unpack(packed).map_err(|_reason| Error::Nonsense("a territory pack that is broken"))?;
        territory
            .check()
            .map_err(|_reason| Error::Nonsense("a territory pack that is broken"))?;
        territory.sort();
        self.keep_territory(&territory, hash, |_| Ok(()))
    }

    /// The pack that this device made and the relay has not, with its hash.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn unsent_territory(&self) -> Result<Option<(String, Vec<u8>)>, Error> {
        if self.member()?.rights.role != Role::Organiser {
            return Ok(None);
        }
        let here = settings::get(self.connection(), name::TERRITORY)?;
        let sent = settings::get(self.connection(), name::TERRITORY_SENT)?;
        let Some(hash) = here.filter(|hash| sent.as_ref() != Some(hash)) else {
            return Ok(None);
        };
        let packed = pack(&territory::get(self.connection())?).map_err(ImportError::from)?;
        Ok(Some((hash, packed)))
    }

    /// Notes that the relay has a pack.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_territory_sent(&mut self, hash: &str) -> Result<(), Error> {
        self.store
            .write(|t| settings::set(t, name::TERRITORY_SENT, Some(hash)))
    }

    /// Puts a territory in place. Stations may have changed under visits that were counted,
    /// so every day of this device is reported again.
    fn keep_territory(
        &mut self,
        territory: &Territory,
        hash: &str,
        also: impl FnOnce(&Connection) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let days: Vec<(String, TeamId)> = self.own_tallies()?.into_keys().collect();
        self.store.write(|t| {
            territory::replace(t, territory)?;
            settings::set(t, name::TERRITORY, Some(hash))?;
            for (day, team) in &days {
                mark_unreported(t, day, Some(*team))?;
            }
            also(t)
        })
    }
}

/// Reads a file into what is known: stations and addresses take the place of those before, a
/// ballot that of the ballot of its name.
fn read_into(
    known: &mut Territory,
    subject: Subject,
    file: &str,
    bytes: &[u8],
) -> Result<ImportReport, Error> {
    match subject {
        Subject::Stations => {
            let mut parsed = read_stations(bytes)?;
            known.stations = std::mem::take(&mut parsed.items);
            let mut report = report(subject, parsed, known.stations.len());
            let before = known.results.len();
            known
                .results
                .retain(|result| known.stations.iter().any(|s| s.id == result.station));
            let gone = before - known.results.len();
            if gone > 0 {
                report.notes.push(Note::ResultsGone { count: gone });
            }
            place(known, &mut report);
            Ok(report)
        }
        Subject::Addresses => {
            let mut parsed = read_addresses(bytes)?;
            known.addresses = std::mem::take(&mut parsed.items);
            let mut report = report(subject, parsed, known.addresses.len());
            place(known, &mut report);
            Ok(report)
        }
        Subject::Results => {
            if known.stations.is_empty() {
                return Err(ImportError::StationsFirst.into());
            }
            let parsed = read_results(bytes, file)?;
            let (results, unjoined) = join_results(&parsed.items, &known.stations);
            let mut report = report(subject, parsed, results.len());
            report.rejected.extend(unjoined);
            report.rejected.sort_by_key(|row| row.line);
            known
                .results
                .retain(|result| !report.ballots.contains(&result.ballot));
            known.results.extend(results);
            Ok(report)
        }
    }
}

fn report<T>(subject: Subject, parsed: Parsed<T>, accepted: usize) -> ImportReport {
    ImportReport {
        subject,
        format: parsed.format.to_owned(),
        encoding: parsed.encoding.to_owned(),
        rows: parsed.rows,
        accepted: u32::try_from(accepted).unwrap_or(u32::MAX),
        rejected: parsed.rejected,
        notes: parsed.notes,
        ballots: parsed.ballots,
        in_no_perimeter: Vec::new(),
        in_many_perimeters: Vec::new(),
        dry_run: false,
    }
}

/// Gives each address its station, and lists those that have none or several.
fn place(known: &mut Territory, report: &mut ImportReport) {
    if known.stations.is_empty() || known.addresses.is_empty() {
        return;
    }
    let Placement {
        in_no_perimeter,
        in_many_perimeters,
        ..
    } = place_addresses(&mut known.addresses, &Perimeters::build(&known.stations));
    report.in_no_perimeter = in_no_perimeter;
    report.in_many_perimeters = in_many_perimeters;
}
