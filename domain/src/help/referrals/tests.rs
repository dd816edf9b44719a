use super::*;
use crate::accompaniment::sharing::GrantingConsent;
use crate::base::refusal::Refused;
use crate::people::consents::{ConsentState, PersonalConsentForm};
use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

const HOME: u128 = 10;
const CENTRE: u128 = 20;
const CHILD: u128 = 7;

const SENDER: Sides = Sides { is_sender: true, is_receiver: false, is_in_charge: false };
const RECEIVER: Sides = Sides { is_sender: false, is_receiver: true, is_in_charge: true };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn today() -> NaiveDate {
    day("2026-03-02")
}
fn form() -> ReferralForm {
    ReferralForm { to_organization_id: id(CENTRE), ..crate::examples::of() }
}
fn facts() -> ReferralFacts {
    let form = PersonalConsentForm {
        purpose: ConsentPurpose::Referral,
        organization_ids: vec![id(CENTRE)],
        parts: vec![CasePart::Identity, CasePart::Help],
        ..crate::examples::of()
    };
    let consent = GrantingConsent {
        beneficiary_id: id(CHILD),
        form,
        state: ConsentState::InForce,
        holds_until: day("2026-12-31"),
    };
    ReferralFacts {
        ground: GroundFacts {
            beneficiary_id: id(CHILD),
            organizations: vec![id(CENTRE)],
            consent: Some(consent),
            by_director: true,
        },
        needs: vec![Some(ReferredNeed { domain: LifeDomain::Housing, has_ended: false })],
        preview: Preview {
            domains: vec![LifeDomain::Housing],
            sex: Some(Sex::Female),
            age_group: Some(AgeGroup::From14),
            territory: "25655000".to_owned().into(),
            category: BeneficiaryCategory::Orphan,
        },
        is_pending: false,
        answer_days: Days::new(5),
    }
}

#[test]
fn health_and_law_are_told_before_the_acceptance_and_then_with_their_parts() {
    let all = || vec![LifeDomain::Housing, LifeDomain::Health, LifeDomain::Law];
    let held = [CasePart::Identity, CasePart::Law];
    assert_eq!(told_domains(ReferralState::Sent, all(), &held), all());
    let told = told_domains(ReferralState::Accepted, all(), &held);
    assert_eq!(told, [LifeDomain::Housing, LifeDomain::Law]);
    for state in [ReferralState::Sent, ReferralState::Accepted, ReferralState::Done] {
        assert!(told_domains(state, all(), &[]).is_empty());
    }
}

fn sent() -> Sent {
    let new = Sent::send(id(1), (id(2), id(HOME)), &form(), &facts(), today()).unwrap();
    new.into_parts().0.sent
}
fn told<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<(String, &'static str)> {
    let reasons = it.unwrap_err();
    let tell = |it: &crate::base::refusal::Reason| (it.pointer.clone().unwrap_or_default(), it.rule.code);
    reasons.reasons().iter().map(tell).collect()
}

#[test]
fn a_referral_tells_all_that_is_wrong_at_once() {
    let wrong = ReferralForm { to_organization_id: id(HOME), consent_id: None, ..form() };
    let mut facts = facts();
    (facts.is_pending, facts.ground.consent) = (true, None);
    facts.needs = vec![Some(ReferredNeed { domain: LifeDomain::Housing, has_ended: true }), None];
    assert_eq!(
        told(Sent::send(id(1), (id(2), id(HOME)), &wrong, &facts, today())),
        [
            ("/to_organization_id".into(), "referral.already"),
            ("/to_organization_id".into(), "referral.same_organization"),
            ("/need_ids/0".into(), "referral.need_ended"),
            ("/need_ids/1".into(), "field.reference"),
            ("/consent_id".into(), "sharing.no_ground"),
        ]
    );
}

#[test]
fn the_facts_of_a_referral_name_neither_its_case_nor_its_needs() {
    let (_, records) = Sent::send(id(1), (id(2), id(HOME)), &form(), &facts(), today()).unwrap().into_parts();
    let told = serde_json::to_string(&records[0].body).unwrap();
    let (case, need): (Uuid, Uuid) = (id(2), form().need_ids[0].into());
    assert!(!told.contains(&case.to_string()) && !told.contains(&need.to_string()), "{told}");
}

#[test]
fn an_answer_is_awaited_through_its_last_day() {
    assert!(!sent().has_lapsed(day("2026-03-07")));
    assert!(sent().has_lapsed(day("2026-03-08")));
    assert_eq!(Referral::sent(sent(), day("2026-03-08")).to_answer(RECEIVER).unwrap_err(), NOT_SENT.refuse());
}

#[test]
fn a_consent_that_was_withdrawn_refuses_the_acceptance() {
    let mut ground = facts().ground;
    let order: ReferralAcceptance = crate::examples::of();
    assert!(sent().accept(&order, &ground, today()).is_ok());
    if let Some(consent) = &mut ground.consent {
        consent.state = ConsentState::Withdrawn;
    }
    assert_eq!(told(sent().accept(&order, &ground, today())), [(String::new(), "referral.ground_lost")]);
}

#[test]
fn each_age_has_its_group_from_the_birthday_on() {
    let of = |born: &str| AgeGroup::of(day(born), today());
    assert_eq!((of("2016-03-03"), of("2016-03-02")), (AgeGroup::UpTo9, AgeGroup::From10));
    assert_eq!((of("2012-03-03"), of("2012-03-02")), (AgeGroup::From10, AgeGroup::From14));
    assert_eq!((of("2008-03-03"), of("2008-03-02")), (AgeGroup::From14, AgeGroup::From18));
    assert_eq!((of("2003-03-03"), of("2003-03-02")), (AgeGroup::From18, AgeGroup::From23));
}

/// A step of a side.
#[derive(Debug, Clone, Copy)]
enum Order {
    Accept,
    Reject,
    Complete,
    Return,
    Revoke,
    Lapse,
}

fn obey(it: Referral, order: Order, by: Sides) -> Option<Moved> {
    let changed = match order {
        Order::Accept => {
            let sent = it.to_answer(by).ok()?;
            sent.accept(&crate::examples::of(), &facts().ground, today()).ok()?
        }
        Order::Reject => it.to_answer(by).ok()?.reject(&crate::examples::of(), today()),
        Order::Complete => it.to_finish(by).ok()?.complete(&crate::examples::of(), today()),
        Order::Return => it.to_finish(by).ok()?.send_back(&crate::examples::of(), today()),
        Order::Revoke => it.revoke(by, &crate::examples::of(), today()).ok()?,
        Order::Lapse => {
            let was = match it {
                Referral::Sent(_) => ReferralState::Sent,
                Referral::Accepted(_) => ReferralState::Accepted,
                Referral::Settled => ReferralState::Lapsed,
            };
            Moved::lapse((id(1), was), sent().answer_until, today())?
        }
    };
    Some(changed.into_parts().0)
}

#[test]
fn a_referral_that_nobody_answers_ends_on_the_day_after_its_last_one() {
    let on = |days| {
        let today = sent().answer_until + chrono::TimeDelta::days(days);
        Moved::lapse((id(1), ReferralState::Sent), sent().answer_until, today).unwrap().into_parts().0.on
    };
    let until = sent().answer_until;
    assert_eq!((on(-1), on(0)), (until.pred_opt().unwrap(), until), "a closed case ends it before its time");
    assert_eq!((on(1), on(70)), (until.succ_opt().unwrap(), until.succ_opt().unwrap()));
}

fn whole(state: ReferralState) -> Referral {
    match state {
        ReferralState::Sent => Referral::Sent(Box::new(sent())),
        ReferralState::Accepted => Referral::Accepted(Accepted { id: id(1) }),
        _ => Referral::Settled,
    }
}

proptest! {
    #[test]
    fn orders_of_both_sides_end_a_referral_once_and_parts_are_read_while_it_is_accepted(
        orders in prop::collection::vec((prop::sample::select(vec![
            Order::Accept, Order::Reject, Order::Complete, Order::Return, Order::Revoke, Order::Lapse,
        ]), any::<bool>()), 1..20),
    ) {
        let (mut state, mut ends) = (ReferralState::Sent, 0);
        for (order, is_receiver) in orders {
            let by = if is_receiver { RECEIVER } else { SENDER };
            let offered = [Action::Accept, Action::Reject, Action::Complete, Action::Return, Action::Withdraw];
            let (holds, has_case, has_help) = (true, false, false);
            let offers = ReferralOffers { state, sides: by, holds, has_case, has_help, closed: None };
            let is_offered = match order {
                Order::Accept => offers.judge(offered[0]),
                Order::Reject => offers.judge(offered[1]),
                Order::Complete => offers.judge(offered[2]),
                Order::Return => offers.judge(offered[3]),
                Order::Revoke => offers.judge(offered[4]),
                Order::Lapse => state.is_open().then(Verdict::default),
            };
            let moved = obey(whole(state), order, by);
            prop_assert_eq!(moved.is_some(), is_offered.is_some());
            if let Some(moved) = moved {
                prop_assert_eq!(moved.was, state);
                state = moved.state;
                ends += usize::from(!state.is_open());
            }
            let parts = shared_parts(state, vec![CasePart::Identity]);
            prop_assert_eq!(parts.is_empty(), state != ReferralState::Accepted);
        }
        prop_assert!(ends <= 1);
    }
}
