//! What each campaign of a device says of itself.

use palier_core::colour;

use super::{Shelf, held, place};
use crate::{
    api::reply::{CampaignRow, Status},
    error::{Error, Thing},
};

impl Shelf {
    /// Every campaign of the device, by number.
    pub(super) fn rows(&self) -> Result<Vec<CampaignRow>, Error> {
        let open = self.opened();
        let status = open.api.at_once(|device| device.status())?;
        let mut rows = self.rows_with(open.number, status)?;
        if open.api.at_once(|device| device.is_unused())? {
            rows.retain(|row| !row.open);
        }
        Ok(rows)
    }

    /// The same, where the open one has said already who it is: no two have one colour while
    /// there are enough.
    pub(super) fn rows_with(&self, open: u32, status: Status) -> Result<Vec<CampaignRow>, Error> {
        let mut rows = self.others()?;
        rows.push(row(open, true, status));
        rows.sort_by_key(|row| row.number);
        let mut taken = Vec::new();
        for colour in rows.iter_mut().filter_map(|row| row.colour.as_mut()) {
            *colour = colour::apart(*colour, &taken);
            taken.push(*colour);
        }
        Ok(rows)
    }

    /// The campaigns that are not open.
    pub(super) fn others(&self) -> Result<Vec<CampaignRow>, Error> {
        if let Some(rows) = held(&self.0.others).clone() {
            return Ok(rows);
        }
        let open = self.opened().number;
        let leaving = self.memory().leaving()?;
        let rows: Vec<CampaignRow> = place::numbers(&self.0.home)
            .into_iter()
            .filter(|number| *number != open && !leaving.contains(number))
            .filter_map(|number| match self.look_at(number) {
                Ok(found) => found,
                Err(reason) => Some(closed(number, &reason)),
            })
            .collect();
        *held(&self.0.others) = Some(rows.clone());
        Ok(rows)
    }

    /// One campaign that is not open; nothing where nothing was begun with it.
    fn look_at(&self, number: u32) -> Result<Option<CampaignRow>, Error> {
        let device = self.device(number)?;
        Ok(if device.is_unused()? {
            None
        } else {
            Some(row(number, false, device.status()?))
        })
    }

    /// The number that a number, an id or a name means.
    pub(super) fn find(&self, text: &str) -> Result<u32, Error> {
        let rows = self.rows()?;
        let by_key = rows
            .iter()
            .find(|row| row.number.to_string() == text || row.campaign_id.as_deref() == Some(text));
        if let Some(row) = by_key {
            return Ok(row.number);
        }
        let mut named = rows.iter().filter(|row| row.name.as_deref() == Some(text));
        match (named.next(), named.next()) {
            (Some(row), None) => Ok(row.number),
            (Some(_), Some(_)) => Err(Error::Ambiguous(Thing::Campaign)),
            (None, _) => Err(Error::Unknown(Thing::Campaign)),
        }
    }
}

fn row(number: u32, open: bool, status: Status) -> CampaignRow {
    let (waits_for, waiting) = match status.waiting {
        Some(waiting) => (Some(waiting.campaign), Some(waiting.state)),
        None => (None, None),
    };
    CampaignRow {
        number,
        campaign_id: status.campaign_id,
        name: status
            .campaign
            .or(waits_for)
            .filter(|name| !name.is_empty()),
        colour: status.colour,
        pseudonym: status.name,
        role: status.role,
        waiting,
        open,
        queued: if status.demo { 0 } else { status.queued },
        refused: status.refused,
        last_sync: status.last_sync,
        holds_root: status.holds_root,
        fault: None,
    }
}

/// A campaign that cannot be opened.
fn closed(number: u32, reason: &Error) -> CampaignRow {
    CampaignRow {
        number,
        campaign_id: None,
        name: None,
        colour: None,
        pseudonym: None,
        role: None,
        waiting: None,
        open: false,
        queued: 0,
        refused: 0,
        last_sync: None,
        holds_root: false,
        fault: Some(reason.code()),
    }
}
