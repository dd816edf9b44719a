use super::*;
use crate::base::text::Note;
use validator::Validate;

fn propose(situation: &Situation) -> Result<Changed<Proposed>, Refused> {
    Proposed::propose(id(40), &proposal(), situation, day(TODAY))
}
fn with_recipient(change: impl FnOnce(&mut RecipientFacts), mut situation: Situation) -> Situation {
    change(&mut situation.recipient);
    situation
}

#[test]
fn the_examples_of_the_contract_are_valid() {
    assert_eq!(examples::of::<Proposal>().validate(), Ok(()));
    assert_eq!(examples::of::<Acceptance>().validate(), Ok(()));
    assert_eq!(examples::of::<ConsentForm>().validate(), Ok(()));
    assert_eq!(examples::of::<Confirmation>().validate(), Ok(()));
    assert_eq!(examples::of::<Termination>().validate(), Ok(()));
}

#[test]
fn everything_that_stands_against_a_pair_is_told_at_once() {
    let mut situation = family_situation();
    situation.recipient.has_minor_children = false;
    situation.recipient.has_open_case = false;
    situation.recipient.not_ended_in_program = 1;
    situation.mentor.person_id = id(MOTHER);
    situation.mentor.facts.profile.residence = None;
    situation.mentor.facts.removed_on = Some(day("2026-02-10"));
    situation.mentor.active = 1;
    let order = Proposal { ends_on: Some(day("2027-03-11")), ..proposal() };
    assert_eq!(
        codes(Proposed::propose(id(40), &order, &situation, day("2026-03-11"))),
        [
            "mentorship.no_minor_children",
            "mentorship.no_open_case",
            "mentorship.already_in_program",
            "mentorship.conflict_of_interest",
            "mentor.removed",
            "mentor.not_resident",
            "mentorship.over_capacity",
            "mentorship.date",
            "mentorship.term_too_long",
        ]
    );
}

#[test]
fn every_reason_against_a_proposal_names_the_member_that_it_is_about() {
    let mut situation = family_situation();
    situation.recipient.has_open_case = false;
    situation.recipient.not_ended_in_program = 1;
    situation.mentor.person_id = id(MOTHER);
    situation.mentor.active = 1;
    (situation.mentor.has_open_grounds, situation.has_objection) = (true, true);
    let refused = propose(&situation).expect_err("a refusal");
    let told = refused.reasons().iter().map(|it| (it.rule.code, it.pointer.as_deref().unwrap_or_default()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("mentorship.no_open_case", "/beneficiary_id"),
            ("mentorship.already_in_program", "/beneficiary_id"),
            ("mentorship.conflict_of_interest", "/mentor_id"),
            ("mentorship.objection", "/mentor_id"),
            ("mentorship.over_capacity", "/mentor_id"),
            ("mentorship.ground_open", "/mentor_id"),
        ]
    );
}

#[test]
fn nothing_begins_with_one_who_is_removed_from_the_register_and_what_runs_goes_on() {
    let removed = with_recipient(|it| it.is_removed = true, situation());
    assert_eq!(codes(propose(&removed)), ["register.not_active"]);
    let order = confirmation("2026-03-10", "2026-12-31");
    let confirmed = consented(&situation()).confirm(&order, &removed, day("2026-03-09"));
    assert_eq!(codes(confirmed), ["register.not_active"]);
    assert!(removed.against_going_on(day("2026-03-10"), day("2026-05-10")).is_empty());
}

#[test]
fn a_program_of_families_does_not_serve_a_person() {
    let situation = Situation { edition: regulation(), ..situation() };
    assert_eq!(
        codes(propose(&situation)),
        ["mentorship.wrong_recipient", "mentorship.no_minor_children", "mentorship.no_open_case"]
    );
}

#[test]
fn age_is_judged_to_the_day_on_the_first_day_of_the_mentorship() {
    let born = |text| with_recipient(|it| it.people = vec![human(CHILD, text)], situation());
    assert!(propose(&born("2011-03-10")).is_ok(), "fifteen on the first day itself");
    assert_eq!(codes(propose(&born("2011-03-11"))), ["mentorship.age"]);
    assert!(propose(&born("2003-03-11")).is_ok(), "twenty-three the day after");
    assert_eq!(codes(propose(&born("2003-03-10"))), ["mentorship.age"]);
}

#[test]
fn a_guardian_does_not_mentor_the_ward() {
    let mut situation = situation();
    situation.mentor.person_id = id(MOTHER);
    assert_eq!(codes(propose(&situation)), ["mentorship.conflict_of_interest"]);
    situation.recipient.representatives[0].valid_until = Some(day("2026-03-09"));
    assert!(propose(&situation).is_ok());
}

#[test]
fn capacity_is_both_the_mentors_and_the_programs() {
    let busy = |capacity, active, in_program| {
        let mut situation = situation();
        situation.mentor = MentorSide { capacity, active, active_in_program: in_program, ..situation.mentor };
        propose(&situation).is_ok()
    };
    assert!(busy(2, 1, 0));
    assert!(!busy(2, 2, 0));
    assert!(!busy(3, 1, 1), "the program allows one");
}

#[test]
fn each_side_accepts_once_and_both_must() {
    let situation = situation();
    let one = accept(proposed(&situation), Party::Mentor, &situation).unwrap();
    assert_eq!(one.state(), MentorshipState::Proposed);
    assert_eq!(codes(accept(one.clone(), Party::Mentor, &situation)), ["mentorship.already_answered"]);
    let both = accept(one, Party::Recipient, &situation).unwrap();
    assert_eq!(both.state(), MentorshipState::Accepted);
    assert_eq!(codes(accept(both, Party::Recipient, &situation)), ["mentorship.already_answered"]);
}

#[test]
fn nobody_answers_for_the_other_side_and_the_institution_only_with_a_paper() {
    let situation = situation();
    let order = answer(Party::Recipient, AnswerKind::Accept);
    let answer =
        |order: &Acceptance, by| proposed(&situation).answer(order, by, &situation.edition, day(TODAY));
    assert_eq!(codes(answer(&order, Some(Party::Mentor))), ["access.not_yours"]);
    assert_eq!(codes(answer(&order, None)), ["mentorship.paper_needed"]);
    assert!(answer(&Acceptance { on_paper_file_id: Some(id(1)), ..order }, None).is_ok());
}

#[test]
fn either_side_may_decline_at_any_time_before_the_beginning() {
    let situation = situation();
    let consented: Mentorship = consented(&situation).into();
    for before in [proposed(&situation), accepted(&situation), consented] {
        for party in [Party::Mentor, Party::Recipient] {
            let order = answer(party, AnswerKind::Decline);
            let declined = before.clone().answer(&order, None, &situation.edition, day(TODAY)).unwrap();
            assert_eq!(declined.value().state(), MentorshipState::Declined);
        }
    }
    let order = answer(Party::Mentor, AnswerKind::Decline);
    let late = Mentorship::from(active(&situation)).answer(&order, None, &situation.edition, day(TODAY));
    assert_eq!(codes(late), ["mentorship.not_open"]);
}

#[test]
fn for_a_minor_the_representative_signs_and_from_fourteen_the_child_too() {
    let missing = |born, on| {
        let situation = with_recipient(|it| it.people = vec![human(CHILD, born)], situation());
        consents_missing(&[], &situation, day(on))
    };
    assert_eq!(missing("2012-03-11", "2026-03-10"), [Signatory::Representative]);
    assert_eq!(missing("2012-03-10", "2026-03-10"), [Signatory::Representative, Signatory::Recipient]);
    assert_eq!(missing("2008-03-10", "2026-03-10"), [Signatory::Recipient]);
    assert_eq!(consents_missing(&[], &family_situation(), day(TODAY)), [Signatory::Recipient]);
    let free = Situation { edition: EditionForm { consent_needed: false, ..together() }, ..situation() };
    assert_eq!(consents_missing(&[], &free, day(TODAY)), []);
    assert_eq!(accepted(&free).state(), MentorshipState::Consented);
}

#[test]
fn a_consent_is_whole_with_the_last_signature() {
    let situation = situation();
    let one = sign(accepted(&situation), &by_mother("2026-03-02"), &situation).unwrap();
    assert_eq!(one.state(), MentorshipState::Accepted);
    assert_eq!(codes(one.clone().consented()), ["mentorship.not_consented"]);
    assert_eq!(codes(sign(one.clone(), &by_mother("2026-03-02"), &situation)), ["consent.already_given"]);
    assert_eq!(sign(one, &by_child("2026-03-02"), &situation).unwrap().state(), MentorshipState::Consented);
    assert_eq!(
        codes(sign(proposed(&situation), &by_child("2026-03-02"), &situation)),
        ["mentorship.not_accepted"]
    );
}

#[test]
fn only_who_may_sign_signs() {
    let situation = situation();
    let signed = |form: ConsentForm| codes(sign(accepted(&situation), &form, &situation));
    let stranger = ConsentForm { person_id: id(77), ..by_child(TODAY) };
    assert_eq!(signed(stranger), ["consent.wrong_signatory"]);
    let stranger = ConsentForm { person_id: id(77), ..by_mother(TODAY) };
    assert_eq!(signed(stranger), ["consent.wrong_signatory"]);
    let nobody = ConsentForm { representative_id: Some(id(78)), ..by_mother(TODAY) };
    assert_eq!(signed(nobody), ["consent.no_authority"]);
    let mentor = ConsentForm { person_id: id(MENTOR), ..by_child(TODAY) };
    assert_eq!(signed(mentor), ["mentorship.conflict_of_interest", "consent.wrong_signatory"]);
    assert_eq!(signed(by_child("2026-02-28")), ["mentorship.date"]);
}

#[test]
fn an_authority_counts_on_the_day_of_signing() {
    let mut situation = situation();
    situation.recipient.representatives[0].valid_until = Some(day("2026-03-03"));
    assert!(sign(accepted(&situation), &by_mother("2026-03-03"), &situation).is_ok());
    assert_eq!(
        codes(sign(accepted(&situation), &by_mother("2026-03-04"), &situation)),
        ["consent.no_authority"]
    );
}

#[test]
fn an_adult_needs_no_representative_and_a_child_under_fourteen_does_not_sign() {
    let adult = with_recipient(|it| it.people = vec![human(CHILD, "2008-03-01")], situation());
    assert_eq!(codes(sign(accepted(&adult), &by_mother(TODAY), &adult)), ["consent.wrong_signatory"]);
    let mut little = with_recipient(|it| it.people = vec![human(CHILD, "2012-03-05")], situation());
    little.edition.age_min_years = 10;
    assert_eq!(codes(sign(accepted(&little), &by_child("2026-03-04"), &little)), ["consent.too_young"]);
}

#[test]
fn for_a_family_one_of_its_adults_signs() {
    let situation = family_situation();
    let mother = ConsentForm { person_id: id(MOTHER), ..by_child(TODAY) };
    assert_eq!(sign(accepted(&situation), &mother, &situation).unwrap().state(), MentorshipState::Consented);
    assert_eq!(codes(sign(accepted(&situation), &by_child(TODAY), &situation)), ["consent.too_young"]);
    assert_eq!(codes(sign(accepted(&situation), &by_mother(TODAY), &situation)), ["consent.wrong_signatory"]);
}

#[test]
fn a_consent_recorded_for_another_needs_its_paper_and_is_not_recorded_by_a_third() {
    let situation = situation();
    let consent = |form: &ConsentForm, by| {
        accepted(&situation).awaiting_consent().unwrap().consent(id(50), form, by, &situation, day(TODAY))
    };
    assert_eq!(codes(consent(&by_mother(TODAY), None)), ["consent.paper_needed"]);
    assert_eq!(codes(consent(&by_mother(TODAY), Some(id(CHILD)))), ["access.not_yours"]);
    assert!(consent(&ConsentForm { file_id: Some(id(1)), ..by_mother(TODAY) }, None).is_ok());
}

#[test]
fn who_turns_eighteen_before_the_first_day_signs_alone() {
    let situation = with_recipient(|it| it.people = vec![human(CHILD, "2008-03-08")], situation());
    let signed = sign(accepted(&situation), &by_mother("2026-03-02"), &situation).unwrap();
    let signed = sign(signed, &by_child("2026-03-02"), &situation).unwrap().consented().unwrap();
    assert!(signed.confirm(&confirmation("2026-03-10", "2026-12-31"), &situation, day("2026-03-09")).is_ok());
}

#[test]
fn a_child_who_turns_fourteen_before_the_first_day_signs_too() {
    let mut situation = with_recipient(|it| it.people = vec![human(CHILD, "2012-03-05")], situation());
    situation.edition.age_min_years = 10;
    let by_mother_alone =
        sign(accepted(&situation), &by_mother("2026-03-02"), &situation).unwrap().consented().unwrap();
    let order = confirmation("2026-03-10", "2026-12-31");
    let refused = by_mother_alone.clone().confirm(&order, &situation, day("2026-03-09"));
    assert_eq!(codes(refused), ["mentorship.consent_missing"]);
    let both =
        sign(by_mother_alone.into(), &by_child("2026-03-05"), &situation).unwrap().consented().unwrap();
    assert!(both.confirm(&order, &situation, day("2026-03-09")).is_ok());
}

#[test]
fn a_term_is_at_most_the_programs_by_the_calendar() {
    let situation = situation();
    let confirm = |starts, ends| {
        consented(&situation).confirm(&confirmation(starts, ends), &situation, day("2026-03-06"))
    };
    assert!(confirm("2026-03-10", "2027-03-10").is_ok());
    assert_eq!(codes(confirm("2026-03-10", "2027-03-11")), ["mentorship.term_too_long"]);
    assert_eq!(codes(confirm("2026-03-10", "2026-03-10")), ["mentorship.term_order"]);
    assert_eq!(codes(confirm("2026-03-04", "2026-12-31")), ["mentorship.starts_before_consent"]);
    assert!(confirm("2026-03-05", "2026-12-31").is_ok());
}

#[test]
fn what_changed_since_the_proposal_stands_against_the_confirmation() {
    let situation = situation();
    let signed = consented(&situation);
    let mut later = situation;
    later.mentor.active = 1;
    later.mentor.facts.removed_on = Some(day("2026-03-06"));
    let order =
        Confirmation { decree: Some(decree("2026-03-08")), ..confirmation("2026-03-10", "2026-12-31") };
    assert_eq!(
        codes(signed.confirm(&order, &later, day("2026-03-07"))),
        ["mentor.removed", "mentorship.over_capacity", "decree.in_future"]
    );
}

#[test]
fn each_ground_of_termination_has_its_demands() {
    let terminate = |ground, by_director| {
        let order = Termination {
            ground,
            ended_on: day("2026-03-09"),
            document_file_id: None,
            decree: None,
            text: None,
        };
        codes(running(&situation()).terminate(&order, &terminating(by_director, None), day("2026-05-12")))
    };
    use TerminationGround as Ground;
    let date = "mentorship.date";
    assert_eq!(terminate(Ground::WrittenRefusal, true), ["mentorship.refusal_needs_document", date]);
    let decree = "mentorship.removal_needs_decree";
    assert_eq!(terminate(Ground::RemovedByDirector, false), ["mentorship.director_only", decree, date]);
    assert_eq!(terminate(Ground::OtherObjective, true), ["mentorship.other_needs_text", date]);
}

#[test]
fn a_mentorship_ends_within_its_term_and_not_tomorrow() {
    let refusal = |ended_on| Termination { ended_on: day(ended_on), ..examples::of() };
    let terminate = |ended_on, today| {
        running(&situation()).terminate(&refusal(ended_on), &terminating(false, None), day(today))
    };
    assert!(terminate("2026-03-10", "2026-05-12").is_ok());
    assert!(terminate("2026-05-12", "2026-05-12").is_ok());
    assert_eq!(codes(terminate("2026-05-13", "2026-05-12")), ["mentorship.date"]);
    assert_eq!(codes(terminate("2027-01-01", "2027-01-01")), ["mentorship.date"]);
    assert!(terminate("2026-03-09", "2026-03-09").is_ok(), "given up on the eve of the first day");
    let ended = Mentorship::from(value(terminate("2026-03-10", "2026-05-12").unwrap()));
    assert_eq!(codes(ended.active()), ["mentorship.not_active"]);
}

#[test]
fn a_director_removes_by_a_decree_that_is_not_of_tomorrow() {
    let order = Termination {
        ground: TerminationGround::RemovedByDirector,
        ended_on: day("2026-05-12"),
        document_file_id: None,
        decree: Some(decree("2026-05-13")),
        text: Some(Note::new("Нарушение договорённостей.")),
    };
    let remove = |today| running(&situation()).terminate(&order, &terminating(true, None), day(today));
    assert_eq!(codes(remove("2026-05-12")), ["decree.in_future"]);
    assert_eq!(remove("2026-05-13").unwrap().value().termination, order);
}

#[test]
fn what_has_not_begun_lapses_after_the_deadline_of_the_program() {
    let situation = situation();
    assert!(accepted(&situation).lapse(day("2026-03-31")).is_none());
    assert!(accepted(&situation).lapse(day("2026-04-01")).is_some());
    assert!(Mentorship::from(active(&situation)).lapse(day("2030-01-01")).is_none());
}

#[test]
fn the_actions_shown_are_those_that_the_rules_accept() {
    let situation = situation();
    use crate::base::action::{Action, Judged, available};
    let shown_if = |it: &Mentorship, by, may: bool| {
        let (now, today) = (at(day(TODAY), 9), day(TODAY));
        let offers = MentorshipOffers {
            it,
            by,
            signer: None,
            may_answer: true,
            by_institution: true,
            facts: None,
            now,
            today,
        };
        let all = available(&offers, 1, Judged::State, |_| may, |_| true);
        all.into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    let shown = |it: &Mentorship, by| shown_if(it, by, true);
    let one = accept(proposed(&situation), Party::Mentor, &situation).unwrap();
    assert_eq!(shown(&one, Some(Party::Mentor)), [Action::Withdraw]);
    assert_eq!(shown(&one, Some(Party::Recipient)), [Action::Accept, Action::Decline]);
    let tutor = Action::AssignTutor;
    assert_eq!(shown(&one, None), [Action::Accept, Action::Decline, tutor]);
    assert_eq!(shown(&accepted(&situation), None), [Action::Decline, Action::Consent, tutor]);
    assert_eq!(shown(&consented(&situation).into(), None), [Action::Decline, Action::Confirm, tutor]);
    let running = [Action::Replace, Action::Withdraw, Action::Terminate, tutor];
    let active: Mentorship = active(&situation).into();
    let statements = [Action::MakeSurvey, Action::MakeReport];
    let asked = [&[Action::MakeRequest], &statements[..]].concat();
    let meetings = [&[Action::PlanMeeting, Action::RecordMeeting], &asked[..]].concat();
    let of_active = [&[Action::Extend, Action::Pause], &running[..], &meetings].concat();
    assert_eq!(shown(&active, None), of_active);
    assert_eq!(shown_if(&active, None, false), []);
    let of_paused = [&[Action::Resume], &running[..], &asked].concat();
    assert_eq!(shown(&paused(&situation).into(), None), of_paused);
    let of_side = [&running[1..3], &meetings].concat();
    assert_eq!(shown(&active, Some(Party::Mentor)), of_side);
    assert_eq!(shown(&active, Some(Party::Recipient)), [&running[1..3], &meetings[..3]].concat());
    let ended = value(active.running().unwrap().end_by_date(&term(), None, day("2030-01-01")).unwrap());
    assert_eq!(shown(&ended, None), statements, "the institution adds one after the end");
}
