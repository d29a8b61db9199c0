//! Who asks: the signature over a request, and what the device may do.

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
};
use palier_core::{
    id::{CampaignId, DeviceId, SpaceId},
    moment::Moment,
    refusal::Refusal,
    rights::Rights,
    wire::{Asked, Proof},
};

use crate::{
    accept::Standing,
    error::{ApiError, StoreError},
    limits::{Counted, Held, Reserved, Unread, read_body},
    state::AppState,
};

/// Bodies up to this are checked where they are received.
pub(crate) const SMALL_BYTES: usize = 16 << 10;

/// A request whose signature fits.
#[derive(Debug)]
pub(crate) struct Signed {
    /// In which campaign.
    pub(crate) campaign: CampaignId,
    /// Which device.
    pub(crate) device: DeviceId,
    /// The body.
    pub(crate) body: Bytes,
    /// When it came, by our clock.
    pub(crate) at: Moment,
    /// Its place in memory.
    _room: Option<Reserved>,
}

impl Signed {
    /// Reads a request of at most `cap_bytes` and checks its signature.
    pub(crate) async fn read(
        state: &AppState,
        request: Request,
        cap_bytes: usize,
    ) -> Result<Self, ApiError> {
        let at = state.now();
        let proof = proof(request.headers())?;
        if !state.serves(&proof.campaign) {
            return Err(Refusal::WrongSpace.into());
        }
        let (parts, body) = request.into_parts();
        let declared = declared_bytes(&parts.headers);
        if declared.is_some_and(|bytes| bytes > cap_bytes) {
            return Err(Refusal::TooLarge.into());
        }
        let counted = counted(state, &proof).await?;
        state.budgets().check(counted, at)?;
        let expected_bytes = declared.unwrap_or(cap_bytes);
        let patience = &state.limits().patience;
        let room = state.budgets().room_for(counted, cap_bytes);
        let Held { bytes: body, room } = read_body(body, expected_bytes, cap_bytes, room, patience)
            .await
            .map_err(|unread| unread_as(unread, declared))?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let path = path.to_owned();
        let body_bytes = body.len();
        let check = move || {
            let asked = Asked {
                method: parts.method.as_str(),
                path_and_query: &path,
                body: &body,
            };
            proof.verify(asked, at).map(|()| body)
        };
        // A large body takes a while to hash; a small one less than changing the thread.
        let checked = match body_bytes {
            ..=SMALL_BYTES => check(),
            _ => tokio::task::spawn_blocking(check)
                .await
                .map_err(|_fell| StoreError::Broken("a check fell"))?,
        };
        let body = checked.map_err(|refusal| {
            state.budgets().unproved(&proof.campaign, at);
            ApiError::Refused(StatusCode::UNAUTHORIZED, refusal)
        })?;
        state.budgets().take(counted, body.len(), at)?;
        state.metrics().received(body.len());
        Ok(Self {
            campaign: proof.campaign,
            device: proof.device,
            body,
            at,
            _room: room,
        })
    }

    /// The member of the campaign that asks.
    pub(crate) async fn member(&self, state: &AppState) -> Result<Member, ApiError> {
        let standing = state.store().standing(self.campaign, self.device).await?;
        Member::of(self.campaign, standing, self.at)
    }
}

/// The member that a request says it comes from. Nothing is proved yet: this only keeps
/// strangers from sending a large body before their signature is looked at.
pub(crate) async fn claimed(state: &AppState, headers: &HeaderMap) -> Result<Member, ApiError> {
    let Proof {
        campaign, device, ..
    } = proof(headers)?;
    let standing = state.store().standing(campaign, device).await?;
    Member::of(campaign, standing, state.now())
}

/// A device that is introduced in a campaign, with rights that hold.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// Its rights, never empty.
    rights: Vec<Rights>,
}

impl Member {
    /// The member that a standing makes now.
    pub(crate) fn of(
        campaign: CampaignId,
        standing: Standing,
        now: Moment,
    ) -> Result<Self, ApiError> {
        if standing.revoked {
            return Err(Refusal::Revoked.into());
        }
        if standing.rights.is_empty() {
            return Err(Refusal::UnknownDevice.into());
        }
        let mut rights = standing.rights;
        rights.retain(|rights| rights.not_after >= now);
        if rights.is_empty() {
            return Err(Refusal::Expired.into());
        }
        Ok(Self { campaign, rights })
    }

    /// Until when it has rights.
    pub(crate) fn until(&self) -> Moment {
        let ends = self.rights.iter().map(|rights| rights.not_after);
        ends.max().unwrap_or_default()
    }

    /// Until when it may read a space; nothing where it may not.
    pub(crate) fn reads_until(&self, space: SpaceId) -> Option<Moment> {
        let reads = |rights: &&Rights| rights.may_read(&self.campaign, space);
        let reading = self.rights.iter().filter(reads);
        reading.map(|rights| rights.not_after).max()
    }

    /// Whether some of its rights fit.
    pub(crate) fn any(&self, fits: impl Fn(&Rights) -> bool) -> bool {
        self.rights.iter().any(fits)
    }

    /// Lets through only those of whom something holds.
    pub(crate) fn check(&self, fits: impl Fn(&Rights) -> bool) -> Result<(), ApiError> {
        if self.any(fits) {
            Ok(())
        } else {
            Err(Refusal::NotAllowed.into())
        }
    }
}

/// Whose budget a request is counted for. Nothing is proved yet.
async fn counted(state: &AppState, proof: &Proof) -> Result<Counted, ApiError> {
    let Proof {
        campaign, device, ..
    } = *proof;
    if state.budgets().knows(&campaign, &device) {
        return Ok(Counted::Device(campaign, device));
    }
    let standing = state.store().standing(campaign, device).await?;
    Ok(if standing.rights.is_empty() {
        Counted::Strangers(campaign)
    } else {
        Counted::Device(campaign, device)
    })
}

fn unread_as(unread: Unread, declared: Option<usize>) -> ApiError {
    match (unread, declared) {
        (Unread::Late, _) => ApiError::Late,
        (Unread::NoRoom, _) => ApiError::Busy,
        (Unread::TooLarge, None) => Refusal::TooLarge.into(),
        // Where a length was declared that is allowed, more than that is no body.
        (Unread::TooLarge | Unread::Cut, _) => Refusal::Malformed.into(),
    }
}

fn proof(headers: &HeaderMap) -> Result<Proof, ApiError> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| Proof::parse(value).ok())
        .ok_or(ApiError::Refused(
            StatusCode::UNAUTHORIZED,
            Refusal::BadSignature,
        ))
}

fn declared_bytes(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
