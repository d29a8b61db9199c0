//! Questions about one building.

use palier_core::building::Plan;

use super::{Reply, Request, answer::parse_moment};
use crate::{
    device::{Device, NewAccess},
    error::Error,
};

/// The answer to a question about a building; nothing where it is about something else.
pub(super) fn answer(device: &mut Device, request: &Request) -> Result<Option<Reply>, Error> {
    let view = match request {
        Request::Building { turf, address } => device.building(turf, address)?,
        Request::DescribeBuilding {
            turf,
            address,
            stairs,
            lowest,
            highest,
            doors,
            ground,
        } => {
            let plan = Plan {
                stairs: stairs.clone(),
                lowest: *lowest,
                highest: *highest,
                doors: *doors,
                ground: *ground,
            };
            device.describe_building(turf, address, &plan)?
        }
        Request::AddDoors { turf, doors } => device.add_doors(turf, doors)?,
        Request::RemoveDoors { turf, doors } => device.remove_doors(turf, doors)?,
        Request::RenamePlace { turf, place, name } => device.rename_place(turf, place, name)?,
        Request::SetAccess {
            turf,
            address,
            way,
            code,
            ends,
        } => {
            let access = NewAccess {
                way: *way,
                code: code.clone(),
                ends: ends.as_deref().map(parse_moment).transpose()?,
            };
            device.set_access(turf, address, &access)?
        }
        Request::Visits { door } => {
            let visits = device.visits_at(door)?;
            return Ok(Some(Reply::Visits { visits }));
        }
        _ => return Ok(None),
    };
    Ok(Some(Reply::Building(view)))
}
