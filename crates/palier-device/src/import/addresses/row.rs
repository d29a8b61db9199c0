//! One row of addresses.

use palier_core::territory::{Address, commune::commune_code};

use super::positions::Position;
use crate::import::{
    BadRow, Column, ImportError,
    look::Look,
    table::{Header, Row, fold},
    value::{count, decimal, present, words},
};

const MAX_STREET_CHARS: usize = 200;
const MAX_COMMUNE_CHARS: usize = 100;
const MAX_ID_CHARS: usize = 100;
const MAX_REPETITION_CHARS: usize = 20;
/// Numbers of houses end here; `99999` stands for a hamlet (BAL 1.4, field `numero`).
const MAX_NUMBER: u32 = 9_999;
const HAMLET: u32 = 99_999;

/// Where each value stands.
pub(super) struct Columns {
    pub(super) format: &'static str,
    width: usize,
    id: Option<usize>,
    number: Option<usize>,
    repetition: Option<usize>,
    street: Option<usize>,
    hamlet: Option<usize>,
    postcode: Option<usize>,
    commune: Option<usize>,
    commune_code: Option<usize>,
    lon: Option<usize>,
    lat: Option<usize>,
    position: Option<usize>,
}

/// An address, and what is not kept of its row.
pub(super) struct Read {
    pub(super) address: Address,
    pub(super) position: Position,
    pub(super) made_id: bool,
}

impl Columns {
    pub(super) fn of(header: &Header, look: Look) -> Result<Self, ImportError> {
        let columns = Self {
            format: format(header, look),
            width: header.len(),
            id: header.find(if look == Look::Ban {
                &["id"]
            } else {
                &["cleinterop"]
            }),
            number: header.find(&["numero"]),
            repetition: header.find(&["rep", "suffixe"]),
            street: header.find(&["nomvoie", "voienom", "toponyme"]),
            hamlet: header.find(&["nomld"]),
            postcode: header.find(&["codepostal"]),
            commune: header.find(&["nomcommune", "communenom"]),
            commune_code: header.find(&["codeinsee", "communeinsee"]),
            lon: header.find(&["lon", "long", "longitude"]),
            lat: header.find(&["lat", "latitude"]),
            position: header.find(&["position", "typeposition"]),
        };
        let needed = [
            (columns.number, Column::ColumnNumber),
            (columns.street, Column::ColumnStreet),
            (columns.lon, Column::ColumnLongitude),
            (columns.lat, Column::ColumnLatitude),
        ];
        match needed.into_iter().find(|(column, _)| column.is_none()) {
            Some((_, column)) => Err(ImportError::MissingColumn {
                looks: look.looks(),
                column,
            }),
            None => Ok(columns),
        }
    }

    pub(super) fn read(&self, row: &Row) -> Result<Read, BadRow> {
        let (found, wanted) = (row.fields.len(), self.width);
        if found != wanted {
            return Err(BadRow::Fields { found, wanted });
        }
        let number = number(row.get(self.number), row.get(self.repetition))?;
        let street = words(row.get(self.street), Column::ColumnStreet, MAX_STREET_CHARS)?;
        let street = if street.is_empty() {
            words(row.get(self.hamlet), Column::ColumnStreet, MAX_STREET_CHARS)?
        } else {
            street
        };
        if street.is_empty() {
            let column = Column::ColumnStreet;
            return Err(BadRow::MissingValue { column });
        }
        let (lon, lat) = (
            decimal(row.get(self.lon), Column::ColumnLongitude)?,
            decimal(row.get(self.lat), Column::ColumnLatitude)?,
        );
        if lon.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(BadRow::Metres);
        }
        let commune = words(
            row.get(self.commune),
            Column::ColumnCommune,
            MAX_COMMUNE_CHARS,
        )?;
        let code = present(row.get(self.commune_code)).and_then(|code| commune_code(None, code));
        let id = words(row.get(self.id), Column::ColumnKey, MAX_ID_CHARS)?;
        let made_id = id.is_empty();
        let id = if made_id {
            let of = code.as_deref().unwrap_or(&commune);
            format!("{}_{}_{}", fold(of), fold(&street), fold(&number))
        } else {
            id
        };
        let address = Address {
            id,
            number,
            street,
            postcode: words(row.get(self.postcode), Column::ColumnPostcode, 10)?,
            commune,
            commune_code: code,
            lon,
            lat,
            station: None,
            doors: 1,
        };
        Ok(Read {
            address,
            position: Position::of(row.get(self.position)),
            made_id,
        })
    }
}

fn format(header: &Header, look: Look) -> &'static str {
    if look == Look::Ban {
        "ban-csv"
    } else if header.has(&["idbanadresse", "idbancommune"]) {
        "bal-1.4"
    } else {
        "bal-1.3"
    }
}

/// The number with its repetition, `12 bis`.
fn number(number: &str, repetition: &str) -> Result<String, BadRow> {
    let column = Column::ColumnNumber;
    let value = count(number, column.clone())?.ok_or(BadRow::MissingValue { column })?;
    if value == HAMLET {
        return Err(BadRow::Hamlet);
    }
    if value > MAX_NUMBER {
        return Err(BadRow::NumberOver { most: MAX_NUMBER });
    }
    let repetition = words(repetition, Column::ColumnRepetition, MAX_REPETITION_CHARS)?;
    Ok(if repetition.is_empty() {
        value.to_string()
    } else {
        format!("{value} {}", repetition.to_lowercase())
    })
}
