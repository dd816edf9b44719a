use super::*;
use crate::base::moment::age_years;
use crate::base::text::Title;
use crate::people::BeneficiaryKind;
use crate::region::programs::ConsentRules;
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

const CHILD: u128 = 5;
const GUARDIAN: u128 = 6;
const AUTHORITY: u128 = 8;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn signers(born: &str) -> Signers {
    let authority = RepresentativeFacts {
        id: id(AUTHORITY),
        person_id: id(GUARDIAN),
        valid_from: day("2020-01-01"),
        valid_until: None,
    };
    Signers {
        kind: BeneficiaryKind::Person,
        people: vec![HumanFacts { person_id: id(CHILD), birth_date: day(born) }],
        representatives: vec![authority],
        ages: ConsentRules::default(),
        died_on: None,
    }
}
fn own(on: &str) -> ConsentSignature {
    let file_id = Some(id(12));
    let signatory = Signatory::Recipient;
    ConsentSignature { signatory, person_id: id(CHILD), representative_id: None, signed_on: day(on), file_id }
}
fn represented(on: &str) -> ConsentSignature {
    ConsentSignature {
        signatory: Signatory::Representative,
        person_id: id(GUARDIAN),
        representative_id: Some(id(AUTHORITY)),
        ..own(on)
    }
}
fn form(signatures: Vec<ConsentSignature>) -> PersonalConsentForm {
    PersonalConsentForm { valid_until: day("2099-12-31"), signatures, ..crate::examples::of() }
}
fn recorded(signatures: Vec<ConsentSignature>, of: &Signers) -> Result<PersonalConsent, Refused> {
    let form = form(signatures);
    PersonalConsent::record(id(1), id(2), &form, of, None, day("2026-03-01")).map(|it| it.into_parts().0)
}
fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
}

#[test]
fn a_consent_that_names_channels_lets_data_out_through_them_alone() {
    let covers = |channels: &[&str], medium: Medium<'_>| {
        let channels = channels.iter().map(|it| Title::new(it)).collect();
        PersonalConsentForm { channels, ..form(Vec::new()) }.covers(None, &[], medium)
    };
    let (site, paper) = (Title::new("САЙТ  учреждения"), Title::new("Газета"));
    let media = [
        Medium::Published(Some(&site)),
        Medium::Published(Some(&paper)),
        Medium::Published(None),
        Medium::NotAsked,
    ];
    assert_eq!(media.map(|it| covers(&["Радио", "Сайт учреждения"], it)), [true, false, false, true]);
    assert_eq!(media.map(|it| covers(&[], it)), [true; 4]);
}

#[test]
fn a_guardian_signs_alone_for_a_child_under_fourteen() {
    let child = signers("2014-05-05");
    let it = recorded(vec![represented("2026-03-01")], &child).unwrap();
    assert_eq!(it.state(&child, day("2026-03-01")), ConsentState::InForce);
    assert_eq!(codes(recorded(vec![own("2026-03-01")], &child)), ["consent.too_young"]);
}

#[test]
fn from_fourteen_one_signature_waits_for_the_other() {
    let teenager = signers("2010-05-05");
    let it = recorded(vec![own("2026-02-20")], &teenager).unwrap();
    assert_eq!(it.state(&teenager, day("2026-03-01")), ConsentState::Awaiting);
    let again = it.clone().sign(&own("2026-03-01"), &teenager, None, day("2026-03-01"));
    assert_eq!(codes(again), ["consent.already_given"]);
    let whole =
        it.sign(&represented("2026-03-01"), &teenager, None, day("2026-03-01")).unwrap().into_parts().0;
    assert_eq!(whole.state(&teenager, day("2026-02-28")), ConsentState::Awaiting);
    assert_eq!(whole.state(&teenager, day("2026-03-01")), ConsentState::InForce);
    assert_eq!(
        whole.state(&teenager, day("2028-05-05")),
        ConsentState::InForce,
        "signed by both: it goes on"
    );
}

#[test]
fn what_a_person_of_seventeen_signed_alone_holds_from_the_eighteenth_birthday() {
    let teenager = signers("2008-05-05");
    let it = recorded(vec![own("2026-03-01")], &teenager).unwrap();
    assert_eq!(it.state(&teenager, day("2026-05-04")), ConsentState::Awaiting);
    assert_eq!(it.state(&teenager, day("2026-05-05")), ConsentState::InForce);
}

#[test]
fn a_signature_whose_basis_was_corrected_counts_no_more() {
    let mut child = signers("2014-05-05");
    let it = recorded(vec![represented("2026-03-01")], &child).unwrap();
    child.representatives[0].valid_from = day("2026-03-02");
    assert_eq!(it.state(&child, day("2026-03-05")), ConsentState::Awaiting);
    assert_eq!(child.missing(&it.form.signatures, day("2026-03-05")), [Signatory::Representative]);
    let older = signers("2010-05-05");
    assert_eq!(it.state(&older, day("2026-03-05")), ConsentState::Awaiting, "both sign at fifteen");
}

#[test]
fn from_eighteen_the_person_signs_alone() {
    let adult = signers("2008-02-29");
    assert_eq!(codes(recorded(vec![represented("2026-03-01")], &adult)), ["consent.wrong_signatory"]);
    let it = recorded(vec![own("2026-03-01")], &adult).unwrap();
    assert_eq!(it.state(&adult, day("2026-03-01")), ConsentState::InForce);
}

#[test]
fn what_a_representative_signed_alone_holds_until_the_eve_of_the_eighteenth_birthday() {
    let child = signers("2008-02-29");
    let early = recorded(vec![represented("2022-02-28")], &child).unwrap();
    assert_eq!(early.state(&child, day("2022-03-01")), ConsentState::InForce, "turning 14 ends nothing");
    assert_eq!(early.state(&child, day("2026-02-28")), ConsentState::InForce);
    assert_eq!(early.state(&child, day("2026-03-01")), ConsentState::Expired);
}

#[test]
fn another_representative_ends_nothing_and_may_withdraw() {
    let mut child = signers("2016-05-05");
    let it = recorded(vec![represented("2026-03-01")], &child).unwrap();
    child.representatives[0].valid_until = Some(day("2026-03-02"));
    child.representatives.push(RepresentativeFacts {
        id: id(9),
        person_id: id(7),
        valid_from: day("2026-03-03"),
        valid_until: None,
    });
    assert_eq!(it.state(&child, day("2026-03-05")), ConsentState::InForce);
    let by = |person| PersonalConsentWithdrawal { person_id: id(person), file_id: Some(id(12)) };
    let former = it.clone().withdraw(&by(GUARDIAN), &child, None, day("2026-03-05"));
    assert_eq!(codes(former), ["consent.withdrawn_by_whom"]);
    let withdrawn = it.withdraw(&by(7), &child, None, day("2026-03-05")).unwrap().into_parts().0;
    assert_eq!(withdrawn.state(&child, day("2026-03-04")), ConsentState::InForce);
    assert_eq!(withdrawn.state(&child, day("2026-03-05")), ConsentState::Withdrawn);
    assert_eq!(codes(withdrawn.withdraw(&by(7), &child, None, day("2026-03-06"))), ["consent.ended"]);
}

#[test]
fn a_death_ends_a_consent() {
    let mut child = signers("2016-05-05");
    let it = recorded(vec![represented("2026-03-01")], &child).unwrap();
    child.died_on = Some(day("2026-03-03"));
    assert_eq!(it.state(&child, day("2026-03-03")), ConsentState::InForce);
    assert_eq!(it.state(&child, day("2026-03-04")), ConsentState::Expired);
}

#[test]
fn an_adult_signs_for_a_family_and_no_representative_does() {
    let mut family = signers("2015-01-01");
    family.kind = BeneficiaryKind::Family;
    family.people.push(HumanFacts { person_id: id(GUARDIAN), birth_date: day("1990-01-01") });
    let of_adult = ConsentSignature { person_id: id(GUARDIAN), ..own("2026-03-01") };
    let it = recorded(vec![of_adult], &family).unwrap();
    assert_eq!(it.state(&family, day("2090-01-01")), ConsentState::InForce);
    assert_eq!(codes(recorded(vec![own("2026-03-01")], &family)), ["consent.too_young"]);
    assert_eq!(codes(recorded(vec![represented("2026-03-01")], &family)), ["consent.wrong_signatory"]);
}

#[test]
fn everything_wrong_with_the_signatures_is_told_at_once() {
    let teenager = signers("2010-05-05");
    let ahead = ConsentSignature { file_id: None, ..own("2026-03-02") };
    let stranger = ConsentSignature { representative_id: Some(id(99)), ..represented("2026-03-01") };
    let mut form = form(vec![ahead, stranger]);
    form.valid_until = day("2026-02-01");
    let refused = PersonalConsent::record(id(1), id(2), &form, &teenager, None, day("2026-03-01"));
    let told = ["consent.paper_needed", "life.in_future", "consent.no_authority", "consent.term"];
    assert_eq!(codes(refused), told);
}

#[test]
fn who_signs_in_the_system_signs_for_oneself_and_needs_no_paper() {
    let adult = signers("2000-01-01");
    let form = form(vec![ConsentSignature { file_id: None, ..own("2026-03-01") }]);
    let record = |by| PersonalConsent::record(id(1), id(2), &form, &adult, Some(id(by)), day("2026-03-01"));
    assert!(record(CHILD).is_ok());
    assert_eq!(codes(record(GUARDIAN)), ["access.not_yours"]);
}

proptest! {
    /// Signatures given on any two days hold exactly where they suffice for the age at their completion.
    #[test]
    fn a_consent_holds_only_by_signatures_that_suffice(
        born in 0i64..9000, first in 0i64..9000, second in 0i64..9000, days in 0i64..12_000, both in any::<bool>(),
    ) {
        let zero = day("2002-01-01");
        let on = |it: i64| zero + TimeDelta::days(it);
        let mut child = signers("2002-01-01");
        child.people[0].birth_date = on(born);
        child.representatives[0].valid_from = zero;
        let text = |it: i64| on(it).to_string();
        let mut signatures = vec![represented(&text(first))];
        if both {
            signatures.push(own(&text(second)));
        }
        let today = on(12_000);
        let recorded = PersonalConsent::record(id(1), id(2), &form(signatures), &child, None, today);
        if let Ok(it) = recorded {
            let it = it.into_parts().0;
            let (at, age) = (on(days), age_years(on(born), on(days)));
            if it.state(&child, at) == ConsentState::InForce {
                prop_assert!(first <= days || (both && second <= days));
                prop_assert!(both || age < 18, "alone beyond the eighteenth birthday");
                let completed = [first, second].map(|it| age_years(on(born), on(it)));
                prop_assert!(both || completed[0] < 14, "one signature from fourteen on");
            }
        }
    }
}
