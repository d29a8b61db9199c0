//! The code by which a lead lets a device in.
//!
//! ```text
//! payload = zstd( relay (piece) · chain (piece) · sealed keys · campaign's name (piece)
//!           · time zone (piece) · team's name (piece) · limit u16 · policy u8 · turf )
//! turf    = 0 u8 | 1 u8 · document 16 · name (piece) · station (piece) · count u16 · addresses
//! address = id · number · street · longitude · latitude (pieces, degrees as text)
//! ```

use std::io::Read;

use super::{CodeError, Kind, read, write};
use crate::{
    bytes::{Malformed, Reader, Writer},
    certificate::Chain,
    document::campaign::Team,
    id::{DocumentId, TeamId},
    invitation::Policy,
    moment::TimeZone,
    seal::{self, SealedKey},
    territory::{Address, StationId},
};

/// The largest payload, unpacked, in bytes.
const MAX_UNPACKED_BYTES: u64 = 64 << 10;
/// The most addresses of a turf that is handed over.
pub(super) const MAX_ADDRESSES: usize = 300;
const LEVEL: i32 = 19;

/// All that a device needs to work in a team before it ever reached the relay.
#[derive(Clone, PartialEq, Debug)]
pub struct AnswerCode {
    /// Where the relay answers.
    pub relay: String,
    /// The device's chain.
    pub chain: Chain,
    /// The team's keys, sealed to it.
    pub keys: Vec<SealedKey>,
    /// What the campaign is called.
    pub campaign_name: String,
    /// The campaign's clock.
    pub time_zone: TimeZone,
    /// The team.
    pub team: Team,
    /// Doors to begin with.
    pub turf: Option<HandedTurf>,
}

/// The doors of one turf, as far as they are needed to knock at them.
#[derive(Clone, PartialEq, Debug)]
pub struct HandedTurf {
    /// The turf's document.
    pub id: DocumentId,
    /// What it is called.
    pub name: String,
    /// The station that it covers, empty where it covers a list of addresses.
    pub station: String,
    /// Its addresses, in walking order.
    pub addresses: Vec<Address>,
}

impl AnswerCode {
    /// As it is shown.
    ///
    /// # Errors
    /// It has more addresses than fit into a code ([`CodeError::TooLong`]).
    pub fn text(&self) -> Result<String, CodeError> {
        let plain = self.encode();
        if self.addresses().len() > MAX_ADDRESSES || plain.len() as u64 > MAX_UNPACKED_BYTES {
            return Err(CodeError::TooLong);
        }
        let packed = zstd::bulk::compress(&plain, LEVEL).map_err(|_reason| CodeError::Nonsense)?;
        let text = write(Kind::Answer, &packed);
        if text.len() > super::MAX_TEXT_BYTES {
            return Err(CodeError::TooLong);
        }
        Ok(text)
    }

    /// Reads what was scanned, pasted or typed. No signature is checked yet.
    ///
    /// # Errors
    /// It is no such code, or not all of it.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let packed = read(Kind::Answer, text)?;
        let mut plain = Vec::new();
        zstd::stream::read::Decoder::with_buffer(packed.as_slice())
            .and_then(|decoder| decoder.take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut plain))
            .map_err(|_reason| CodeError::Nonsense)?;
        if plain.len() as u64 > MAX_UNPACKED_BYTES {
            return Err(CodeError::TooLong);
        }
        Self::decode(&plain)
    }

    fn addresses(&self) -> &[Address] {
        self.turf
            .as_ref()
            .map_or(&[], |turf| turf.addresses.as_slice())
    }

    /// Its bytes, unpacked, as a device keeps them.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer
            .piece(self.relay.as_bytes())
            .piece(&self.chain.encode());
        seal::write_keys(&self.keys, &mut writer);
        writer
            .piece(self.campaign_name.as_bytes())
            .piece(self.time_zone.name().as_bytes())
            .put(&self.team.id.0)
            .piece(self.team.name.as_bytes())
            .u16(self.team.limit)
            .u8(self.team.policy.byte());
        match &self.turf {
            None => {
                writer.u8(0);
            }
            Some(turf) => turf.write(writer.u8(1)),
        }
        writer.done()
    }

    /// Reads what [`AnswerCode::encode`] wrote.
    ///
    /// # Errors
    /// It does not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodeError> {
        let mut reader = Reader::new(bytes);
        let code = Self {
            relay: reader.text()?.to_owned(),
            chain: Chain::decode(reader.piece()?)?,
            keys: seal::read_keys(&mut reader)?,
            campaign_name: reader.text()?.to_owned(),
            time_zone: reader
                .text()?
                .parse()
                .map_err(|_reason| CodeError::Nonsense)?,
            team: Team {
                id: TeamId(reader.array()?),
                name: reader.text()?.to_owned(),
                limit: reader.u16()?,
                policy: Policy::from_byte(reader.u8()?)?,
            },
            turf: match reader.u8()? {
                0 => None,
                1 => Some(HandedTurf::read(&mut reader)?),
                _ => return Err(CodeError::Nonsense),
            },
        };
        reader.end()?;
        let relay = code.relay.as_str();
        if !relay.starts_with("https://") && !relay.starts_with("http://") {
            return Err(CodeError::Nonsense);
        }
        Ok(code)
    }
}

impl HandedTurf {
    fn write(&self, writer: &mut Writer) {
        writer
            .put(&self.id.0)
            .piece(self.name.as_bytes())
            .piece(self.station.as_bytes())
            .u16(u16::try_from(self.addresses.len()).unwrap_or(u16::MAX));
        for address in &self.addresses {
            writer
                .piece(address.id.as_bytes())
                .piece(address.number.as_bytes())
                .piece(address.street.as_bytes())
                .piece(format!("{:.6}", address.lon).as_bytes())
                .piece(format!("{:.6}", address.lat).as_bytes());
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (id, name, station) = (
            DocumentId(reader.array()?),
            reader.text()?.to_owned(),
            reader.text()?.to_owned(),
        );
        let count = usize::from(reader.u16()?);
        if count > MAX_ADDRESSES {
            return Err(Malformed);
        }
        let addresses = (0..count)
            .map(|_| read_address(reader, &station))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            id,
            name,
            station,
            addresses,
        })
    }
}

fn read_address(reader: &mut Reader<'_>, station: &str) -> Result<Address, Malformed> {
    let degrees = |most: f64, reader: &mut Reader<'_>| {
        let degrees: f64 = reader.text()?.parse().map_err(|_reason| Malformed)?;
        if degrees.abs() <= most {
            Ok(degrees)
        } else {
            Err(Malformed)
        }
    };
    Ok(Address {
        id: reader.text()?.to_owned(),
        number: reader.text()?.to_owned(),
        street: reader.text()?.to_owned(),
        postcode: String::new(),
        commune: String::new(),
        commune_code: None,
        lon: degrees(180.0, reader)?,
        lat: degrees(90.0, reader)?,
        station: (!station.is_empty()).then(|| StationId::stored(station)),
        doors: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        certificate::tests::organiser,
        key::{Secret, TeamKey},
    };

    fn answer(doors: usize) -> AnswerCode {
        let [root, organiser_device, device] = [1, 2, 3].map(|seed| Secret::from_seed(&[seed; 32]));
        let team = TeamId([7; 16]);
        let key = TeamKey {
            epoch: 3,
            bytes: [5; 32],
        };
        let sealed = SealedKey::seal(&key, device.receive_key(), &team.0, [4; 32]).unwrap();
        let town = crate::demo::town(3);
        let mut addresses: Vec<Address> = town.territory.addresses[..doors].to_vec();
        for address in &mut addresses {
            address.postcode.clear();
            address.commune.clear();
            address.commune_code = None;
            address.station = Some(StationId::stored("1"));
            address.doors = 1;
        }
        AnswerCode {
            relay: "https://relais.example".into(),
            chain: organiser(&root, &organiser_device),
            keys: vec![sealed],
            campaign_name: "Campagne".into(),
            time_zone: TimeZone::PARIS,
            team: Team {
                id: team,
                name: "Diderot".into(),
                limit: 12,
                policy: Policy::Approved,
            },
            turf: (doors > 0).then(|| HandedTurf {
                id: DocumentId([9; 16]),
                name: "Marché".into(),
                station: "1".into(),
                addresses,
            }),
        }
    }

    #[test]
    fn an_answer_reads_back_with_and_without_doors() {
        for doors in [0, 1, 40] {
            let answer = answer(doors);
            let text = answer.text().unwrap();
            let mut read = AnswerCode::parse(&text).unwrap();
            // Degrees travel to six places: a tenth of a metre.
            if let (Some(read), Some(turf)) = (&mut read.turf, &answer.turf) {
                for (read, address) in read.addresses.iter_mut().zip(&turf.addresses) {
                    assert!((read.lon - address.lon).abs() < 1e-6);
                    assert!((read.lat - address.lat).abs() < 1e-6);
                    (read.lon, read.lat) = (address.lon, address.lat);
                }
            }
            assert_eq!(read, answer, "{doors}");
        }
    }

    #[test]
    fn a_cut_payload_and_one_that_unpacks_without_end_are_refused() {
        let plain = answer(2).encode();
        for kept in 0..plain.len() {
            assert!(AnswerCode::decode(&plain[..kept]).is_err(), "{kept}");
        }
        let endless = vec![0; 1 << 20];
        let packed = zstd::bulk::compress(&endless, LEVEL).unwrap();
        let text = write(Kind::Answer, &packed);
        assert_eq!(AnswerCode::parse(&text), Err(CodeError::TooLong));
        let text = write(Kind::Answer, b"rien");
        assert_eq!(AnswerCode::parse(&text), Err(CodeError::Nonsense));
    }
}
