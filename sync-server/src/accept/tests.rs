//! Tables of cases: what the store knows, an envelope, and the decision.

use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    envelope::{Envelope, Header, Kind},
    id::{DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    invitation::{Invitation, InvitationSecret, Offer, Policy},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    revocation::Revocation,
    rights::{Rights, Role, Scope},
};

use super::{Candidate, Decision, Effect, Here, Known, KnownInvitation, Standing, Voucher, decide};

const NOW: Moment = Moment(1_000_000);
const END: Moment = Moment(2_000_000);
const TEAM: TeamId = TeamId([7; 16]);
const LAST: EnvelopeId = EnvelopeId([4; 32]);

fn secret(seed: u8) -> Secret {
    Secret::from_seed(&[seed; 32])
}

fn root() -> Secret {
    secret(200)
}

fn rights(device: &Secret, role: Role, scope: Scope) -> Rights {
    Rights {
        device: device.device(),
        receive: device.receive_key(),
        role,
        scope,
        not_after: END,
    }
}

/// A volunteer of the team whose second envelope there is expected.
fn known_volunteer() -> Known {
    Known {
        campaign_known: true,
        here: Some(Here {
            rights: rights(&secret(1), Role::Volunteer, Scope::Team(TEAM)),
            last_seq: 1,
            last_id: LAST,
        }),
        ..Known::default()
    }
}

fn header(kind: Kind, space: SpaceId) -> Header {
    Header {
        kind,
        campaign: root().campaign(),
        space,
        document: if kind.is_document() {
            DocumentId([5; 16])
        } else {
            DocumentId::NONE
        },
        key_epoch: u32::from(kind.is_sealed()),
        device: secret(1).device(),
        device_seq: 2,
        previous: LAST,
    }
}

fn candidate(header: Header, body: Vec<u8>) -> Candidate {
    let bytes = Envelope::sign(header, body, &secret(1)).encode();
    Candidate::read(bytes.into(), &root().campaign()).unwrap()
}

fn shift() -> Candidate {
    candidate(header(Kind::Shift, TEAM.space()), vec![1; 9])
}

fn refusal(candidate: &Candidate, known: &Known) -> Option<Refusal> {
    decide(candidate, known, NOW).err()
}

#[test]
fn a_member_s_next_envelope_is_kept() {
    let decision = decide(&shift(), &known_volunteer(), NOW);
    assert_eq!(decision, Ok(Decision::Accept(Box::new(Effect::Keep))));
}

#[test]
fn what_the_store_knows_decides() {
    type Bend = fn(&mut Known);
    let cases: [(&str, Bend, Option<Refusal>); 9] = [
        ("as it is", |_| {}, None),
        (
            "not introduced",
            |known| known.here = None,
            Some(Refusal::UnknownDevice),
        ),
        (
            "revoked",
            |known| known.standing.revoked = true,
            Some(Refusal::Revoked),
        ),
        (
            "expired",
            |known| known.here.as_mut().unwrap().rights.not_after = Moment(NOW.0 - 1),
            Some(Refusal::Expired),
        ),
        (
            "at its last moment",
            |known| known.here.as_mut().unwrap().rights.not_after = NOW,
            None,
        ),
        (
            "of another team",
            |known| known.here.as_mut().unwrap().rights.scope = Scope::Team(TeamId([9; 16])),
            Some(Refusal::NotAllowed),
        ),
        (
            "one is missing",
            |known| {
                let here = known.here.as_mut().unwrap();
                (here.last_seq, here.last_id) = (0, EnvelopeId::NONE);
            },
            Some(Refusal::Gap),
        ),
        (
            "another came before",
            |known| known.here.as_mut().unwrap().last_id = EnvelopeId([8; 32]),
            Some(Refusal::Fork),
        ),
        (
            "another stands there",
            |known| {
                known.here.as_mut().unwrap().last_seq = 2;
                known.at_place = Some((3, EnvelopeId([8; 32])));
            },
            Some(Refusal::Fork),
        ),
    ];
    for (what, bend, expected) in cases {
        let mut known = known_volunteer();
        bend(&mut known);
        assert_eq!(refusal(&shift(), &known), expected, "{what}");
    }
}

#[test]
fn what_a_removed_device_wrote_is_taken_from_who_may_give_its_rights() {
    let held = |role| Rights {
        role,
        ..known_volunteer().here.unwrap().rights
    };
    for (by, expected) in [
        (Role::Lead, None),
        (Role::Volunteer, Some(Refusal::Revoked)),
    ] {
        let mut known = known_volunteer();
        known.standing.revoked = true;
        known.voucher = Voucher::Holder(vec![held(by)]);
        assert_eq!(refusal(&shift(), &known), expected, "{by:?}");
        known.here = None;
        assert_eq!(refusal(&shift(), &known), Some(Refusal::Revoked));
    }
}

#[test]
fn checks_come_in_their_order() {
    let mut forged = shift();
    forged.signature = Err(Refusal::BadSignature);
    let mut known = known_volunteer();
    known.here.as_mut().unwrap().last_seq = 7;
    // A forged and misplaced envelope: the signature is looked at before the sequence,
    assert_eq!(refusal(&forged, &known), Some(Refusal::BadSignature));
    // rights before the signature,
    known.standing.revoked = true;
    assert_eq!(refusal(&forged, &known), Some(Refusal::Revoked));
    // and what is there already before everything.
    known.at_place = Some((3, forged.id));
    assert_eq!(decide(&forged, &known, NOW), Ok(Decision::Duplicate(3)));
}

#[test]
fn layout_and_campaign_come_before_what_is_known() {
    let bytes = Envelope::sign(header(Kind::Shift, TEAM.space()), vec![1], &secret(1)).encode();
    let read = |bytes: &[u8], campaign| {
        let bytes = axum::body::Bytes::copy_from_slice(bytes);
        Candidate::read(bytes, campaign).err()
    };
    let (own, other) = (root().campaign(), secret(9).campaign());
    assert_eq!(read(&bytes, &own), None);
    assert_eq!(read(&bytes, &other), Some(Refusal::WrongSpace));
    assert_eq!(read(&bytes[1..], &own), Some(Refusal::Malformed));
    let huge = vec![0; palier_core::envelope::MAX_ENVELOPE_BYTES + 1];
    assert_eq!(read(&huge, &own), Some(Refusal::TooLarge));
    for kind in [Kind::Certificate, Kind::Revocation, Kind::Invitation] {
        let header = header(kind, TEAM.space());
        let junk = Envelope::sign(header, vec![1, 2, 3], &secret(1)).encode();
        assert_eq!(read(&junk, &own), Some(Refusal::Malformed), "{kind:?}");
    }
}

/// The chain of an organiser's invitation into the team, for device 1.
fn invited() -> (Chain, Invitation) {
    let organiser = secret(2);
    let grant = Grant {
        campaign: root().campaign(),
        subject: organiser.device(),
        receive: organiser.receive_key(),
        role: Role::Organiser,
        scope: Scope::Campaign,
        not_after: END,
        issued: Issued::By(root().device()),
    };
    let chain = Chain::of_organiser(Certificate::sign(grant, &root()));
    let by = InvitationSecret([3; 16]);
    let offer = Offer {
        role: Role::Volunteer,
        scope: Scope::Team(TEAM),
        policy: Policy::Open,
        uses: 2,
        limit: 12,
        expires: END,
        rights_until: END,
    };
    let invitation = Invitation::sign(root().campaign(), &by, offer, &organiser);
    let certificate = invitation.accept(&by, &secret(1));
    (chain.with(certificate), invitation)
}

fn introduction(space: SpaceId) -> (Candidate, DeviceId) {
    let (chain, invitation) = invited();
    let first = Header {
        device_seq: 1,
        previous: EnvelopeId::NONE,
        ..header(Kind::Certificate, space)
    };
    (candidate(first, chain.encode()), invitation.key)
}

fn open_invitation() -> KnownInvitation {
    KnownInvitation {
        issuer: secret(2).device(),
        approved: false,
        uses: 2,
        member_limit: 12,
        expires: END,
        used: 1,
        redeemed: false,
        members: 11,
        is_member: false,
        asked: 0,
    }
}

#[test]
fn an_invitation_lets_in_who_it_is_for() {
    type Bend = fn(&mut KnownInvitation);
    type Redeems = Result<Option<DeviceId>, Refusal>;
    let (introduction, key) = introduction(TEAM.space());
    let cases: [(&str, Bend, Redeems); 10] = [
        ("open", |_| {}, Ok(Some(key))),
        (
            "of another issuer",
            |it| it.issuer = DeviceId([1; 32]),
            Err(Refusal::InvitationUnknown),
        ),
        ("used up", |it| it.used = 2, Err(Refusal::InvitationUsed)),
        (
            "past its end",
            |it| it.expires = Moment(NOW.0 - 1),
            Err(Refusal::InvitationExpired),
        ),
        ("full", |it| it.members = 12, Err(Refusal::TeamFull)),
        (
            "full, without a limit",
            |it| (it.members, it.member_limit) = (90, 0),
            Ok(Some(key)),
        ),
        (
            "full, but a member",
            |it| (it.members, it.is_member) = (12, true),
            Ok(Some(key)),
        ),
        (
            "used by this device",
            |it| (it.used, it.redeemed) = (2, true),
            Ok(None),
        ),
        (
            "ended, but used by this device",
            |it| (it.expires, it.redeemed) = (Moment(0), true),
            Ok(None),
        ),
        (
            "to be accepted",
            |it| it.approved = true,
            Err(Refusal::Waiting),
        ),
    ];
    for (what, bend, expected) in cases {
        let mut invitation = open_invitation();
        bend(&mut invitation);
        let known = Known {
            campaign_known: true,
            invitation: Some(invitation),
            ..Known::default()
        };
        let found = match decide(&introduction, &known, NOW) {
            Ok(Decision::Accept(effect)) => match *effect {
                Effect::Introduce { redeems, .. } => Ok(redeems),
                other => panic!("{what}: {other:?}"),
            },
            // It is kept for a lead, and its device hears that it waits.
            Ok(Decision::Wait { .. }) => Err(Refusal::Waiting),
            Ok(other) => panic!("{what}: {other:?}"),
            Err(refusal) => Err(refusal),
        };
        assert_eq!(found, expected, "{what}");
    }
}

#[test]
fn an_introduction_is_refused_where_it_does_not_belong() {
    let known = |invitation| Known {
        campaign_known: true,
        invitation,
        ..Known::default()
    };
    let (in_team, _) = introduction(TEAM.space());
    let (elsewhere, _) = introduction(SpaceId([8; 16]));
    let (in_reports, _) = introduction(root().campaign().reports_space());
    let open = || Some(open_invitation());
    assert_eq!(
        refusal(&in_team, &known(None)),
        Some(Refusal::InvitationUnknown)
    );
    assert_eq!(
        refusal(&elsewhere, &known(open())),
        Some(Refusal::NotAllowed)
    );
    assert_eq!(refusal(&in_reports, &known(open())), None);
    let unknown_campaign = Known {
        campaign_known: false,
        ..known(open())
    };
    assert_eq!(
        refusal(&in_team, &unknown_campaign),
        Some(Refusal::WrongSpace)
    );
    let revoked = Known {
        chain_revoked: true,
        ..known(open())
    };
    assert_eq!(refusal(&in_team, &revoked), Some(Refusal::Revoked));
}

#[test]
fn a_lead_takes_back_the_rights_of_the_own_volunteers() {
    let target = secret(5);
    let body = Revocation::of(target.device());
    let revocation = candidate(header(Kind::Revocation, TEAM.space()), body.encode());
    for (writer, target_role, expected) in [
        (Role::Lead, Role::Volunteer, None),
        (Role::Lead, Role::Lead, Some(Refusal::NotAllowed)),
        (Role::Volunteer, Role::Volunteer, Some(Refusal::NotAllowed)),
    ] {
        let mut known = known_volunteer();
        known.here.as_mut().unwrap().rights.role = writer;
        known.target = Standing {
            revoked: false,
            rights: vec![rights(&target, target_role, Scope::Team(TEAM))],
        };
        assert_eq!(
            refusal(&revocation, &known),
            expected,
            "{writer} {target_role}"
        );
    }
}
