//! Replacement, withdrawal, removal, and the end of the term.
use super::*;
use crate::base::text::Note;
use crate::mentors::Removal;

fn facts() -> ReplacementFacts {
    ReplacementFacts {
        silent_days: 10,
        long_absence_days: 60,
        by_head: false,
        requested_by: vec![],
        met_on: None,
    }
}
fn replacement(ground: ReplacementGround) -> Replacement {
    Replacement {
        ground,
        ended_on: day("2026-05-12"),
        document_file_id: None,
        absence_confirmed: false,
        text: None,
    }
}
fn replace(order: &Replacement, facts: &ReplacementFacts) -> Result<Replaced, Refused> {
    running(&situation()).replace(order, facts, day("2026-05-12")).map(value)
}
fn with_text(it: Replacement) -> Replacement {
    Replacement { text: Some(Note::new("Наставница переехала.")), ..it }
}
fn with_paper(it: Replacement) -> Replacement {
    Replacement { document_file_id: Some(id(1)), ..it }
}

#[test]
fn each_ground_of_replacement_has_its_demands() {
    use ReplacementGround as Ground;
    for ground in [Ground::EmploymentEnded, Ground::PositionChanged] {
        let bare = replacement(ground);
        assert_eq!(codes(replace(&bare, &facts())), ["mentorship.replacement_needs_evidence"]);
        assert!(replace(&with_text(bare.clone()), &facts()).is_ok());
        assert!(replace(&with_paper(bare), &facts()).is_ok());
    }
    for (ground, party) in
        [(Ground::RequestedByMentor, Party::Mentor), (Ground::RequestedByRecipient, Party::Recipient)]
    {
        let bare = replacement(ground);
        assert_eq!(codes(replace(&bare, &facts())), ["mentorship.request_missing"]);
        assert!(replace(&with_paper(bare.clone()), &facts()).is_ok());
        let other = ReplacementFacts { requested_by: vec![other(party)], ..facts() };
        assert_eq!(codes(replace(&bare, &other)), ["mentorship.request_missing"]);
        let asked = ReplacementFacts { requested_by: vec![party], ..facts() };
        assert!(replace(&bare, &asked).is_ok());
    }
    assert_eq!(
        codes(replace(&replacement(Ground::OtherObstacle), &facts())),
        ["mentorship.obstacle_needs_text"]
    );
    assert!(replace(&with_text(replacement(Ground::OtherObstacle)), &facts()).is_ok());
}

fn other(party: Party) -> Party {
    if party == Party::Mentor { Party::Recipient } else { Party::Mentor }
}

#[test]
fn an_absence_is_long_by_the_meetings_or_confirmed_by_the_head() {
    let order = replacement(ReplacementGround::LongAbsence);
    let silent = |silent_days| ReplacementFacts { silent_days, ..facts() };
    assert_eq!(codes(replace(&order, &silent(59))), ["mentorship.absence_too_short"]);
    assert!(replace(&order, &silent(60)).is_ok());
    let confirmed = Replacement { absence_confirmed: true, ..order };
    assert_eq!(
        codes(replace(&confirmed, &facts())),
        ["mentorship.absence_by_head", "mentorship.absence_needs_text"]
    );
    let head = ReplacementFacts { by_head: true, ..facts() };
    assert_eq!(codes(replace(&confirmed, &head)), ["mentorship.absence_needs_text"]);
    assert!(replace(&with_text(confirmed), &head).is_ok());
}

#[test]
fn the_one_that_follows_has_the_same_recipient_and_program_and_another_mentor() {
    let order = proposal();
    let follows = |it: ReplacedFacts| {
        let situation = Situation { replaced: Some(it), ..situation() };
        Proposed::propose(id(41), &order, &situation, day(TODAY)).map(value)
    };
    let old = ReplacedFacts {
        state: MentorshipState::Replaced,
        beneficiary_id: order.beneficiary_id,
        program_id: order.program_id,
        mentor_id: id(77),
        is_succeeded: false,
    };
    assert!(follows(old.clone()).is_ok());
    let worst = ReplacedFacts {
        state: MentorshipState::Terminated,
        mentor_id: order.mentor_id,
        is_succeeded: true,
        ..old.clone()
    };
    assert_eq!(
        codes(follows(worst)),
        ["mentorship.not_replaced", "mentorship.same_mentor", "mentorship.already_succeeded"]
    );
    let of_another = ReplacedFacts { beneficiary_id: id(78), ..old };
    assert_eq!(codes(follows(of_another)), ["mentorship.not_replaced"]);
}

fn withdrawal(party: Party) -> Withdrawal {
    Withdrawal { party, withdrawn_on: day("2026-05-12"), person_id: None, file_id: None, note: None }
}
fn withdraw(
    it: impl Into<Mentorship>,
    order: &Withdrawal,
    by: Option<(Party, Option<crate::base::id::PersonId>)>,
) -> Result<Mentorship, Refused> {
    let situation = situation();
    let facts =
        WithdrawalFacts { by, by_institution: true, consents: consented(&situation).consents, met_on: None };
    it.into().withdraw(order, &facts, &situation, day("2026-05-12")).map(|it| value(it).mentorship)
}

#[test]
fn either_side_withdraws_at_any_time_and_the_mentorship_ends() {
    let situation = situation();
    let by_recipient = Some((Party::Recipient, Some(id(CHILD))));
    for begun in [Mentorship::from(active(&situation)), paused(&situation).into()] {
        let ended = withdraw(begun, &withdrawal(Party::Recipient), by_recipient).unwrap();
        let Mentorship::Terminated(it) = ended else { panic!("{ended:?}") };
        assert_eq!(it.termination.ground, TerminationGround::ConsentWithdrawn);
        assert_eq!(codes(withdraw(it, &withdrawal(Party::Recipient), by_recipient)), ["mentorship.ended"]);
    }
    for open in [proposed(&situation), accepted(&situation), consented(&situation).into()] {
        let ended = withdraw(open, &withdrawal(Party::Mentor), Some((Party::Mentor, None))).unwrap();
        let Mentorship::Declined(it) = ended else { panic!("{ended:?}") };
        assert_eq!((it.party, it.reason), (AnsweringParty::Mentor, Some(DeclineReason::Withdrawn)));
    }
}

#[test]
fn a_mentor_leaves_an_active_mentorship_by_a_written_refusal() {
    let situation = situation();
    let by_mentor = Some((Party::Mentor, None));
    let order = withdrawal(Party::Mentor);
    assert_eq!(codes(withdraw(active(&situation), &order, by_mentor)), ["mentorship.refusal_needs_document"]);
    let order = Withdrawal { file_id: Some(id(1)), ..order };
    let Ok(Mentorship::Terminated(it)) = withdraw(active(&situation), &order, by_mentor) else { panic!() };
    assert_eq!(it.termination.ground, TerminationGround::WrittenRefusal);
}

#[test]
fn a_withdrawal_recorded_for_a_side_needs_its_paper_and_its_signatory() {
    let situation = situation();
    let order = withdrawal(Party::Recipient);
    assert_eq!(
        codes(withdraw(active(&situation), &order, None)),
        ["mentorship.withdrawal_on_paper", "mentorship.withdrawn_by_whom"]
    );
    let by = |person| Withdrawal { person_id: Some(id(person)), file_id: Some(id(1)), ..order.clone() };
    assert_eq!(codes(withdraw(active(&situation), &by(77), None)), ["mentorship.withdrawn_by_whom"]);
    assert!(withdraw(active(&situation), &by(MOTHER), None).is_ok());
    assert!(withdraw(active(&situation), &by(CHILD), None).is_ok());
    let of_other = Some((Party::Mentor, None));
    assert_eq!(codes(withdraw(active(&situation), &order, of_other)), ["access.not_yours"]);
    let for_mother = Some((Party::Recipient, Some(id(CHILD))));
    assert_eq!(codes(withdraw(active(&situation), &by(MOTHER), for_mother)), ["access.not_yours"]);
}

#[test]
fn a_removal_ends_everything_that_has_not_ended() {
    let removal = Removal { removed_on: day("2026-03-05"), decree: decree("2026-03-05") };
    let situation = situation();
    let end = |it: Mentorship| it.end_by_removal(&removal, None, day("2026-05-12")).map(value);
    for begun in [Mentorship::from(active(&situation)), paused(&situation).into()] {
        let Some(Mentorship::Terminated(it)) = end(begun) else { panic!() };
        assert_eq!(it.termination.ground, TerminationGround::RemovedByDirector);
        assert_eq!(it.termination.ended_on, day("2026-03-10"), "not before its first day");
        assert_eq!(it.termination.decree, Some(decree("2026-03-05")));
        assert!(end(it.into()).is_none());
    }
    for open in [proposed(&situation), accepted(&situation), consented(&situation).into()] {
        let Some(Mentorship::Declined(it)) = end(open) else { panic!() };
        assert_eq!(it.reason, Some(DeclineReason::MentorRemoved));
    }
}

#[test]
fn a_mentorship_completes_on_the_day_after_its_last() {
    assert!(running(&situation()).end_by_date(&term(), None, day("2026-12-31")).is_none());
    let (ended, records) =
        running(&situation()).end_by_date(&term(), None, day("2027-01-01")).unwrap().into_parts();
    let Mentorship::Completed(it) = ended else { panic!("{ended:?}") };
    assert_eq!((it.ended_on, it.reason), (day("2026-12-31"), CompletionReason::TermEnded));
    assert_eq!(records[0].kind, "mentorship.completed");
}

#[test]
fn what_completes_by_meetings_never_completes_by_date() {
    let ended =
        value(running(&situation()).end_by_date(&together().completion, None, day("2027-01-01")).unwrap());
    let Mentorship::Terminated(it) = ended else { panic!("{ended:?}") };
    assert_eq!(it.termination.ground, TerminationGround::MeetingsNotHeld);
    assert_eq!(it.termination.ended_on, day("2026-12-31"));
}

#[test]
fn an_answer_a_signature_and_a_confirmation_come_before_the_deadline() {
    let situation = situation();
    let late = day("2026-04-01");
    let yes = answer(Party::Mentor, AnswerKind::Accept);
    let answered = proposed(&situation).answer(&yes, Some(Party::Mentor), &situation.edition, late);
    assert_eq!(codes(answered), ["mentorship.too_late"]);
    let signed = accepted(&situation).awaiting_consent().unwrap();
    let signed = signed.consent(id(50), &by_mother("2026-03-02"), Some(id(MOTHER)), &situation, late);
    assert_eq!(codes(signed), ["mentorship.too_late"]);
    let confirmed =
        consented(&situation).confirm(&confirmation("2026-04-02", "2026-12-31"), &situation, late);
    assert_eq!(codes(confirmed), ["mentorship.too_late"]);
    let no = answer(Party::Mentor, AnswerKind::Decline);
    assert!(proposed(&situation).answer(&no, Some(Party::Mentor), &situation.edition, late).is_ok());
}

#[test]
fn a_family_names_whom_the_mentorship_covers_and_whom_the_mentor_turns_to() {
    let mut situation = family_situation();
    let form = ConsentForm {
        signatory: Signatory::Recipient,
        representative_id: None,
        covered_person_ids: vec![id(CHILD)],
        ..by_mother("2026-03-02")
    };
    let Mentorship::Consented(it) = sign(accepted(&situation), &form, &situation).unwrap() else { panic!() };
    assert_eq!(it.consents[0].form.primary_contact_id, Some(id(MOTHER)), "the contact on record");
    let strange = ConsentForm {
        covered_person_ids: vec![id(CHILD), id(77)],
        primary_contact_id: Some(id(78)),
        ..form.clone()
    };
    let refused = sign(accepted(&situation), &strange, &situation);
    assert_eq!(codes(refused), ["consent.covered_not_member", "consent.covered_not_member"]);
    situation.recipient.primary_contact = None;
    assert_eq!(codes(sign(accepted(&situation), &form, &situation)), ["consent.no_primary_contact"]);
    let of_person = ConsentForm { covered_person_ids: vec![id(CHILD)], ..by_child(TODAY) };
    let situation = super::situation();
    assert_eq!(codes(sign(accepted(&situation), &of_person, &situation)), ["consent.only_for_family"]);
}

#[test]
fn no_mentorship_ends_before_a_meeting_that_was_held() {
    let met_on = Some(day("2026-04-20"));
    let refusal = |on| Termination { ended_on: day(on), ..examples::of() };
    let end =
        |on| running(&situation()).terminate(&refusal(on), &terminating(false, met_on), day("2026-05-12"));
    assert_eq!(codes(end("2026-04-19")), ["mentorship.date"]);
    assert!(end("2026-04-20").is_ok());
    let facts = ReplacementFacts { met_on, ..facts() };
    let early = with_text(Replacement {
        ended_on: day("2026-04-19"),
        ..replacement(ReplacementGround::OtherObstacle)
    });
    assert_eq!(codes(replace(&early, &facts)), ["mentorship.date"]);
    let removal = Removal { removed_on: day("2026-04-01"), decree: decree("2026-04-01") };
    let ended = Mentorship::from(active(&situation())).end_by_removal(&removal, met_on, day("2026-05-12"));
    let Some(Mentorship::Terminated(it)) = ended.map(value) else { panic!() };
    assert_eq!(Some(it.termination.ended_on), met_on);
}
