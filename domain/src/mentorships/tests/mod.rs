mod course;
mod endings;
mod life_plan;
mod machine;
mod region;
mod sides;
mod steps;

use super::*;
use crate::base::change::Changed;
use crate::base::decree::Decree;
use crate::base::moment::{Moment, Zone};
use crate::base::refusal::Refused;
use crate::base::text::{Oktmo, OrderNumber};
use crate::examples;
use crate::mentors::{MentorFacts, Profile};
use crate::people::BeneficiaryKind;
use crate::people::consents::{HumanFacts, RepresentativeFacts, Signatory};
use crate::region::organizations::OrganizationKind;
use crate::region::programs::{Completion, CompletionKind, EditionForm, MentorRules, Serves};
use chrono::{NaiveDate, TimeDelta};
use std::collections::HashSet;
use uuid::Uuid;

const TODAY: &str = "2026-03-01";

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
pub(crate) fn value<T>(it: Changed<T>) -> T {
    it.into_parts().0
}
pub(crate) fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
}
pub(crate) fn zone() -> Zone {
    "Asia/Irkutsk".parse().unwrap()
}
/// The moment at this hour of the day in Irkutsk, which is eight hours ahead of UTC.
pub(crate) fn at(date: NaiveDate, hour: i64) -> Moment {
    let midnight: chrono::DateTime<chrono::Utc> = format!("{date}T00:00:00Z").parse().unwrap();
    (midnight + TimeDelta::hours(hour - 8)).into()
}

const CHILD: u128 = 1;
const MOTHER: u128 = 2;
const MENTOR: u128 = 3;
const AUTHORITY: u128 = 20;

/// The edition of six meetings with a person from 15 to 22 years (001 L36–40).
pub(crate) fn together() -> EditionForm {
    EditionForm {
        serves: Serves::Person,
        age_min_years: 15,
        age_max_years: 23,
        requires_open_case: false,
        requires_minor_children: false,
        completion: Completion { kind: CompletionKind::Meetings, meetings: Some(6), max_months: Some(12) },
        mentor: MentorRules::default(),
        ..examples::of()
    }
}
/// The edition of the district's regulation (002).
pub(crate) fn regulation() -> EditionForm {
    let mentor = MentorRules {
        residence_required: true,
        organization_kinds: vec![OrganizationKind::Ngo],
        ..MentorRules::default()
    };
    EditionForm { mentor, ..examples::of() }
}
fn human(number: u128, born: &str) -> HumanFacts {
    HumanFacts { person_id: id(number), birth_date: day(born) }
}
/// A recipient of sixteen with a mother, and a mentor of an НКО who lives nearby.
pub(crate) fn situation() -> Situation {
    let authority = RepresentativeFacts {
        id: id(AUTHORITY),
        person_id: id(MOTHER),
        valid_from: day("2009-09-01"),
        valid_until: None,
    };
    Situation {
        organization_id: id(30),
        edition_id: id(31),
        edition: together(),
        recipient: RecipientFacts {
            kind: BeneficiaryKind::Person,
            people: vec![human(CHILD, "2009-09-01")],
            has_minor_children: false,
            has_open_case: false,
            representatives: vec![authority],
            relatives: HashSet::new(),
            has_died: false,
            is_removed: false,
            primary_contact: None,
            not_ended_in_program: 0,
        },
        mentor: mentor_side(),
        replaced: None,
        awaits_successor: None,
        has_objection: false,
        is_other_edition: false,
    }
}
fn mentor_side() -> MentorSide {
    MentorSide {
        person_id: id(MENTOR),
        facts: MentorFacts {
            profile: Profile {
                birth_date: day("1980-05-05"),
                residence: Some(Oktmo::new("25655439")),
                territory: Oktmo::new("25655000"),
                represents: Some(OrganizationKind::Ngo),
                has_died: false,
            },
            approved_on: day("2026-02-01"),
            removed_on: None,
            documents: vec![],
            trainings: vec![],
        },
        capacity: 1,
        active: 0,
        active_in_program: 0,
        has_open_grounds: false,
    }
}
/// A family on accompaniment: a mother of twenty-nine and her child.
fn family_situation() -> Situation {
    let recipient = RecipientFacts {
        kind: BeneficiaryKind::Family,
        people: vec![human(MOTHER, "1996-08-01"), human(CHILD, "2018-03-01")],
        has_minor_children: true,
        has_open_case: true,
        representatives: vec![],
        relatives: HashSet::new(),
        has_died: false,
        is_removed: false,
        primary_contact: Some(id(MOTHER)),
        not_ended_in_program: 0,
    };
    Situation { edition: regulation(), recipient, ..situation() }
}
fn proposal() -> Proposal {
    Proposal { starts_on: day("2026-03-10"), ends_on: Some(day("2026-12-31")), ..examples::of() }
}
fn proposed(situation: &Situation) -> Mentorship {
    value(Proposed::propose(id(40), &proposal(), situation, day(TODAY)).unwrap()).into()
}
fn answer(party: impl Into<AnsweringParty>, decision: AnswerKind) -> Acceptance {
    let (party, representative_id, veto) = (party.into(), None, None);
    Acceptance { party, decision, reason: None, note: None, on_paper_file_id: None, representative_id, veto }
}
fn accept(it: Mentorship, party: Party, situation: &Situation) -> Result<Mentorship, Refused> {
    it.answer(&answer(party, AnswerKind::Accept), Some(party), &situation.edition, day(TODAY)).map(value)
}
fn accepted(situation: &Situation) -> Mentorship {
    let one = accept(proposed(situation), Party::Recipient, situation).unwrap();
    accept(one, Party::Mentor, situation).unwrap()
}
fn by_child(signed_on: &str) -> ConsentForm {
    ConsentForm {
        signatory: Signatory::Recipient,
        person_id: id(CHILD),
        representative_id: None,
        signed_on: day(signed_on),
        file_id: None,
        annex_id: None,
        covered_person_ids: vec![],
        primary_contact_id: None,
    }
}
fn by_mother(signed_on: &str) -> ConsentForm {
    ConsentForm {
        signatory: Signatory::Representative,
        person_id: id(MOTHER),
        representative_id: Some(id(AUTHORITY)),
        signed_on: day(signed_on),
        file_id: None,
        annex_id: None,
        covered_person_ids: vec![],
        primary_contact_id: None,
    }
}
/// The signatory signs in the system, on the day itself.
fn sign(it: Mentorship, form: &ConsentForm, situation: &Situation) -> Result<Mentorship, Refused> {
    let by = Some(form.person_id);
    it.awaiting_consent()?.consent(id(50), form, by, situation, form.signed_on.max(day(TODAY))).map(value)
}
fn consented(situation: &Situation) -> Consented {
    let one = sign(accepted(situation), &by_mother("2026-03-02"), situation).unwrap();
    sign(one, &by_child("2026-03-05"), situation).unwrap().consented().unwrap()
}
fn decree(date: &str) -> Decree {
    Decree { number: OrderNumber::new("34-л"), date: day(date) }
}
fn confirmation(starts_on: &str, ends_on: &str) -> Confirmation {
    Confirmation { starts_on: day(starts_on), ends_on: day(ends_on), decree: None }
}
pub(crate) fn active(situation: &Situation) -> Active {
    value(
        consented(situation)
            .confirm(&confirmation("2026-03-10", "2026-12-31"), situation, day("2026-03-09"))
            .unwrap(),
    )
}
pub(crate) fn running(situation: &Situation) -> Running {
    Mentorship::from(active(situation)).running().unwrap()
}
fn pause() -> Pause {
    examples::of()
}
fn paused(situation: &Situation) -> Paused {
    value(active(situation).pause(id(70), &pause(), None, day("2026-05-12")).unwrap()).mentorship
}
/// The stored data of a termination by the institution.
fn terminating(by_director: bool, met_on: Option<NaiveDate>) -> TerminationFacts {
    TerminationFacts { by_director, by: None, met_on }
}
/// A completion by date.
pub(crate) fn term() -> Completion {
    Completion { kind: CompletionKind::Term, meetings: None, max_months: Some(12) }
}
