//! Letting a device in with no relay in reach.

use palier_core::{
    code::{AnswerCode, RequestCode},
    rights::Role,
};

use super::{Letterbox, all_meet, give_territory, link, member, organiser, tap, visited};
use crate::{Clock, device::Device};

fn device() -> Device {
    Device::in_memory(Clock::System).unwrap()
}

fn lead(letters: &mut Letterbox) -> (Device, Device) {
    let mut organiser = organiser(letters);
    let mut lead = member(letters, &mut organiser, Role::Lead, "Huppe");
    letters.deliver(&mut lead);
    letters.collect(&mut lead);
    letters.deliver(&mut organiser);
    (organiser, lead)
}

#[test]
fn who_is_let_in_by_a_code_records_at_once_and_is_one_of_the_team_once_both_synced() {
    for joiner_first in [true, false] {
        let mut letters = Letterbox::default();
        let (mut organiser, mut lead) = lead(&mut letters);
        tap(&mut lead, 7);
        let mut merle = device();
        let request = merle.request_code(None, "Merle").unwrap();
        let stranger = lead.read_request_code(&request).unwrap();
        assert_eq!(stranger.name, "Merle");
        let answer = lead.answer_code(&request, None, Some("Marché")).unwrap();
        merle.enter_answer(&answer).unwrap();

        let status = merle.status().unwrap();
        assert_eq!(status.campaign.as_deref(), Some("Campagne"));
        assert_eq!(status.role, Some(Role::Volunteer));
        assert_eq!(status.teams[0].name, "Diderot");
        let (_, own) = merle.doors("Marché").unwrap();
        let (_, theirs) = lead.doors("Marché").unwrap();
        let ids = |doors: &[crate::api::reply::DoorRow]| -> Vec<String> {
            doors.iter().map(|door| door.door.clone()).collect()
        };
        assert_eq!(ids(&own), ids(&theirs));
        tap(&mut merle, 0);
        assert_eq!(visited(&merle), 1);
        assert!(!merle.rebuild().unwrap().differed);
        assert_eq!(
            merle.enter_answer(&answer).unwrap_err().code(),
            "already_in_campaign"
        );

        if joiner_first {
            letters.collect(&mut merle);
            letters.collect(&mut lead);
        } else {
            letters.collect(&mut lead);
            letters.collect(&mut merle);
        }
        for device in [&mut merle, &mut lead, &mut organiser] {
            assert_eq!(letters.deliver(device).1, 0);
            assert_eq!(visited(device), 2);
            letters.collect(device);
        }
        give_territory(&organiser, &mut merle);
        tap(&mut merle, 1);
        letters.collect(&mut merle);
        all_meet(&letters, [&mut merle, &mut lead, &mut organiser], 3);
    }
}

#[test]
fn a_code_for_another_says_so_and_changes_nothing() {
    let mut letters = Letterbox::default();
    let (_, mut lead) = lead(&mut letters);
    let mut elsewhere = Letterbox::default();
    let (_, mut other_lead) = self::lead(&mut elsewhere);
    let own = link(&mut letters, &mut lead, Role::Volunteer, 1);

    let mut merle = device();
    let not_asked = merle.enter_answer(&{
        let mut pinson = device();
        let request = pinson.request_code(None, "Pinson").unwrap();
        lead.answer_code(&request, None, None).unwrap()
    });
    assert_eq!(not_asked.unwrap_err().code(), "code_not_asked");

    let request = merle.request_code(Some(&own.text()), "Merle").unwrap();
    let refused = |answer: Result<String, crate::Error>| answer.unwrap_err().code();
    assert_eq!(
        refused(other_lead.answer_code(&request, None, None)),
        "code_other_campaign"
    );
    // Without its link the other lead would answer; the link is remembered.
    let bare = device_code_without_link(&request);
    let answer = other_lead.answer_code(&bare, None, None).unwrap();
    assert_eq!(
        merle.enter_answer(&answer).unwrap_err().code(),
        "code_other_campaign"
    );

    let mut pinson = device();
    let of_pinson = pinson.request_code(None, "Pinson").unwrap();
    let answer = lead.answer_code(&of_pinson, None, None).unwrap();
    assert_eq!(
        merle.enter_answer(&answer).unwrap_err().code(),
        "code_other_device"
    );
    assert_eq!(
        merle.enter_answer(&request).unwrap_err().code(),
        "code_other_kind"
    );
    assert_eq!(
        refused(lead.answer_code(&answer, None, None)),
        "code_other_kind"
    );
    let cut: String = answer.chars().skip(5).collect();
    assert_eq!(
        pinson.enter_answer(&cut).unwrap_err().code(),
        "code_mistyped"
    );
    let twice = format!("{answer}{answer}");
    assert_eq!(
        pinson.enter_answer(&twice).unwrap_err().code(),
        "code_mistyped"
    );
    for device in [&merle, &pinson] {
        assert_eq!(device.status().unwrap().campaign, None);
    }
    pinson.enter_answer(&answer).unwrap();
}

/// The same request as if it was made without a link.
fn device_code_without_link(request: &str) -> String {
    let request = RequestCode::parse(request).unwrap();
    RequestCode::new(None, request.device, request.receive, &request.name).text()
}

#[test]
fn a_forged_answer_lets_nobody_in() {
    let mut letters = Letterbox::default();
    let (_, mut lead) = lead(&mut letters);
    let mut merle = device();
    let request = merle.request_code(None, "Merle").unwrap();
    let answer = lead.answer_code(&request, None, None).unwrap();
    let whole = AnswerCode::parse(&answer).unwrap();

    let mut other_team = whole.clone();
    other_team.team.id = palier_core::id::TeamId([9; 16]);
    let refused = merle.enter_answer(&other_team.text().unwrap());
    assert_eq!(refused.unwrap_err().code(), "code_nonsense");

    let mut cut_chain = whole.clone();
    let volunteer_s = merle.secret();
    let grant = palier_core::certificate::Grant {
        campaign: whole.chain.campaign().unwrap(),
        subject: merle.id(),
        receive: volunteer_s.receive_key(),
        role: Role::Lead,
        scope: palier_core::rights::Scope::Team(whole.team.id),
        not_after: palier_core::moment::Moment(i64::MAX),
        issued: palier_core::certificate::Issued::By(merle.id()),
    };
    let forged = palier_core::certificate::Certificate::sign(grant, &volunteer_s);
    cut_chain.chain = whole.chain.with(forged);
    let refused = merle.enter_answer(&cut_chain.text().unwrap());
    assert_eq!(refused.unwrap_err().code(), "bad_certificate");

    let mut other_key = whole.clone();
    other_key.keys = {
        let mut pinson = device();
        let request = pinson.request_code(None, "Pinson").unwrap();
        let answer = lead.answer_code(&request, None, None).unwrap();
        AnswerCode::parse(&answer).unwrap().keys
    };
    let refused = merle.enter_answer(&other_key.text().unwrap());
    assert_eq!(refused.unwrap_err().code(), "cannot_open");
    assert_eq!(merle.status().unwrap().campaign, None);
    merle.enter_answer(&answer).unwrap();
}

#[test]
fn who_may_let_in_by_a_code() {
    let mut letters = Letterbox::default();
    let (mut organiser, mut lead) = lead(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let mut pinson = device();
    let request = pinson.request_code(None, "Pinson").unwrap();
    let refused = merle.answer_code(&request, None, None).unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    let refused = lead.request_code(None, "Huppe").unwrap_err();
    assert_eq!(refused.code(), "already_in_campaign");
    assert!(
        organiser
            .answer_code(&request, Some("Diderot"), None)
            .is_ok()
    );
    assert!(lead.answer_code(&request, None, Some("Marché")).is_ok());
    // A second answer to the same request is no second member.
    assert!(lead.answer_code(&request, None, None).is_ok());
}
