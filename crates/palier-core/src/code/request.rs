//! The code of a device that wants to be let in.
//!
//! ```text
//! payload = campaign's first 4 bytes, or zeros · device 32 · receive key 32 · pseudonym (a piece)
//! ```

use super::{CodeError, Kind, read, write};
use crate::{
    bytes::{Reader, Writer},
    document::team::MAX_PSEUDONYM,
    id::{CampaignId, DeviceId},
    key::ReceiveKey,
};

/// What a device says of itself to a lead who stands beside it. Whoever reads the code reads
/// the pseudonym; the two people have just met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestCode {
    /// The beginning of the campaign that the link names; zeros where there was no link.
    campaign: [u8; 4],
    /// The device.
    pub device: DeviceId,
    /// Where things are sealed to it.
    pub receive: ReceiveKey,
    /// Its pseudonym.
    pub name: String,
}

impl RequestCode {
    /// The code of a device; the campaign is that of its link, where it has one.
    #[must_use]
    pub fn new(
        campaign: Option<&CampaignId>,
        device: DeviceId,
        receive: ReceiveKey,
        name: &str,
    ) -> Self {
        Self {
            campaign: campaign.map_or([0; 4], beginning),
            device,
            receive,
            name: name.to_owned(),
        }
    }

    /// Whether it may be answered in this campaign.
    #[must_use]
    pub fn is_for(&self, campaign: &CampaignId) -> bool {
        self.campaign == [0; 4] || self.campaign == beginning(campaign)
    }

    /// As it is shown.
    #[must_use]
    pub fn text(&self) -> String {
        let payload = Writer::default()
            .put(&self.campaign)
            .put(&self.device.0)
            .put(&self.receive.0)
            .piece(self.name.as_bytes())
            .done();
        write(Kind::Request, &payload)
    }

    /// Reads what was scanned, pasted or typed.
    ///
    /// # Errors
    /// It is no such code, or not all of it.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let payload = read(Kind::Request, text)?;
        let mut reader = Reader::new(&payload);
        let code = Self {
            campaign: reader.array()?,
            device: DeviceId(reader.array()?),
            receive: ReceiveKey(reader.array()?),
            name: reader.text()?.to_owned(),
        };
        reader.end()?;
        let name = code.name.as_str();
        let whole = !name.trim().is_empty()
            && name.chars().count() <= MAX_PSEUDONYM
            && !name.chars().any(char::is_control);
        if whole {
            Ok(code)
        } else {
            Err(CodeError::Nonsense)
        }
    }
}

fn beginning(campaign: &CampaignId) -> [u8; 4] {
    campaign.0.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str, campaign: Option<&CampaignId>) -> RequestCode {
        RequestCode::new(campaign, DeviceId([1; 32]), ReceiveKey([2; 32]), name)
    }

    #[test]
    fn a_request_code_is_short_enough_to_be_typed() {
        let code = code("Merle", None);
        let text = code.text();
        assert_eq!(RequestCode::parse(&text), Ok(code));
        let letters = text.chars().filter(|letter| *letter != '-').count();
        assert_eq!(letters, 130);
    }

    #[test]
    fn a_request_code_with_a_link_is_for_one_campaign() {
        let (own, other) = (CampaignId([7; 32]), CampaignId([8; 32]));
        let with_link = code("Merle", Some(&own));
        assert!(with_link.is_for(&own));
        assert!(!with_link.is_for(&other));
        assert!(code("Merle", None).is_for(&other));
    }

    #[test]
    fn a_name_that_is_none_is_nonsense() {
        for name in ["", " ", "a\nb", &"é".repeat(41)] {
            let text = code(name, None).text();
            assert_eq!(
                RequestCode::parse(&text),
                Err(CodeError::Nonsense),
                "{name}"
            );
        }
    }
}
