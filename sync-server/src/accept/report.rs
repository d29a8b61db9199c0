//! Reports: the one kind of document that the relay opens.

use palier_core::{
    document::{Actor, Document, check::check, report, report::Report},
    envelope::Kind,
    id::DocumentId,
    moment::Moment,
    refusal::Refusal,
    rights::{Rights, Role, Scope},
};

use super::{Candidate, Known};

/// A report that an envelope changed.
#[derive(Clone, Debug)]
pub(crate) struct TakenReport {
    /// What it says.
    pub(crate) report: Report,
    /// The document's bytes.
    pub(crate) saved: Vec<u8>,
    /// The document.
    pub(crate) document: Document,
}

impl PartialEq for TakenReport {
    fn eq(&self, other: &Self) -> bool {
        self.saved == other.saved
    }
}

/// Applies the changes of an envelope to the report that is kept, and reads the result.
pub(super) fn read(
    candidate: &Candidate,
    known: &Known,
    now: Moment,
) -> Result<TakenReport, Refusal> {
    let header = &candidate.envelope.header;
    let actor = Actor::of(&header.device, 1);
    let mut document = match (&known.opened_report, &known.saved_report) {
        (Some(opened), _) => opened.clone(),
        (None, Some(saved)) => Document::load(saved, actor)?,
        (None, None) => Document::new(Kind::Report, actor)?,
    };
    let body = &candidate.envelope.body;
    let changes = check(&document, Kind::Report, &header.device, body, now)?;
    document.apply(changes)?;
    let report = report::read(&document)?;
    if header.document != DocumentId::report(&header.device, &report.day, report.team) {
        return Err(Refusal::BadSchema);
    }
    check_rights(&report, &known.standing.rights, now)?;
    Ok(TakenReport {
        report,
        saved: document.save(),
        document,
    })
}

/// A device may belong to two teams and be an observer besides: any of its rights will do.
fn check_rights(report: &Report, held: &[Rights], now: Moment) -> Result<(), Refusal> {
    let held = || held.iter().filter(|rights| rights.not_after >= now);
    let counts = held().any(|rights| match rights.role {
        Role::Organiser => true,
        _ => rights.scope.team() == report.team,
    });
    let turnout = (report.turnout.keys())
        .all(|(station, _hour)| held().any(|rights| reports_turnout(rights, station)));
    if counts && turnout {
        Ok(())
    } else {
        Err(Refusal::NotAllowed)
    }
}

fn reports_turnout(rights: &Rights, station: &str) -> bool {
    rights.role.reports_turnout()
        && match &rights.scope {
            Scope::Station(own) => own == station,
            Scope::Campaign | Scope::Team(_) => true,
        }
}
