//! Reads the facts that a ledger asks for: one statement for each sort of fact, however many
//! there are, and all of them sent before the first answer.

use std::collections::{HashMap, HashSet};

use deadpool_postgres::GenericClient;
use palier_core::{
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    moment::Moment,
};
use tokio_postgres::{Row, types::ToSql};

use super::rows;
use crate::{
    accept::{Facts, Here, KnownRequest, StoredInvitation, Wanted},
    error::StoreError,
};

/// The last places of spaces.
pub(super) const HEADS: &str = "SELECT a.n, s.head
     FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS a (campaign, space, n)
     JOIN spaces s ON s.campaign = a.campaign AND s.space = a.space";
/// Devices in spaces.
pub(super) const HERE: &str = "SELECT a.n, i.device, i.receive, i.role, i.scope, i.not_after,
            i.last_seq, i.last_id
     FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) WITH ORDINALITY
          AS a (campaign, device, space, n)
     JOIN introductions i
          ON i.campaign = a.campaign AND i.device = a.device AND i.space = a.space";
/// Devices in every space where they are introduced.
pub(super) const STANDINGS: &str = "SELECT a.n, i.space, i.device, i.receive, i.role, i.scope,
            i.not_after
     FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS a (campaign, device, n)
     JOIN introductions i ON i.campaign = a.campaign AND i.device = a.device";
/// Devices whose rights were taken back.
pub(super) const REVOKED: &str = "SELECT a.n
     FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS a (campaign, device, n)
     JOIN revocations r ON r.campaign = a.campaign AND r.device = a.device";
/// Places in the sequences of devices.
pub(super) const ENTRIES: &str = "SELECT a.n, l.seq, l.id
     FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[]) WITH ORDINALITY
          AS a (campaign, space, device, device_seq, n)
     JOIN log l ON l.campaign = a.campaign AND l.space = a.space AND l.device = a.device
               AND l.device_seq = a.device_seq";
/// Invitations and their counts.
pub(super) const INVITATIONS: &str = "SELECT a.n, i.issuer, i.approved, i.uses, i.member_limit,
            i.expires,
            (SELECT count(*) FROM redemptions r
             WHERE r.campaign = i.campaign AND r.key = i.key) AS used,
            (SELECT count(*) FROM requests q
             WHERE q.campaign = i.campaign AND q.invitation = i.key) AS asked
     FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS a (campaign, key, n)
     JOIN invitations i ON i.campaign = a.campaign AND i.key = a.key";
/// Devices that used invitations.
pub(super) const REDEEMED: &str = "SELECT a.n
     FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) WITH ORDINALITY
          AS a (campaign, key, device, n)
     JOIN redemptions r
          ON r.campaign = a.campaign AND r.key = a.key AND r.device = a.device";
/// Members of teams whose rights were not taken back.
pub(super) const MEMBERS: &str = "SELECT DISTINCT a.n, i.device
     FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS a (campaign, team, n)
     JOIN introductions i ON i.campaign = a.campaign AND i.team = a.team
     WHERE NOT EXISTS (SELECT 1 FROM revocations r
                       WHERE r.campaign = i.campaign AND r.device = i.device)";
/// The highest limits that invitations into teams set.
pub(super) const LIMITS: &str = "SELECT a.n,
            (SELECT coalesce(max(i.member_limit), 0) FROM invitations i
             WHERE i.campaign = a.campaign AND i.team = a.team) AS most
     FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS a (campaign, team, n)";
/// Report documents.
pub(super) const REPORTS: &str = "SELECT a.n, r.saved
     FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS a (campaign, document, n)
     JOIN reports r ON r.campaign = a.campaign AND r.document = a.document";
/// Requests to join.
pub(super) const REQUESTS: &str =
    "SELECT a.n, q.invitation, octet_length(q.answer) != 0 AS answered
     FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) WITH ORDINALITY
          AS a (campaign, device, space, n)
     JOIN requests q
          ON q.campaign = a.campaign AND q.device = a.device AND q.space = a.space";

/// Reads what is wanted into the facts.
pub(super) async fn read(
    db: &impl GenericClient,
    wanted: &Wanted,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    // A sort of fact that is not named here does not build.
    let Wanted {
        locks: _,
        heads,
        here,
        standings,
        revoked,
        entries,
        invitations,
        redeemed,
        members,
        limits,
        reports,
        requests,
    } = wanted;
    let heads = Asked::new(heads, |(campaign, space)| {
        [Key::of(&campaign.0), Key::of(&space.0)]
    });
    let here = Asked::new(here, |(campaign, device, space)| {
        [Key::of(&campaign.0), Key::of(&device.0), Key::of(&space.0)]
    });
    let standings = Asked::new(standings, device_key);
    let revoked = Asked::new(revoked, device_key);
    let entries = Asked::new(entries, |(campaign, space, device, seq)| {
        [
            Key::of(&campaign.0),
            Key::of(&space.0),
            Key::of(&device.0),
            Key::Number(rows::number(*seq)),
        ]
    });
    let invitations = Asked::new(invitations, device_key);
    let redeemed = Asked::new(redeemed, |((campaign, key), device)| {
        [Key::of(&campaign.0), Key::of(&key.0), Key::of(&device.0)]
    });
    let members = Asked::new(members, team_key);
    let limits = Asked::new(limits, team_key);
    let reports = Asked::new(
        reports,
        |(campaign, document): &(CampaignId, DocumentId)| {
            [Key::of(&campaign.0), Key::of(&document.0)]
        },
    );
    let requests = Asked::new(requests, |(campaign, device, space)| {
        [Key::of(&campaign.0), Key::of(&device.0), Key::of(&space.0)]
    });
    tokio::try_join!(
        heads.fill(db, HEADS, &mut facts.heads, |head, row| {
            *head = rows::count(row.try_get("head")?)?;
            Ok(())
        }),
        here.fill(db, HERE, &mut facts.here, |here, row| {
            *here = Some(read_here(row)?);
            Ok(())
        }),
        standings.fill(
            db,
            STANDINGS,
            &mut facts.standings,
            |spaces: &mut HashMap<_, _>, row| {
                spaces.insert(SpaceId(rows::id(row, "space")?), rows::rights(row)?);
                Ok(())
            }
        ),
        revoked.fill(db, REVOKED, &mut facts.revoked, |revoked, _row| {
            *revoked = true;
            Ok(())
        }),
        entries.fill(db, ENTRIES, &mut facts.entries, |entry, row| {
            let seq = rows::count(row.try_get("seq")?)?;
            *entry = Some((seq, EnvelopeId(rows::id(row, "id")?)));
            Ok(())
        }),
        invitations.fill(
            db,
            INVITATIONS,
            &mut facts.invitations,
            |invitation, row| {
                *invitation = Some(read_invitation(row)?);
                Ok(())
            }
        ),
        redeemed.fill(db, REDEEMED, &mut facts.redeemed, |redeemed, _row| {
            *redeemed = true;
            Ok(())
        }),
        members.fill(
            db,
            MEMBERS,
            &mut facts.members,
            |members: &mut HashSet<_>, row| {
                members.insert(DeviceId(rows::id(row, "device")?));
                Ok(())
            }
        ),
        limits.fill(db, LIMITS, &mut facts.limits, |limit, row| {
            *limit = rows::sixteen(row.try_get("most")?)?;
            Ok(())
        }),
        reports.fill(db, REPORTS, &mut facts.reports, |saved, row| {
            *saved = Some(row.try_get("saved")?);
            Ok(())
        }),
        requests.fill(db, REQUESTS, &mut facts.requests, |request, row| {
            *request = Some(KnownRequest {
                invitation: DeviceId(rows::id(row, "invitation")?),
                accepted: row.try_get("answered")?,
            });
            Ok(())
        }),
    )?;
    Ok(())
}

fn device_key((campaign, device): &(CampaignId, DeviceId)) -> [Key<'_>; 2] {
    [Key::of(&campaign.0), Key::of(&device.0)]
}

fn team_key((campaign, team): &(CampaignId, TeamId)) -> [Key<'_>; 2] {
    [Key::of(&campaign.0), Key::of(&team.0)]
}

fn read_here(row: &Row) -> Result<Here, StoreError> {
    Ok(Here {
        rights: rows::rights(row)?,
        last_seq: rows::count(row.try_get("last_seq")?)?,
        last_id: EnvelopeId(rows::id(row, "last_id")?),
    })
}

fn read_invitation(row: &Row) -> Result<StoredInvitation, StoreError> {
    Ok(StoredInvitation {
        issuer: DeviceId(rows::id(row, "issuer")?),
        approved: row.try_get("approved")?,
        uses: rows::sixteen(row.try_get("uses")?)?,
        member_limit: rows::sixteen(row.try_get("member_limit")?)?,
        expires: Moment(row.try_get("expires")?),
        used: rows::small(row.try_get("used")?),
        asked: rows::small(row.try_get("asked")?),
    })
}

/// One column of a key.
#[derive(Clone, Copy)]
enum Key<'a> {
    Bytes(&'a [u8]),
    Number(i64),
}

impl<'a> Key<'a> {
    const fn of(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

/// The keys of one sort of fact, as arrays of their columns.
struct Asked<'a, K> {
    keys: Vec<&'a K>,
    columns: Vec<Column<'a>>,
}

enum Column<'a> {
    Bytes(Vec<&'a [u8]>),
    Numbers(Vec<i64>),
}

impl<'a, K> Asked<'a, K>
where
    K: Copy + Eq + std::hash::Hash,
{
    fn new<const COLUMNS: usize>(
        wanted: impl IntoIterator<Item = &'a K>,
        split: impl Fn(&'a K) -> [Key<'a>; COLUMNS],
    ) -> Self {
        let keys: Vec<&K> = wanted.into_iter().collect();
        let mut columns: Vec<Column<'a>> = Vec::with_capacity(COLUMNS);
        for key in &keys {
            for (place, column) in split(key).into_iter().enumerate() {
                match (columns.get_mut(place), column) {
                    (Some(Column::Bytes(all)), Key::Bytes(bytes)) => all.push(bytes),
                    (Some(Column::Numbers(all)), Key::Number(number)) => all.push(number),
                    (_, Key::Bytes(bytes)) => columns.push(Column::Bytes(vec![bytes])),
                    (_, Key::Number(number)) => columns.push(Column::Numbers(vec![number])),
                }
            }
        }
        Self { keys, columns }
    }

    /// Asks, and holds each key: with what was found, or as not there.
    async fn fill<F: Default>(
        &self,
        db: &impl GenericClient,
        sql: &str,
        facts: &mut HashMap<K, F>,
        found: impl Fn(&mut F, &Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if self.keys.is_empty() {
            return Ok(());
        }
        let parameters: Vec<&(dyn ToSql + Sync)> = (self.columns.iter())
            .map(|column| match column {
                Column::Bytes(all) => all as &(dyn ToSql + Sync),
                Column::Numbers(all) => all,
            })
            .collect();
        let statement = db.prepare_cached(sql).await?;
        let answered = db.query(&statement, &parameters).await?;
        for key in &self.keys {
            facts.insert(**key, F::default());
        }
        for row in &answered {
            let place: i64 = row.try_get("n")?;
            let key = usize::try_from(place - 1)
                .ok()
                .and_then(|place| self.keys.get(place))
                .ok_or(StoreError::Broken("an answer to nothing"))?;
            if let Some(fact) = facts.get_mut(*key) {
                found(fact, row)?;
            }
        }
        Ok(())
    }
}
