use super::*;
use crate::base::refusal::Refused;
use crate::examples::of;
use proptest::prelude::*;
use validator::Validate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn codes<T>(refused: Result<T, Refused>) -> Vec<&'static str> {
    refused.err().map(|it| it.reasons().iter().map(|it| it.rule.code).collect()).unwrap_or_default()
}
fn planned() -> Planned {
    Planned { id: uuid::Uuid::nil().into(), form: of() }
}
fn signed(ends_on: Option<NaiveDate>) -> Signed {
    let (signed_on, starts_on) = (day("2015-02-01"), day("2015-03-01"));
    Signed { id: uuid::Uuid::nil().into(), signed_on, starts_on, ends_on, extensions: Vec::new() }
}

#[test]
fn the_examples_of_the_contract_are_valid() {
    assert_eq!(of::<AgreementForm>().validate(), Ok(()));
    assert_eq!(of::<AgreementSigning>().validate(), Ok(()));
    assert_eq!(of::<AgreementExtension>().validate(), Ok(()));
    assert_eq!(of::<AgreementTermination>().validate(), Ok(()));
}

#[test]
fn an_agreement_has_two_parties_that_differ_and_one_of_them_keeps_it() {
    let form = planned().form;
    let first = form.parties[0].clone();
    let twice = AgreementForm { parties: vec![first.clone(), first.clone()], ..form.clone() };
    assert_eq!(codes(planned().edit(twice)), ["agreement.two_parties"]);
    let strange = AgreementForm { organization_id: uuid::Uuid::nil().into(), parties: vec![first], ..form };
    assert_eq!(codes(planned().edit(strange)), ["agreement.two_parties", "agreement.keeper"]);
}

#[test]
fn a_signing_lies_not_ahead_and_a_term_is_not_turned_round() {
    let order = of::<AgreementSigning>();
    let wrong = AgreementSigning { ends_on: order.starts_on.pred_opt(), ..order.clone() };
    assert_eq!(codes(planned().sign(&wrong, day("2026-02-26"))), ["agreement.in_future", "agreement.term"]);
    assert_eq!(codes(planned().sign(&order, day("2026-02-27"))), Vec::<&str>::new());
}

#[test]
fn each_organization_among_the_parties_signs_on_the_day_of_the_signing() {
    let form = planned().form;
    let named = form.signed_by(day("2026-02-27"));
    assert_eq!(named.day, day("2026-02-27"));
    let parties = form.parties.iter().filter_map(|it| it.organization_id);
    let expected: Vec<_> = parties.map(|it| (it, "/signed_on".to_owned())).collect();
    assert_eq!((named.organizations.len(), named.organizations), (2, expected));
}

#[test]
fn an_extension_is_judged_by_the_day_on_which_it_was_signed() {
    let file_id = of::<AgreementExtension>().file_id;
    let of_day = |signed_on: &str, ends_on: &str| AgreementExtension {
        ends_on: day(ends_on),
        signed_on: day(signed_on),
        file_id,
    };
    let (today, it) = (day("2026-03-02"), signed(Some(day("2016-02-29"))));
    let extended = it.clone().extend(&of_day("2016-02-29", "2017-02-28"), today).unwrap();
    assert_eq!(extended.value().ends_on, Some(day("2017-02-28")));
    assert_eq!(
        codes(it.clone().extend(&of_day("2016-03-01", "2017-02-28"), today)),
        ["agreement.not_in_force"]
    );
    assert_eq!(codes(it.extend(&of_day("2016-02-01", "2016-02-29"), today)), ["agreement.extension"]);
    assert_eq!(
        codes(signed(None).extend(&of_day("2016-02-01", "2017-02-28"), today)),
        ["agreement.extension"]
    );
}

proptest! {
    /// A signed agreement is in force on each day of its term and on no other.
    #[test]
    fn a_signed_agreement_is_in_force_within_its_term_alone(first in 0..400_i64, length in 0..400_i64, asked in -100..900_i64) {
        let at = |days: i64| day("2015-01-01") + chrono::TimeDelta::days(days);
        let days = AgreementDays { starts_on: Some(at(first)), ends_on: Some(at(first + length)), ended_on: None };
        let is_within = first <= asked && asked <= first + length;
        prop_assert_eq!(AgreementState::on(days, at(asked)) == AgreementState::InForce, is_within);
    }
    /// A termination keeps to the days from the signing to the end.
    #[test]
    fn an_agreement_is_terminated_from_its_signing_to_its_last_day_alone(on in -100..900_i64) {
        let it = signed(Some(day("2016-02-29")));
        let ended_on = day("2015-01-01") + chrono::TimeDelta::days(on);
        let order = AgreementTermination { ended_on, ..of() };
        let is_within = it.signed_on <= ended_on && it.ends_on >= Some(ended_on);
        prop_assert_eq!(it.terminate(&order, day("2026-03-02")).is_ok(), is_within);
    }
}
