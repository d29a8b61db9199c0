//! Numbers and ids between Rust and SQLite.

use palier_core::{
    bytes::Reader,
    key::ReceiveKey,
    moment::Moment,
    rights::{Rights, Role, Scope},
};
use rusqlite::Row;

use crate::error::StoreError;

/// A place or a sequence as SQLite keeps it; none comes near its end.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A place or a sequence as it was kept.
pub(crate) fn count(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_negative| StoreError::Broken("a negative number"))
}

/// A sum of counts as it travels.
pub(super) fn small(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// The columns that [`rights`] reads.
pub(super) const RIGHTS: &str = "device, receive, role, scope, not_after";

/// Rights from the columns of [`RIGHTS`], the first five of a row.
pub(super) fn rights(row: &Row<'_>) -> Result<Rights, StoreError> {
    let scope: Vec<u8> = row.get(3)?;
    Ok(Rights {
        device: palier_core::id::DeviceId(row.get(0)?),
        receive: ReceiveKey(row.get(1)?),
        role: Role::from_byte(row.get(2)?).map_err(|_unknown| StoreError::Broken("a role"))?,
        scope: Scope::read(&mut Reader::new(&scope))
            .map_err(|_layout| StoreError::Broken("a scope"))?,
        not_after: Moment(row.get(4)?),
    })
}

/// A scope in the layout of certificates.
pub(super) fn scope_bytes(scope: &Scope) -> Vec<u8> {
    let mut writer = palier_core::bytes::Writer::default();
    scope.write(&mut writer);
    writer.done()
}
