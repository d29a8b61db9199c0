//! Writes what a ledger changed: one statement for each table, however many rows.

use deadpool_postgres::GenericClient;
use palier_core::{invitation::Policy, moment::Moment};
use tokio_postgres::{Statement, types::ToSql};

use super::{Connection, reports, requests, rows};
use crate::{accept::Changes, error::StoreError};

/// New envelopes.
pub(super) const LOG: &str = "INSERT INTO log (campaign, space, seq, device, device_seq, id, kind,
                      document, bytes, received_at, turn)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bigint[],
                          $6::bytea[], $7::smallint[], $8::bytea[], $9::bytea[], $10::bigint[],
                          $11::bigint[])";
const HEADS: &str = "INSERT INTO spaces (campaign, space, head)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[])
     ON CONFLICT (campaign, space) DO UPDATE SET head = excluded.head";
const INTRODUCTIONS: &str = "INSERT INTO introductions (campaign, device, space, role, scope, team,
                                receive, not_after, last_seq, last_id)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::smallint[], $5::bytea[],
                          $6::bytea[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bytea[])
     ON CONFLICT (campaign, device, space) DO UPDATE SET
         role = excluded.role, scope = excluded.scope, team = excluded.team,
         receive = excluded.receive, not_after = excluded.not_after,
         last_seq = excluded.last_seq, last_id = excluded.last_id";
/// Sequences that went on.
pub(super) const ADVANCES: &str = "UPDATE introductions i
     SET last_seq = a.last_seq, last_id = a.last_id
     FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[])
          AS a (campaign, device, space, last_seq, last_id)
     WHERE i.campaign = a.campaign AND i.device = a.device AND i.space = a.space";
const REVOCATIONS: &str = "INSERT INTO revocations (campaign, device, revoked_at)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[])
     ON CONFLICT (campaign, device) DO NOTHING";
const INVITATIONS: &str = "INSERT INTO invitations (campaign, key, issuer, approved, uses,
                              member_limit, expires, record, team)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::boolean[], $5::integer[],
                          $6::integer[], $7::bigint[], $8::bytea[], $9::bytea[])
     ON CONFLICT (campaign, key) DO UPDATE SET
         issuer = excluded.issuer, approved = excluded.approved, uses = excluded.uses,
         member_limit = excluded.member_limit, expires = excluded.expires,
         record = excluded.record, team = excluded.team";
const REDEMPTIONS: &str = "INSERT INTO redemptions (campaign, key, device, redeemed_at, asked)
     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::boolean[])
     ON CONFLICT (campaign, key, device) DO NOTHING";

/// What an envelope's row carries beside what its bytes say: in which turn of its campaign
/// it came. See `turns.rs`.
pub(super) type Turns = Vec<i64>;
/// A parameter of a statement.
pub(super) type Parameter<'a> = &'a (dyn ToSql + Sync);

/// Writes all of it. An error may leave half of it: the caller then drops the
/// transaction.
pub(super) async fn changes(
    db: &impl GenericClient,
    changes: &Changes<'_>,
    turns: &Turns,
    now: Moment,
) -> Result<(), StoreError> {
    // Redemptions refer to invitations, and so come after them; all else is in any order.
    let [log, heads, advances] = prepared(db).await?;
    tokio::try_join!(
        write_log(db, &log, changes, turns),
        raise_heads(db, &heads, changes),
        advance(db, &advances, changes),
        introductions(db, changes),
        revocations(db, changes),
    )?;
    invitations(db, changes).await?;
    redemptions(db, changes).await?;
    reports::replace(db, changes).await?;
    requests::write(db, changes, now).await
}

/// Writes all of it in the transaction that was begun, and commits that. What only adds to
/// documents is sent together with its commit: a statement that fails leaves nothing to commit.
pub(super) async fn and_commit(
    db: &Connection,
    changed: &Changes<'_>,
    turns: &Turns,
    now: Moment,
) -> Result<(), StoreError> {
    let commit = async { Ok(db.batch_execute("COMMIT").await?) };
    if !only_adds(changed) {
        changes(db, changed, turns, now).await?;
        return commit.await;
    }
    // The commit overtakes nothing: all that goes before it is prepared.
    let [log, heads, advances] = prepared(db).await?;
    tokio::try_join!(
        biased;
        write_log(db, &log, changed, turns),
        raise_heads(db, &heads, changed),
        advance(db, &advances, changed),
        commit,
    )?;
    Ok(())
}

/// Whether all of it adds to documents that the relay does not open.
fn only_adds(changes: &Changes<'_>) -> bool {
    // What is not named here does not build.
    let Changes {
        log: _,
        heads: _,
        introductions,
        advances: _,
        revocations,
        invitations,
        redemptions,
        reports,
        requests,
    } = changes;
    introductions.is_empty()
        && revocations.is_empty()
        && invitations.is_empty()
        && redemptions.is_empty()
        && reports.is_empty()
        && requests.is_empty()
}

/// The statements that every commit has.
async fn prepared(db: &impl GenericClient) -> Result<[Statement; 3], StoreError> {
    Ok([
        db.prepare_cached(LOG).await?,
        db.prepare_cached(HEADS).await?,
        db.prepare_cached(ADVANCES).await?,
    ])
}

/// Runs a statement whose parameters are the columns of many rows.
pub(super) async fn run(
    db: &impl GenericClient,
    sql: &str,
    parameters: &[Parameter<'_>],
) -> Result<(), StoreError> {
    let statement = db.prepare_cached(sql).await?;
    db.execute(&statement, parameters).await?;
    Ok(())
}

async fn write_log(
    db: &impl GenericClient,
    statement: &Statement,
    changes: &Changes<'_>,
    turns: &Turns,
) -> Result<(), StoreError> {
    let rows = &changes.log;
    if rows.is_empty() {
        return Ok(());
    }
    let headers = || rows.iter().map(|row| row.header());
    let campaigns: Vec<&[u8]> = headers()
        .map(|header| header.campaign.0.as_slice())
        .collect();
    let spaces: Vec<&[u8]> = headers().map(|header| header.space.0.as_slice()).collect();
    let seqs: Vec<i64> = rows.iter().map(|row| rows::number(row.seq)).collect();
    let devices: Vec<&[u8]> = headers().map(|header| header.device.0.as_slice()).collect();
    let device_seqs: Vec<i64> = headers()
        .map(|header| rows::number(header.device_seq))
        .collect();
    let ids: Vec<&[u8]> = rows
        .iter()
        .map(|row| row.candidate.id.0.as_slice())
        .collect();
    let kinds: Vec<i16> = headers().map(|header| header.kind.byte().into()).collect();
    let documents: Vec<&[u8]> = headers()
        .map(|header| header.document.0.as_slice())
        .collect();
    let bytes: Vec<&[u8]> = rows
        .iter()
        .map(|row| row.candidate.bytes.as_ref())
        .collect();
    let ats: Vec<i64> = rows.iter().map(|row| row.at.0).collect();
    let parameters: [Parameter<'_>; 11] = [
        &campaigns,
        &spaces,
        &seqs,
        &devices,
        &device_seqs,
        &ids,
        &kinds,
        &documents,
        &bytes,
        &ats,
        turns,
    ];
    db.execute(statement, &parameters).await?;
    Ok(())
}

async fn raise_heads(
    db: &impl GenericClient,
    statement: &Statement,
    changes: &Changes<'_>,
) -> Result<(), StoreError> {
    if changes.heads.is_empty() {
        return Ok(());
    }
    let keys = || changes.heads.keys();
    let campaigns: Vec<&[u8]> = keys().map(|(campaign, _)| campaign.0.as_slice()).collect();
    let spaces: Vec<&[u8]> = keys().map(|(_, space)| space.0.as_slice()).collect();
    let heads: Vec<i64> = changes
        .heads
        .values()
        .map(|head| rows::number(*head))
        .collect();
    db.execute(statement, &[&campaigns, &spaces, &heads])
        .await?;
    Ok(())
}

async fn introductions(db: &impl GenericClient, changes: &Changes<'_>) -> Result<(), StoreError> {
    if changes.introductions.is_empty() {
        return Ok(());
    }
    let keys = || changes.introductions.keys();
    let heres = || changes.introductions.values();
    let rights = || heres().map(|here| &here.rights);
    let campaigns: Vec<&[u8]> = keys().map(|(campaign, ..)| campaign.0.as_slice()).collect();
    let devices: Vec<&[u8]> = keys().map(|(_, device, _)| device.0.as_slice()).collect();
    let spaces: Vec<&[u8]> = keys().map(|(.., space)| space.0.as_slice()).collect();
    let roles: Vec<i16> = rights().map(|rights| rights.role.byte().into()).collect();
    let scopes: Vec<Vec<u8>> = rights()
        .map(|rights| rows::scope_bytes(&rights.scope))
        .collect();
    let teams: Vec<Vec<u8>> = rights()
        .map(|rights| rows::team_bytes(&rights.scope))
        .collect();
    let receives: Vec<&[u8]> = rights().map(|rights| rights.receive.0.as_slice()).collect();
    let ends: Vec<i64> = rights().map(|rights| rights.not_after.0).collect();
    let seqs: Vec<i64> = heres().map(|here| rows::number(here.last_seq)).collect();
    let ids: Vec<&[u8]> = heres().map(|here| here.last_id.0.as_slice()).collect();
    let parameters: [Parameter<'_>; 10] = [
        &campaigns, &devices, &spaces, &roles, &scopes, &teams, &receives, &ends, &seqs, &ids,
    ];
    run(db, INTRODUCTIONS, &parameters).await
}

async fn advance(
    db: &impl GenericClient,
    statement: &Statement,
    changes: &Changes<'_>,
) -> Result<(), StoreError> {
    if changes.advances.is_empty() {
        return Ok(());
    }
    let keys = || changes.advances.keys();
    let lasts = || changes.advances.values();
    let campaigns: Vec<&[u8]> = keys().map(|(campaign, ..)| campaign.0.as_slice()).collect();
    let devices: Vec<&[u8]> = keys().map(|(_, device, _)| device.0.as_slice()).collect();
    let spaces: Vec<&[u8]> = keys().map(|(.., space)| space.0.as_slice()).collect();
    let seqs: Vec<i64> = lasts().map(|(seq, _)| rows::number(*seq)).collect();
    let ids: Vec<&[u8]> = lasts().map(|(_, id)| id.0.as_slice()).collect();
    let parameters: [Parameter<'_>; 5] = [&campaigns, &devices, &spaces, &seqs, &ids];
    db.execute(statement, &parameters).await?;
    Ok(())
}

async fn revocations(db: &impl GenericClient, changes: &Changes<'_>) -> Result<(), StoreError> {
    if changes.revocations.is_empty() {
        return Ok(());
    }
    let keys = || changes.revocations.keys();
    let campaigns: Vec<&[u8]> = keys().map(|(campaign, _)| campaign.0.as_slice()).collect();
    let devices: Vec<&[u8]> = keys().map(|(_, device)| device.0.as_slice()).collect();
    let ats: Vec<i64> = changes.revocations.values().map(|at| at.0).collect();
    run(db, REVOCATIONS, &[&campaigns, &devices, &ats]).await
}

async fn invitations(db: &impl GenericClient, changes: &Changes<'_>) -> Result<(), StoreError> {
    if changes.invitations.is_empty() {
        return Ok(());
    }
    let keys = || changes.invitations.keys();
    let made = || {
        changes
            .invitations
            .values()
            .map(|(invitation, _)| *invitation)
    };
    let campaigns: Vec<&[u8]> = keys().map(|(campaign, _)| campaign.0.as_slice()).collect();
    let names: Vec<&[u8]> = keys().map(|(_, key)| key.0.as_slice()).collect();
    let issuers: Vec<&[u8]> = made().map(|made| made.issuer.0.as_slice()).collect();
    let approved: Vec<bool> = made()
        .map(|made| made.offer.policy == Policy::Approved)
        .collect();
    let uses: Vec<i32> = made().map(|made| made.offer.uses.into()).collect();
    let limits: Vec<i32> = made().map(|made| made.offer.limit.into()).collect();
    let ends: Vec<i64> = made().map(|made| made.offer.expires.0).collect();
    let records: Vec<&[u8]> = changes
        .invitations
        .values()
        .map(|(_, record)| *record)
        .collect();
    let teams: Vec<Vec<u8>> = made()
        .map(|made| rows::team_bytes(&made.offer.scope))
        .collect();
    let parameters: [Parameter<'_>; 9] = [
        &campaigns, &names, &issuers, &approved, &uses, &limits, &ends, &records, &teams,
    ];
    run(db, INVITATIONS, &parameters).await
}

async fn redemptions(db: &impl GenericClient, changes: &Changes<'_>) -> Result<(), StoreError> {
    if changes.redemptions.is_empty() {
        return Ok(());
    }
    let used = || changes.redemptions.iter();
    let campaigns: Vec<&[u8]> = used().map(|used| used.invitation.0.0.as_slice()).collect();
    let keys: Vec<&[u8]> = used().map(|used| used.invitation.1.0.as_slice()).collect();
    let devices: Vec<&[u8]> = used().map(|used| used.device.0.as_slice()).collect();
    let ats: Vec<i64> = used().map(|used| used.at.0).collect();
    let asked: Vec<bool> = used().map(|used| used.asked).collect();
    run(
        db,
        REDEMPTIONS,
        &[&campaigns, &keys, &devices, &ats, &asked],
    )
    .await
}
