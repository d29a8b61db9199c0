//! Leaflet rounds: block faces in order, and what became of their letter boxes.

use std::collections::{BTreeMap, BTreeSet};

use palier_core::{
    document::turf,
    envelope::Kind,
    face::Face,
    id::{DeviceId, RoundId, VisitId},
    moment::{Millis, Moment},
    rights::Role,
    round::{Boxes, Handout, MAX_BOXES, MAX_NAME, Round, Standing},
    territory::Address as Place,
};

use super::{Device, clean_name, documents::Address, named};
use crate::{
    api::{
        reply::{FaceRow, LetterBoxes, RoundRow, RoundView},
        request::Mark,
    },
    clock::random,
    error::{Error, Thing},
    reason::BadCampaign,
    store::{
        buildings,
        projections::{self, TurfHead},
        territory, visits,
    },
};

/// The most buildings of one gesture.
const MOST_MARKS: usize = 500;

/// What is known of a round beside its faces.
struct Around {
    addresses: Vec<Place>,
    /// How many doors each building has.
    doors: BTreeMap<String, u32>,
    standing: Standing,
}

impl Around {
    fn count(&self, address: &str) -> u32 {
        self.doors.get(address).copied().unwrap_or(1)
    }

    /// How many letter boxes an address has, and what stands of them.
    fn boxes(&self, address: &Place) -> (u32, Boxes) {
        let stands = self.standing.of(&address.id);
        let boxes = stands.map_or(Boxes::Todo, |(_, handout)| handout.boxes);
        (self.count(&address.id), boxes)
    }
}

impl Device {
    /// Makes a leaflet round of a turf.
    ///
    /// # Errors
    /// The turf is none, the name is no name or taken, or the role does not allow it.
    pub fn create_round(&mut self, turf: &str, name: &str) -> Result<RoundRow, Error> {
        self.member_as(&[Role::Lead, Role::Organiser])?;
        let turf = self.find_turf(turf)?;
        let name = clean_name(name, MAX_NAME)?;
        let known = projections::rounds(self.connection())?;
        if known
            .iter()
            .any(|(of, round)| *of == turf.id && round.name == name)
        {
            return Err(Error::NameTaken(Thing::Round));
        }
        let (writer, now) = (self.writer(), self.now());
        let round = Round {
            id: RoundId(random()?),
            name,
            made: now,
        };
        let at = Address {
            id: turf.id,
            kind: Kind::Turf,
            space: turf.team.space(),
        };
        self.store
            .write(|t| writer.edit(t, at, 1, |document| turf::add_round(document, &round, now)))?;
        Ok(self.round_of(&turf, &round)?.round)
    }

    /// The leaflet rounds of this device's turfs, the latest first.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn rounds(&self) -> Result<Vec<RoundRow>, Error> {
        let mut rows = Vec::new();
        for (turf, round) in projections::rounds(self.connection())? {
            if let Some(turf) = projections::turf(self.connection(), turf)? {
                rows.push(self.row_of(&turf, &round, &self.around(&turf, &round)?));
            }
        }
        Ok(rows)
    }

    /// One leaflet round: its faces in walking order, each with its buildings.
    ///
    /// # Errors
    /// The round is none.
    pub fn round(&self, round: &str) -> Result<RoundView, Error> {
        let (turf, round) = self.find_round(round)?;
        self.round_of(&turf, &round)
    }

    /// Notes what became of the letter boxes of buildings, in one gesture. To take something
    /// back is to note that it is to do.
    ///
    /// # Errors
    /// The round is none, an address is none of it, or the disk failed; then nothing was noted.
    pub fn mark_boxes(&mut self, round: &str, marks: &[Mark]) -> Result<RoundView, Error> {
        self.member()?;
        let (turf, round) = self.find_round(round)?;
        if marks.is_empty() || marks.len() > MOST_MARKS {
            return Err(Error::bad_input(BadCampaign::TooManyBuildings {
                most: MOST_MARKS,
            }));
        }
        let known = visits::doors_by_address(self.connection(), &turf)?;
        let standing = projections::standing_of(self.connection(), round.id)?;
        let (me, now, zone) = (self.id(), self.now(), self.time_zone()?);
        let mut handouts = BTreeMap::new();
        let mut days = BTreeSet::new();
        for mark in marks {
            let doors = known
                .get(&mark.address)
                .ok_or(Error::Unknown(Thing::Address))?;
            let before = standing.by(&mark.address, me);
            days.extend(before.map(|before| before.at.day(zone)));
            // A clock that jumped back lets nothing of before stand over this.
            let after = before.map_or(now, |before| before.at.after(Millis(1)));
            handouts.insert(
                mark.address.clone(),
                Handout {
                    id: VisitId(random()?),
                    round: round.id,
                    address: mark.address.clone(),
                    boxes: mark.boxes,
                    count: (*doors).min(MAX_BOXES),
                    at: Moment(now.0.max(after.0)),
                },
            );
        }
        self.hand_out(turf.id, handouts.into_values().collect(), &days)?;
        self.round_of(&turf, &round)
    }

    fn around(&self, turf: &TurfHead, round: &Round) -> Result<Around, Error> {
        Ok(Around {
            addresses: territory::of_turf(self.connection(), turf)?,
            doors: visits::doors_by_address(self.connection(), turf)?,
            standing: projections::standing_of(self.connection(), round.id)?,
        })
    }

    fn row_of(&self, turf: &TurfHead, round: &Round, around: &Around) -> RoundRow {
        let mut row = RoundRow {
            round: round.id.to_string(),
            name: round.name.clone(),
            turf: turf.id.to_string(),
            turf_name: turf.name.clone(),
            made: round.made.to_string(),
            ..RoundRow::default()
        };
        for face in self.faces.of(turf.id, &around.addresses).iter() {
            let on_it = face.addresses.iter();
            let on_it = on_it.filter_map(|at| around.addresses.get(*at));
            row.add(on_it.map(|address| around.boxes(address)));
        }
        row
    }

    fn round_of(&self, turf: &TurfHead, round: &Round) -> Result<RoundView, Error> {
        let around = self.around(turf, round)?;
        let people = self.names(turf)?;
        let access = buildings::every_access(self.connection(), turf.id, self.now())?;
        let faces = self.faces.of(turf.id, &around.addresses);
        let faces = faces.iter();
        Ok(RoundView {
            round: self.row_of(turf, round, &around),
            faces: faces
                .map(|face| self.face_row(face, &around, &access, &people))
                .collect(),
        })
    }

    fn face_row(
        &self,
        face: &Face,
        around: &Around,
        access: &BTreeMap<String, buildings::Noted>,
        people: &BTreeMap<DeviceId, String>,
    ) -> FaceRow {
        let on_it = face.addresses.iter();
        let on_it = on_it.filter_map(|at| around.addresses.get(*at));
        let letter_boxes = |address: &Place| {
            let stands = around.standing.of(&address.id);
            let mine = around.standing.by(&address.id, self.id());
            let access = access.get(&address.id);
            LetterBoxes {
                address_id: address.id.clone(),
                address: address.label(),
                number: address.number.clone(),
                count: around.count(&address.id),
                boxes: stands.map_or(Boxes::Todo, |(_, handout)| handout.boxes),
                by: stands.and_then(|(device, _)| people.get(&device).cloned()),
                mine: mine.map_or(Boxes::Todo, |handout| handout.boxes),
                access: access.map(|noted| noted.way.clone()),
                code: access
                    .map(|noted| noted.code.clone())
                    .filter(|code| !code.is_empty()),
                lon: address.lon,
                lat: address.lat,
            }
        };
        FaceRow {
            street: face.street.clone(),
            side: face.side,
            buildings: on_it.map(letter_boxes).collect(),
        }
    }

    fn names(&self, turf: &TurfHead) -> Result<BTreeMap<DeviceId, String>, Error> {
        let members = projections::pseudonyms(self.connection(), turf.team)?;
        let me = self.id();
        let others = members.into_iter().filter(|(device, _)| *device != me);
        Ok(others.collect())
    }

    fn find_round(&self, text: &str) -> Result<(TurfHead, Round), Error> {
        let rounds = projections::rounds(self.connection())?;
        let (turf, round) = named(
            Thing::Round,
            &rounds,
            text,
            |(_, round)| round.id.to_string(),
            |(_, round)| round.name.as_str(),
        )?;
        let turf = projections::turf(self.connection(), turf)?;
        Ok((turf.ok_or(Error::Unknown(Thing::Turf))?, round))
    }
}
