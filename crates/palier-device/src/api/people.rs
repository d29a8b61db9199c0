//! Who gets in and who goes out.

use fast_qr::{ECL, QRBuilder};
use palier_core::code::{self, CodeError};

use super::{Reply, Request, reply::WrongLetter};
use crate::{
    device::Device,
    error::{CodeFault, Error},
};

/// Answers what is about people; nothing where the question is about something else.
pub(super) fn answer(device: &mut Device, request: &Request) -> Result<Option<Reply>, Error> {
    Ok(Some(match request {
        Request::RequestCode { link, name } => Reply::Code {
            code: device.request_code(link.as_deref(), name)?,
        },
        Request::LookAtCode { code } => look(code),
        Request::ReadRequestCode { code } => {
            let stranger = device.read_request_code(code)?;
            Reply::Stranger {
                name: stranger.name,
                code: stranger.code,
            }
        }
        Request::AnswerCode { code, team, turf } => Reply::Code {
            code: device.answer_code(code, team.as_deref(), turf.as_deref())?,
        },
        Request::EnterAnswer { code } => {
            device.enter_answer(code)?;
            joined(device)?
        }
        Request::DrawQr { text } => Reply::Qr { rows: draw(text)? },
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
        Request::RenewMember { team, member } => {
            device.renew_member(team.as_deref(), member)?;
            Reply::Kept
        }
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

/// What can be said of a code while it is typed.
fn look(code: &str) -> Reply {
    let looked = code::look(code);
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Reply::CodeLooked {
        text: looked.text,
        letters: number(looked.letters),
        wrong: looked
            .wrong
            .into_iter()
            .map(|(letter, group)| WrongLetter {
                letter: letter.into(),
                group: number(group),
            })
            .collect(),
        whole: looked.whole,
    }
}

/// A text as the rows of a QR code. The dashes of a code are left out: they are for the eye.
fn draw(text: &str) -> Result<Vec<String>, Error> {
    let is_code = text
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    let text = if is_code {
        text.replace('-', "")
    } else {
        text.to_owned()
    };
    let drawn = QRBuilder::new(text)
        .ecl(ECL::L)
        .build()
        .map_err(|_reason| Error::Code(CodeFault::Text(CodeError::TooLong)))?;
    let row = |row: &[fast_qr::Module]| {
        row.iter()
            .map(|square| if square.value() { '#' } else { '.' })
            .collect()
    };
    Ok(drawn
        .data
        .chunks(drawn.size)
        .take(drawn.size)
        .map(row)
        .collect())
}
