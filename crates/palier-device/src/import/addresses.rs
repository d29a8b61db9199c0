//! Addresses, from the Base adresse nationale (BAN) and from the files of communes (BAL).

mod positions;
mod row;

use std::collections::{HashMap, HashSet};

use palier_core::territory::Address;

use self::{
    positions::{Position, better},
    row::Columns,
};
use super::{
    BadRow, ImportError, Note, Parsed, Wanted,
    look::{Look, look},
    table::{read, unended},
    text::decode,
};

/// Reads addresses: `ban-csv`, `bal-1.3` or `bal-1.4`, with `;` or `,`.
///
/// Where a BAL gives several positions for one address, the entrance is kept, or else the first
/// one, and a note says so. A number `99999` stands for a hamlet without doors and is rejected.
///
/// Sources: <https://adresse.data.gouv.fr/data/ban/adresses/latest/csv> and
/// <https://aitf-sig-topo.github.io/voies-adresses/files/AITF_SIG_Topo_Format_Base_Adresse_Locale_v1.4.html>.
///
/// # Errors
///
/// Where the file is damaged, has no row, or holds something else.
pub fn read_addresses(bytes: &[u8]) -> Result<Parsed<Address>, ImportError> {
    let wanted = Wanted::Addresses;
    let text = decode(bytes)?;
    let found = look(&text, wanted)?;
    if !matches!(found, Look::Ban | Look::Bal) {
        let looks = found.looks();
        return Err(ImportError::OtherSubject { wanted, looks });
    }
    let (header, rows) = read(&text)?;
    let columns = Columns::of(&header, found)?;
    let mut parsed = Parsed::new(columns.format, &text);
    parsed.notes.extend(unended(&text));
    let mut places: HashMap<String, (usize, Position)> = HashMap::new();
    let (mut made_ids, mut further) = (0_u32, 0_u32);
    for row in &rows {
        let read = match columns.read(row) {
            Ok(read) => read,
            Err(reason) => {
                parsed.take(row.line, Err(reason));
                continue;
            }
        };
        made_ids += u32::from(read.made_id);
        let Some((place, kept)) = places.get_mut(&read.address.id) else {
            let id = read.address.id.clone();
            places.insert(id, (parsed.items.len(), read.position));
            parsed.take(row.line, Ok(read.address));
            continue;
        };
        let same = parsed.items.get_mut(*place).filter(|first| {
            found == Look::Bal
                && first.label() == read.address.label()
                && (*kept != read.position || moved(first, &read.address))
        });
        if let Some(first) = same {
            further += 1;
            parsed.rows += 1;
            if better(read.position, *kept) {
                *first = read.address;
                *kept = read.position;
            }
        } else {
            let address = read.address.id;
            parsed.take(row.line, Err(BadRow::AddressTwice { address }));
        }
    }
    if further > 0 {
        parsed.notes.push(Note::Further { count: further });
    }
    let alike = alike(&parsed.items);
    if alike > 0 {
        parsed.notes.push(Note::Alike { count: alike });
    }
    if made_ids > 0 {
        parsed.notes.push(Note::Keyless { count: made_ids });
    }
    Ok(parsed)
}

/// How many addresses people would write as one that comes before.
fn alike(addresses: &[Address]) -> usize {
    let mut seen = HashSet::new();
    let key = |a: &Address| (a.commune_code.clone(), a.commune.clone(), a.label());
    addresses.iter().filter(|a| !seen.insert(key(a))).count()
}

fn moved(one: &Address, other: &Address) -> bool {
    one.lon.to_bits() != other.lon.to_bits() || one.lat.to_bits() != other.lat.to_bits()
}
