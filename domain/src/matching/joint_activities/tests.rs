use super::choices::*;
use super::vetoes::*;
use super::*;
use crate::base::text::Note;
use crate::examples;
use crate::mentorships::tests::{codes, day, id, value};
use crate::people::Life;
use proptest::prelude::*;

const HELD: &str = "2026-03-14";

/// An activity with mentors 1–3 and beneficiaries 11–13.
fn activity() -> JointActivity {
    let form = JointActivityForm {
        held_on: day(HELD),
        mentor_ids: (1..=3).map(id).collect(),
        beneficiary_ids: (11..=13).map(id).collect(),
        ..examples::of()
    };
    value(JointActivity::add(id(90), &form))
}
fn mentor(number: u128) -> Participant {
    Participant::Mentor(id(number))
}
fn beneficiary(number: u128) -> Participant {
    Participant::Beneficiary(id(number))
}
fn by_mentor(ranked: &[(u128, i32)], vetoed: &[u128]) -> MentorChoice {
    let rank = |it: &(u128, i32)| BeneficiaryRank { beneficiary_id: id(it.0), rank: it.1 };
    MentorChoice {
        activity_id: id(90),
        ranked: ranked.iter().map(rank).collect(),
        vetoed: vetoed.iter().copied().map(id).collect(),
        on_paper_file_id: None,
    }
}
fn staff() -> Recorder {
    Recorder { own: vec![], is_staff: true }
}
fn make(naming: &Naming, by: &Recorder, today: &str) -> Result<Changed<Choice>, Refused> {
    Choice::make(id(50), naming, &activity(), by, day(today))
}

#[test]
fn the_examples_of_the_contract_are_valid() {
    assert_eq!(examples::of::<JointActivityForm>().validate(), Ok(()));
    assert_eq!(examples::of::<MentorChoice>().validate(), Ok(()));
    assert_eq!(examples::of::<BeneficiaryChoice>().validate(), Ok(()));
    assert_eq!(examples::of::<VetoForm>().validate(), Ok(()));
    assert_eq!(examples::of::<VetoLifting>().validate(), Ok(()));
}

#[test]
fn nobody_takes_part_twice() {
    let twice = JointActivityForm { mentor_ids: vec![id(1), id(1)], ..examples::of() };
    assert!(twice.validate().is_err());
}

#[test]
fn who_takes_part_was_born_and_has_not_died_before_the_day() {
    let life = |born_on, died_on: Option<&str>| {
        Lives(vec![Life { born_on: day(born_on), died_on: died_on.map(day) }])
    };
    let lives = HashMap::from([
        (mentor(1), life("1980-01-01", None)),
        (mentor(2), life("1980-01-01", Some(HELD))),
        (mentor(3), life("1980-01-01", Some("2026-03-13"))),
        (beneficiary(11), life("2026-03-15", None)),
        (beneficiary(12), life("2026-03-16", None)),
    ]);
    let told = activity().form.against_lives(&lives);
    let told: Vec<_> = told.iter().map(|it| (it.rule.code, it.pointer.as_deref().unwrap())).collect();
    assert_eq!(told, [("person.dead", "/mentor_ids/2"), ("life.before_birth", "/held_on")]);
    assert_eq!(activity().form.against_lives(&HashMap::new()), []);
}

#[test]
fn everything_against_an_edit_is_told_at_once() {
    let form = JointActivityForm {
        program_id: id(98),
        organization_id: id(99),
        held_on: day("2026-03-16"),
        mentor_ids: vec![id(1), id(2)],
        beneficiary_ids: vec![id(11)],
        ..activity().form
    };
    let so_far =
        ChosenSoFar { involved: vec![mentor(3), beneficiary(12)], first_on: Some(day("2026-03-15")) };
    let all = [
        "joint_activity.program_fixed",
        "joint_activity.organization_fixed",
        "joint_activity.chosen_already",
        "joint_activity.participant_chose",
        "joint_activity.participant_chose",
    ];
    assert_eq!(codes(activity().edit(&form, &so_far, &[])), all);
}

#[test]
fn who_takes_part_takes_nobody_off() {
    let fewer = JointActivityForm { beneficiary_ids: vec![id(11)], ..activity().form };
    let edit = |form: &JointActivityForm, own| activity().edit(form, &ChosenSoFar::default(), &[own]);
    assert_eq!(codes(edit(&fewer, mentor(1))), ["access.own"]);
    assert!(edit(&fewer, mentor(9)).is_ok(), "who does not take part");
    let mut more = activity().form;
    more.mentor_ids.push(id(4));
    let (_, records) = edit(&more, mentor(1)).unwrap().into_parts();
    assert_eq!(records[0].body["mentors_joined"], serde_json::json!([id::<MentorId>(4)]));
}

#[test]
fn each_chooses_for_itself_and_staff_who_do_not_take_part_record() {
    let own = |own| Recorder { own: vec![own], is_staff: false };
    let naming = by_mentor(&[(11, 1), (12, 1)], &[13]).of(id(1));
    for by in [own(mentor(1)), staff(), Recorder { is_staff: true, ..own(mentor(9)) }] {
        let (it, records) = make(&naming, &by, HELD).unwrap().into_parts();
        assert_eq!(it.chosen.iter().map(|it| it.rank).collect::<Vec<_>>(), [Some(1), Some(1), None]);
        let told = serde_json::json!({"activity_id": id::<JointActivityId>(90), "ranked": 2, "vetoed": 1});
        assert_eq!(records[0].body, told);
    }
    let others = [own(mentor(2)), own(beneficiary(11)), Recorder { own: vec![], is_staff: false }];
    let sides = [mentor(2), beneficiary(11)].map(|it| Recorder { is_staff: true, ..own(it) });
    for by in others.into_iter().chain(sides) {
        assert_eq!(codes(make(&naming, &by, HELD)), ["access.not_yours"]);
    }
}

#[test]
fn everything_against_a_choice_is_told_at_once_and_where() {
    let naming = by_mentor(&[(11, 1), (19, 2)], &[11, 18]).of(id(9));
    let refused = make(&naming, &staff(), "2026-03-13").unwrap_err();
    let told: Vec<_> =
        refused.reasons().iter().map(|it| (it.rule.code, it.pointer.as_deref().unwrap())).collect();
    let all = [
        ("choice.not_participant", "/activity_id"),
        ("choice.too_early", "/activity_id"),
        ("choice.not_met", "/ranked/1/beneficiary_id"),
        ("choice.named_twice", "/vetoed/0"),
        ("choice.not_met", "/vetoed/1"),
    ];
    assert_eq!(told, all);
}

#[test]
fn a_choice_may_name_nobody() {
    assert!(value(make(&by_mentor(&[], &[]).of(id(1)), &staff(), HELD).unwrap()).chosen.is_empty());
}

#[test]
fn a_rank_is_from_1_to_20() {
    let valid = |rank| by_mentor(&[(11, rank)], &[]).validate().is_ok();
    assert!(valid(1) && valid(20) && !valid(0) && !valid(21));
}

fn veto(form: &VetoForm, is_own: bool, stands: bool) -> Result<Changed<Veto>, Refused> {
    Veto::make(id(60), id(11), form, VetoFacts { is_own, stands }, day(HELD))
}

#[test]
fn a_veto_stands_once_and_another_reason_is_told() {
    let form: VetoForm = examples::of();
    let other = VetoForm { reason: VetoReason::Other, note: None, ..form.clone() };
    assert_eq!(codes(veto(&other, false, true)), ["veto.stands", "field.missing"]);
    assert_eq!(codes(veto(&form, true, true)), ["access.own"]);
    let (made, records) = veto(&form, false, false).unwrap().into_parts();
    assert_eq!(records[0].body, serde_json::json!({"made_by": "representative", "reason": "acquainted"}));
    let order = VetoLifting { reason: Note::new("Помирились.") };
    let lifted = value(AnyVeto::Standing(made).standing().unwrap().lift(&order, day(HELD)));
    assert_eq!(lifted.lifted_on, day(HELD));
    assert_eq!(codes(AnyVeto::Lifted.standing()), ["veto.lifted"]);
}

#[test]
fn only_a_declined_mentorship_makes_a_veto_of_a_decline() {
    let form = VetoForm { reason: VetoReason::Declined, ..examples::of() };
    assert!(serde_json::from_value::<VetoForm>(serde_json::to_value(form).unwrap()).is_err());
    let it = value(Veto::after_decline(id(60), id(11), id(1), VetoSide::Mentor, id(40), day(HELD)));
    assert_eq!((it.mentorship_id, it.form.reason, it.form.note), (Some(id(40)), VetoReason::Declined, None));
}

proptest! {
    #[test]
    fn a_choice_is_made_exactly_of_those_met_each_once(
        ranked in proptest::collection::vec((9u128..16, 1i32..=20), 0..5),
        vetoed in proptest::collection::vec(9u128..16, 0..5),
    ) {
        let all: Vec<u128> = ranked.iter().map(|it| it.0).chain(vetoed.iter().copied()).collect();
        let once = all.iter().collect::<std::collections::BTreeSet<_>>().len() == all.len();
        let allowed = once && all.iter().all(|it| (11..=13).contains(it));
        let naming = by_mentor(&ranked, &vetoed).of(id(1));
        prop_assert_eq!(make(&naming, &staff(), HELD).is_ok(), allowed);
    }
}
