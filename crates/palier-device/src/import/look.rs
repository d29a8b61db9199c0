//! What a file is, from what it holds.

use super::{
    ImportError, Looks, Wanted, json,
    table::{Header, first_line, separator},
    text::Text,
};

/// The layouts that are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    Ban,
    Bal,
    ResultTable,
    Mn,
    ResultPoints,
    PercentJson,
    Stations,
}

impl Look {
    pub(super) const fn looks(self) -> Looks {
        match self {
            Self::Ban => Looks::LooksBan,
            Self::Bal => Looks::LooksBal,
            Self::ResultTable => Looks::LooksResults,
            Self::Mn => Looks::LooksMn,
            Self::ResultPoints => Looks::LooksPoints,
            Self::PercentJson => Looks::LooksShares,
            Self::Stations => Looks::LooksStations,
        }
    }
}

/// Recognises a file. `wanted` is what somebody said it is, for the words of the error.
pub(super) fn look(text: &Text, wanted: Wanted) -> Result<Look, ImportError> {
    let trimmed = text.text.trim_start();
    let found = if trimmed.starts_with(['{', '[']) {
        json::look(&text.text)?
    } else if trimmed.starts_with('<') {
        Err(Looks::LooksMarkup)
    } else {
        table(trimmed)
    };
    found.map_err(|looks| ImportError::OtherSubject { wanted, looks })
}

/// What may stand around a value.
const QUOTE: [char; 3] = [' ', '"', '\''];

fn table(text: &str) -> Result<Look, Looks> {
    let line = first_line(text);
    let mut fields = line.split(char::from(separator(line)));
    let numbered = fields
        .next()
        .is_some_and(|f| f.trim_matches(QUOTE).parse::<u32>().is_ok());
    if numbered
        && fields
            .next()
            .is_some_and(|kind| kind.trim_matches(QUOTE) == "MN")
    {
        return Ok(Look::Mn);
    }
    let header = Header::of(text);
    let station = header.has(super::results::STATION);
    let voters = header.has(&["inscrits"]);
    let counted = voters || header.has(&["votants", "exprimes"]);
    if station && counted {
        return Ok(Look::ResultTable);
    }
    if voters && header.has(&["lon", "longitude"]) {
        return Ok(Look::ResultPoints);
    }
    if header.has(&["numero"]) && header.has(&["nomvoie"]) {
        return Ok(Look::Ban);
    }
    if header.has(&["voienom", "toponyme", "cleinterop"]) {
        return Ok(Look::Bal);
    }
    if counted {
        return Err(Looks::LooksStationless);
    }
    if header.len() > 1 {
        return Err(Looks::LooksOtherTable {
            columns: header.shown(),
        });
    }
    Err(Looks::LooksProse)
}
