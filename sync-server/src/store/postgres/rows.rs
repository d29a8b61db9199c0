//! Numbers and ids between Rust and PostgreSQL.

use palier_core::{
    bytes::Reader,
    id::DeviceId,
    key::ReceiveKey,
    moment::Moment,
    rights::{Rights, Role, Scope},
};
use tokio_postgres::Row;

use crate::error::StoreError;

/// A place or a sequence as PostgreSQL keeps it; none comes near its end.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A place or a sequence as it was kept.
pub(super) fn count(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_negative| StoreError::Broken("a negative number"))
}

/// A sum of counts as it travels.
pub(super) fn small(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// A count of at most sixteen bits as it was kept.
pub(super) fn sixteen(number: i32) -> Result<u16, StoreError> {
    u16::try_from(number).map_err(|_range| StoreError::Broken("a count out of range"))
}

/// An id or a key, from a column of bytes.
pub(super) fn id<const BYTES: usize>(row: &Row, column: &str) -> Result<[u8; BYTES], StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_length| StoreError::Broken("an id of another length"))
}

/// Rights from the columns device, receive, role, scope and not_after.
pub(super) fn rights(row: &Row) -> Result<Rights, StoreError> {
    let role: i16 = row.try_get("role")?;
    let role = u8::try_from(role)
        .ok()
        .and_then(|byte| Role::from_byte(byte).ok());
    Ok(Rights {
        device: DeviceId(id(row, "device")?),
        receive: ReceiveKey(id(row, "receive")?),
        role: role.ok_or(StoreError::Broken("a role"))?,
        scope: Scope::read(&mut Reader::new(row.try_get("scope")?))
            .map_err(|_layout| StoreError::Broken("a scope"))?,
        not_after: Moment(row.try_get("not_after")?),
    })
}

/// A scope in the layout of certificates.
pub(super) fn scope_bytes(scope: &Scope) -> Vec<u8> {
    let mut writer = palier_core::bytes::Writer::default();
    scope.write(&mut writer);
    writer.done()
}

/// The team of a scope, empty where there is none.
pub(super) fn team_bytes(scope: &Scope) -> Vec<u8> {
    scope.team().map_or_else(Vec::new, |team| team.0.to_vec())
}
