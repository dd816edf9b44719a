use super::*;
use crate::accompaniment::sharing::{GrantingConsent, opens_by_law};
use crate::base::moment::plus_months;
use crate::people::consents::{ConsentState, PersonalConsentForm};
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

const FUND: u128 = 20;
const CHILD: u128 = 7;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn today() -> NaiveDate {
    day("2026-03-01")
}
fn consent() -> GrantingConsent {
    let form = PersonalConsentForm {
        organization_ids: vec![id(FUND)],
        parts: vec![CasePart::Identity, CasePart::Life, CasePart::Health],
        ..crate::examples::of()
    };
    let holds_until = day("2026-12-31");
    GrantingConsent { beneficiary_id: id(CHILD), form, state: ConsentState::InForce, holds_until }
}
fn facts() -> TeamFacts {
    TeamFacts {
        ground: grounded(Some(consent())),
        is_staff: true,
        is_own: false,
        is_member: false,
        longest_months: 12,
    }
}
fn grounded(consent: Option<GrantingConsent>) -> GroundFacts {
    let (beneficiary_id, organizations) = (id(CHILD), vec![id(FUND)]);
    GroundFacts { beneficiary_id, organizations, consent, by_director: false }
}
fn form() -> TeamInvitation {
    crate::examples::of()
}
fn invited(form: &TeamInvitation, facts: &TeamFacts) -> Result<TeamMember, Refused> {
    TeamMember::invite(id(1), id(2), form, facts, today()).map(|it| it.into_parts().0)
}
fn told<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<(String, &'static str)> {
    let tell = |it: &Reason| (it.pointer.clone().unwrap_or_default(), it.rule.code);
    it.unwrap_err().reasons().iter().map(tell).collect()
}
fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn a_member_of_another_organization_sees_what_the_consent_grants_until_the_last_day() {
    let it = invited(&form(), &facts()).unwrap();
    let serves = |organization| organization == id(FUND);
    assert_eq!(it.parts(day("2026-12-31"), serves), [CasePart::Identity, CasePart::Life]);
    assert!(it.parts(day("2027-01-01"), serves).is_empty(), "the term is over");
    assert!(it.parts(today(), |_| false).is_empty(), "the account has left the organization");
    let ended = it.end_by(TeamEndReason::ConsentWithdrawn, today()).unwrap().into_parts().0;
    assert!(ended.parts(today(), serves).is_empty());
    assert!(ended.end_by(TeamEndReason::CaseClosed, today()).is_none());
}

#[test]
fn nobody_of_another_organization_reads_without_a_ground() {
    let lone = TeamInvitation { consent_id: None, ..form() };
    let no_consent = TeamFacts { ground: grounded(None), ..facts() };
    assert_eq!(told(invited(&lone, &no_consent)), one("/consent_id", "sharing.no_ground"));
    assert_eq!(told(invited(&form(), &no_consent)), one("/consent_id", "sharing.beyond_consent"));
}

#[test]
fn a_grant_goes_not_beyond_its_consent() {
    let wider = TeamInvitation { parts: vec![CasePart::Identity, CasePart::Law], ..form() };
    assert_eq!(told(invited(&wider, &facts())), one("/parts/1", "sharing.beyond_consent"));
    let longer = TeamInvitation { until: Some(day("2027-01-01")), ..form() };
    assert_eq!(told(invited(&longer, &facts())), one("/until", "sharing.beyond_consent"));
    let with = |change: fn(&mut GrantingConsent)| {
        let mut consent = consent();
        change(&mut consent);
        told(invited(&form(), &TeamFacts { ground: grounded(Some(consent)), ..facts() }))
    };
    let refused = one("/consent_id", "sharing.beyond_consent");
    assert_eq!(with(|it| it.state = ConsentState::Withdrawn), refused);
    assert_eq!(with(|it| it.state = ConsentState::Awaiting), refused);
    assert_eq!(with(|it| it.beneficiary_id = id(99)), refused);
    assert_eq!(with(|it| it.form.purpose = ConsentPurpose::Consilium), refused);
    assert_eq!(with(|it| it.form.organization_ids = vec![id(98)]), refused);
}

#[test]
fn the_director_grants_by_law_and_neither_health_nor_legal_matters() {
    let by_law = TeamInvitation {
        consent_id: None,
        legal_ground: Some("120-ФЗ, статья 14".to_owned().into()),
        ground_file_id: Some(id(12)),
        parts: vec![CasePart::Identity, CasePart::Health],
        ..form()
    };
    let facts = TeamFacts { ground: grounded(None), ..facts() };
    let refused = vec![
        ("/legal_ground".to_owned(), "sharing.director_only"),
        ("/parts/1".to_owned(), "sharing.ground_parts"),
    ];
    assert_eq!(told(invited(&by_law, &facts)), refused);
    let narrow = TeamInvitation { parts: vec![CasePart::Identity], ..by_law };
    assert!(
        invited(&narrow, &TeamFacts { ground: GroundFacts { by_director: true, ..facts.ground }, ..facts })
            .is_ok()
    );
    let by_law: Vec<CasePart> = CasePart::ALL.iter().copied().filter(|it| opens_by_law(*it)).collect();
    assert_eq!(by_law, [CasePart::Identity, CasePart::Life], "all others are opened by a consent");
}

#[test]
fn the_own_staff_needs_no_parts_no_term_and_no_ground() {
    let facts = TeamFacts { is_own: true, ground: grounded(None), ..facts() };
    let plain = TeamInvitation { parts: Vec::new(), until: None, consent_id: None, ..form() };
    let it = invited(&plain, &facts).unwrap();
    assert_eq!((it.organization_id, it.state(day("2030-01-01"))), (None, TeamMemberState::Running));
    assert!(it.parts(today(), |_| true).is_empty(), "it sees the case without a grant");
    let refused =
        vec![("/parts".to_owned(), "case_team.own_parts"), ("/consent_id".to_owned(), "case_team.own_parts")];
    assert_eq!(told(invited(&form(), &facts)), refused);
}

#[test]
fn everything_wrong_with_an_invitation_is_told_at_once() {
    let wrong = TeamInvitation { parts: Vec::new(), until: None, consent_id: None, ..form() };
    let facts = TeamFacts { is_staff: false, is_member: true, ground: grounded(None), ..facts() };
    let refused = [
        ("/user_id", "case_team.member"),
        ("/user_id", "case_team.already"),
        ("/until", "field.missing"),
        ("/parts", "field.missing"),
        ("/consent_id", "sharing.no_ground"),
    ];
    assert_eq!(told(invited(&wrong, &facts)), refused.map(|(at, code)| (at.to_owned(), code)));
}

#[test]
fn a_membership_is_ended_once_by_those_whose_it_is() {
    let it = invited(&form(), &facts()).unwrap();
    let order = TeamEnding { reason: TeamEndReason::Other, note: None };
    assert_eq!(told(it.clone().leave(&order, false, today())), one("", "access.not_yours"));
    assert_eq!(told(it.clone().leave(&order, true, today())), one("/note", "field.missing"));
    let order = TeamEnding { reason: TeamEndReason::Left, note: None };
    let ended = it.leave(&order, true, today()).unwrap().into_parts().0;
    assert_eq!(told(ended.leave(&order, true, today())), one("", "case_team.not_running"));
}

proptest! {
    #[test]
    fn no_member_of_another_organization_sees_a_part_outside_of_consent_and_year(
        until in 0i64..800, holds in 0i64..800, asked in 0i64..900,
        parts in proptest::sample::subsequence(CasePart::ALL.to_vec(), 0..=8),
        granted in proptest::sample::subsequence(CasePart::ALL.to_vec(), 1..=8),
    ) {
        let on = |days: i64| today() + TimeDelta::days(days);
        let form = TeamInvitation { parts, until: Some(on(until)), ..form() };
        let mut consent = consent();
        (consent.form.parts, consent.holds_until) = (granted.clone(), on(holds));
        if let Ok(it) = invited(&form, &TeamFacts { ground: grounded(Some(consent)), ..facts() }) {
            let seen = it.parts(on(asked), |_| true);
            prop_assert!(seen.iter().all(|it| granted.contains(it)));
            prop_assert!(seen.is_empty() || (asked <= holds && on(asked) <= plus_months(today(), 12)));
            prop_assert_eq!(seen.is_empty(), asked > until);
        }
    }
}
