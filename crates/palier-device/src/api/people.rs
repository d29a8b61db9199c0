//! Who gets in and who goes out.

use super::{Reply, Request};
use crate::{device::Device, error::Error};

/// Answers what is about people; nothing where the question is about something else.
pub(super) fn answer(device: &mut Device, request: &Request) -> Result<Option<Reply>, Error> {
    Ok(Some(match request {
        Request::StopAsking => {
            device.stop_asking()?;
            Reply::Kept
        }
        Request::Requests => Reply::Requests {
            requests: device.requests()?,
        },
        Request::AcceptRequest { device: who } => {
            device.accept_request(who)?;
            Reply::Kept
        }
        Request::DeclineRequest { device: who } => {
            device.decline_request(who)?;
            Reply::Kept
        }
        Request::Members { team } => Reply::Members(device.team_members(team.as_deref())?),
        Request::RemoveMember { team, member } => {
            device.remove_member(team.as_deref(), member)?;
            Reply::Kept
        }
        _ => return Ok(None),
    }))
}

/// What came of a joining: a place in a campaign, or a request that waits.
pub(super) fn joined(device: &mut Device) -> Result<Reply, Error> {
    let status = device.status()?;
    if let Some(waiting) = status.waiting {
        return Ok(Reply::Joined {
            campaign: waiting.campaign,
            team: waiting.team,
            role: waiting.role,
            waiting: true,
        });
    }
    Ok(Reply::Joined {
        campaign: status.campaign.unwrap_or_default(),
        team: status.teams.first().map(|team| team.name.clone()),
        role: status.role.ok_or(Error::NotInCampaign)?,
        waiting: false,
    })
}
