use super::*;
use crate::accompaniment::cases::grounds::{CaseKind, CaseOpeningFacts, CaseStage};
use crate::accompaniment::cases::{Case, CaseClosingReason, Open};
use crate::accompaniment::sharing::{GrantingConsent, opens_by_consent};
use crate::base::action::{Judged, available};
use crate::base::word::Word;
use crate::people::consents::{ConsentState, PersonalConsentForm};
use proptest::prelude::*;
use uuid::Uuid;

const CENTRE: u128 = 20;
const CHILD: u128 = 7;
const PAIR: u128 = 30;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn today() -> NaiveDate {
    day("2026-03-02")
}
fn form() -> CaseTransferForm {
    CaseTransferForm {
        to_organization_id: id(CENTRE),
        mentorship_ids: vec![id(PAIR)],
        ..crate::examples::of()
    }
}
fn facts() -> TransferFacts {
    let form = PersonalConsentForm {
        purpose: ConsentPurpose::Transfer,
        organization_ids: vec![id(CENTRE)],
        parts: vec![CasePart::Identity, CasePart::Life],
        ..crate::examples::of()
    };
    let consent = GrantingConsent {
        beneficiary_id: id(CHILD),
        form,
        state: ConsentState::InForce,
        holds_until: day("2026-12-31"),
    };
    TransferFacts {
        ground: GroundFacts {
            beneficiary_id: id(CHILD),
            organizations: vec![id(CENTRE)],
            consent: Some(consent),
            by_director: true,
        },
        mentorships: vec![id(PAIR)],
        is_pending: false,
        answer_days: Days::new(10),
        open: Vec::new(),
    }
}
fn proposed(form: &CaseTransferForm, facts: &TransferFacts) -> Result<Proposed, Refused> {
    Proposed::propose(id(1), (id(2), id(10)), form, facts, today()).map(|it| it.into_parts().0)
}
fn told<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<(String, &'static str)> {
    let tell = |it: &Reason| (it.pointer.clone().unwrap_or_default(), it.rule.code);
    it.unwrap_err().reasons().iter().map(tell).collect()
}

#[test]
fn a_proposal_tells_all_that_is_wrong_at_once() {
    let other = CaseTransferForm {
        to_organization_id: id(10),
        wished_on: Some(day("2026-03-01")),
        mentorship_ids: vec![id(99)],
        consent_id: None,
        ..form()
    };
    let mut facts = facts();
    (facts.is_pending, facts.ground.consent) = (true, None);
    assert_eq!(
        told(proposed(&other, &facts)),
        [
            (String::new(), "case_transfer.pending"),
            ("/to_organization_id".into(), "case_transfer.same_organization"),
            ("/wished_on".into(), "case_transfer.wished_past"),
            ("/mentorship_ids/0".into(), "case_transfer.mentorship_unsuited"),
            ("/mentorship_ids".into(), "case_transfer.mentorship_unsettled"),
            ("/consent_id".into(), "sharing.no_ground"),
        ]
    );
}

#[test]
fn a_consent_opens_the_parts_that_it_grants_while_it_is_in_force() {
    let consent = facts().ground.consent.unwrap();
    let opened = |state: ConsentState| -> Vec<CasePart> {
        CasePart::ALL.iter().copied().filter(|it| opens_by_consent(&consent.form, state, *it)).collect()
    };
    assert_eq!(opened(ConsentState::InForce), [CasePart::Identity, CasePart::Life]);
    let others = ConsentState::ALL.iter().filter(|it| **it != ConsentState::InForce);
    assert!(others.copied().all(|it| opened(it).is_empty()));
}

#[test]
fn an_answer_is_awaited_through_its_last_day() {
    let it = proposed(&form(), &facts()).unwrap();
    assert!(!it.has_lapsed(day("2026-03-12")));
    assert!(it.has_lapsed(day("2026-03-13")));
}

#[test]
fn a_mentorship_that_began_meanwhile_and_a_consent_that_was_withdrawn_refuse_the_acceptance() {
    let it = proposed(&form(), &facts()).unwrap();
    let mut changed = facts();
    changed.mentorships.push(id(31));
    if let Some(consent) = &mut changed.ground.consent {
        consent.state = ConsentState::Withdrawn;
    }
    let none = String::new;
    let refused = told(it.clone().accept(id(3), &changed, today()));
    assert_eq!(
        refused,
        [(none(), "case_transfer.mentorship_unsettled"), (none(), "case_transfer.ground_lost")]
    );
    let (accepted, records) = it.accept(id(3), &facts(), today()).unwrap().into_parts();
    assert_eq!((accepted.state, accepted.next_case_id), (TransferState::Accepted, Some(id(3))));
    assert_eq!(records[0].kind, "case_transfer.accepted");
}

proptest! {
    #[test]
    fn a_case_goes_on_in_the_kind_and_the_stage_that_were_left_and_nobody_is_without_a_case_for_a_day(
        stage in prop::sample::select(vec![
            CaseStage::Preparation,
            CaseStage::Accompaniment,
            CaseStage::Monitoring,
            CaseStage::HardshipHelp,
        ]),
        kind in prop::sample::select(vec![CaseKind::Social, CaseKind::Aftercare]),
        days in 0_u64..4000,
    ) {
        let opened_on = today().checked_sub_days(Days::new(days)).unwrap();
        let old = Open {
            id: id(2),
            beneficiary_id: id(CHILD),
            organization_id: id(10),
            specialist_user_id: None,
            opened_on,
            reason: None,
            kind,
            stage,
            stage_since: opened_on,
            stage_left: None,
            continues_id: None,
            form: crate::accompaniment::cases::grounds::CaseForm::default(),
        };
        let (closed, _) = old.hand_over(today()).into_parts();
        prop_assert_eq!((closed.reason, closed.closed_on), (CaseClosingReason::Transferred, today()));
        let acceptance: TransferAcceptance = crate::examples::of();
        let opening = acceptance.opening(&closed, id(CENTRE), today());
        let facts = CaseOpeningFacts { continued: Some(Case::Closed(closed)), ..CaseOpeningFacts::default() };
        let (next, _) = Open::begin(id(3), &opening, &facts, today()).unwrap().into_parts();
        prop_assert_eq!((next.kind, next.stage, next.opened_on), (kind, stage, today()));
        prop_assert_eq!((next.continues_id, next.organization_id), (Some(id(2)), id(CENTRE)));
    }
}

#[test]
fn an_organization_that_was_closed_may_reject_a_transfer_and_not_accept_it() {
    let closed = Some(crate::region::organizations::CLOSED.reason());
    let sides = Sides { is_receiver: true, is_sender: false };
    let offers = TransferOffers { state: TransferState::Proposed, sides, closed };
    let told = available(&offers, "1", Judged::Whole, |_| true, |_| true);
    let told: Vec<_> = told.into_iter().map(|it| (it.code, it.blocked_by.unwrap_or_default())).collect();
    assert_eq!(told, [(Action::Accept, vec!["organization.closed"]), (Action::Reject, Vec::new())]);
}
