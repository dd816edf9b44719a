use super::*;
use crate::base::change::Changed;
use crate::base::refusal::Refused;
use crate::base::text::{Code, Note, Oktmo, Title};
use crate::base::word::Word;
use crate::examples;
use crate::people::{Life, Lives};
use crate::region::files::FilePurpose;
use crate::region::organizations::OrganizationKind;
use crate::region::programs::{EditionForm, MentorRules, RequiredDocument};
use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;
use validator::Validate;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
pub(super) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn value<T>(it: Changed<T>) -> T {
    it.into_parts().0
}
pub(super) fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
}

/// The demands of the district's regulation (002 §3.5–3.6).
pub(super) fn asked() -> MentorRules {
    MentorRules {
        minimum_age_years: 18,
        residence_required: true,
        organization_kinds: vec![OrganizationKind::Ngo],
        required_course_codes: vec![Code::new("mentor-basics")],
        required_documents: vec![
            RequiredDocument { purpose: FilePurpose::PassportCopy, valid_months: None },
            RequiredDocument { purpose: FilePurpose::Certificate, valid_months: Some(12) },
        ],
        assess_requirements: false,
    }
}
fn profile() -> Profile {
    Profile {
        birth_date: day("1980-05-05"),
        residence: Some(Oktmo::new("25655439")),
        territory: Oktmo::new("25655000"),
        represents: Some(OrganizationKind::Ngo),
        has_died: false,
    }
}
pub(super) fn candidate() -> CandidateFacts {
    CandidateFacts {
        profile: profile(),
        is_mentor: false,
        has_other_open_application: false,
        assessment: Assessment::Untold,
    }
}
pub(super) fn document(purpose: FilePurpose, issued_on: Option<&str>) -> ApplicationDocument {
    ApplicationDocument { purpose, file_id: id(1), issued_on: issued_on.map(day), valid_until: None }
}
pub(super) fn documents() -> Vec<ApplicationDocument> {
    vec![document(FilePurpose::PassportCopy, None), document(FilePurpose::Certificate, Some("2025-06-01"))]
}
pub(super) fn form() -> ApplicationForm {
    ApplicationForm { documents: documents(), ..examples::of() }
}
pub(super) fn empty_form() -> ApplicationForm {
    ApplicationForm { statement: None, questionnaire: None, documents: vec![], ..form() }
}
pub(super) const TODAY: &str = "2026-02-20";
pub(super) fn submitted(form: &ApplicationForm) -> Result<Submitted, Refused> {
    let draft = value(Draft::add(id(7), form, day(TODAY))?);
    draft.submit(&Submission::default(), &Lives::default(), &edition(), None, day(TODAY)).map(value)
}
pub(super) fn draft(form: &ApplicationForm) -> Draft {
    value(Draft::add(id(7), form, day(TODAY)).unwrap())
}
fn edition() -> EditionForm {
    EditionForm { mentor: asked(), review_deadline_days: 10, ..examples::of() }
}
pub(super) fn decision_facts(candidate: CandidateFacts) -> DecisionFacts {
    DecisionFacts { candidate, asked: asked(), decided_by: Some(id(99)), mentor_id: id(8) }
}
fn mentor() -> Mentor {
    let order: Decision = examples::of();
    let decided =
        submitted(&form()).unwrap().decide(&order, &decision_facts(candidate()), day(TODAY)).unwrap();
    value(decided).mentor.unwrap()
}
fn mentor_facts() -> MentorFacts {
    MentorFacts {
        profile: profile(),
        approved_on: day(TODAY),
        removed_on: None,
        documents: documents(),
        trainings: vec![TrainingFacts {
            course: Code::new("mentor-basics"),
            completed_on: day("2026-01-10"),
            valid_until: Some(day("2027-01-10")),
        }],
    }
}

#[test]
fn the_examples_of_the_contract_are_valid() {
    assert_eq!(examples::of::<ApplicationForm>().validate(), Ok(()));
    assert_eq!(examples::of::<Submission>().validate(), Ok(()));
    assert_eq!(examples::of::<Decision>().validate(), Ok(()));
    assert_eq!(examples::of::<Withdrawal>().validate(), Ok(()));
    assert_eq!(examples::of::<MentorForm>().validate(), Ok(()));
    assert_eq!(examples::of::<Removal>().validate(), Ok(()));
    assert_eq!(examples::of::<TrainingCourseForm>().validate(), Ok(()));
    assert_eq!(examples::of::<TrainingForm>().validate(), Ok(()));
}

#[test]
fn an_empty_draft_is_kept_but_not_submitted_and_everything_missing_is_told_at_once() {
    assert_eq!(
        codes(submitted(&empty_form())),
        [
            "application.statement_missing",
            "application.questionnaire_missing",
            "mentor.document_missing",
            "mentor.document_missing"
        ]
    );
}

#[test]
fn a_draft_is_edited_but_its_candidate_is_not_replaced() {
    let draft = || draft(&empty_form());
    let (_, records) = draft().edit(&form(), day(TODAY)).unwrap().into_parts();
    assert_eq!(records[0].body["fields"], serde_json::json!(["documents", "questionnaire", "statement"]));
    let other = ApplicationForm { person_id: id(5), ..form() };
    assert_eq!(codes(draft().edit(&other, day(TODAY))), ["field.combination"]);
}

#[test]
fn the_last_day_for_a_decision_is_counted_from_the_submission() {
    let draft = draft(&form());
    let (order, alive) = (Submission::default(), Lives::default());
    let (submitted, records) =
        draft.submit(&order, &alive, &edition(), None, day("2026-02-20")).unwrap().into_parts();
    assert_eq!(submitted.decide_by, Some(day("2026-03-02")));
    assert_eq!(records[0].body, serde_json::json!({"decide_by": "2026-03-02"}));
}

#[test]
fn nothing_is_signed_or_issued_tomorrow() {
    let mut form = form();
    form.statement.as_mut().unwrap().signed_on = day("2026-02-21");
    form.documents[1].issued_on = Some(day("2026-02-21"));
    let refused = Draft::add(id(7), &form, day(TODAY)).unwrap_err();
    let pointers: Vec<_> = refused.reasons().iter().filter_map(|it| it.pointer.as_deref()).collect();
    assert_eq!(pointers, ["/statement/signed_on", "/documents/1/issued_on"]);
}

#[test]
fn screening_tells_all_failed_rules_at_once_each_with_its_paragraph() {
    let nobody = CandidateFacts {
        profile: Profile {
            birth_date: day("2008-02-21"),
            residence: Some(Oktmo::new("25657000")),
            represents: Some(OrganizationKind::Business),
            ..profile()
        },
        is_mentor: true,
        has_other_open_application: true,
        assessment: Assessment::Untold,
    };
    let report = screening(&empty_form(), &nobody, &asked(), day(TODAY));
    assert!(!report.passed);
    let told: Vec<_> = report.findings.iter().map(|it| (it.code, it.rule, it.subject.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("mentor.underage", Some("002 §3.5"), None),
            ("mentor.not_resident", Some("002 §3.5"), None),
            ("mentor.no_ngo", Some("002 §3.5"), None),
            ("application.statement_missing", Some("002 §3.6"), None),
            ("application.questionnaire_missing", Some("002 §3.6"), None),
            ("mentor.document_missing", Some("002 §3.6"), Some("passport_copy")),
            ("mentor.document_missing", Some("002 §3.6"), Some("certificate")),
            ("application.already_mentor", None, None),
            ("application.open_elsewhere", None, None),
        ]
    );
    assert!(screening(&form(), &candidate(), &asked(), day(TODAY)).passed);
}

#[test]
fn one_is_adult_on_the_eighteenth_birthday_itself() {
    let born =
        |text| CandidateFacts { profile: Profile { birth_date: day(text), ..profile() }, ..candidate() };
    assert!(screening(&form(), &born("2008-02-20"), &asked(), day(TODAY)).passed);
    assert!(!screening(&form(), &born("2008-02-21"), &asked(), day(TODAY)).passed);
}

#[test]
fn a_settlement_lies_in_its_district_and_its_region_and_not_the_other_way_round() {
    let within = |home, territory| lives_within(&Oktmo::new(home), &Oktmo::new(territory));
    for home in ["25655439", "25655439101", "25655000", "25000000"] {
        assert!(
            within(home, "25000000") && within(home, "25000000000") && !within(home, "33000000"),
            "{home}"
        );
    }
    assert!(within("25701000001", "25701000") && within("25655439", "25655439101"));
    assert!(!within("25000000", "25655000"));
    assert!(within("25655439", "25655000"));
    assert!(within("25655439101", "25655000"));
    assert!(within("25655000", "25655000"));
    assert!(!within("25655000", "25655439"));
    assert!(!within("25657439", "25655000"));
}

#[test]
fn a_director_cannot_override_a_paragraph() {
    let away = Profile { residence: None, represents: None, ..profile() };
    let facts = decision_facts(CandidateFacts { profile: away, ..candidate() });
    let order: Decision = examples::of();
    let refused = submitted(&form()).unwrap().decide(&order, &facts, day(TODAY));
    assert_eq!(codes(refused), ["mentor.not_resident", "mentor.no_ngo"]);
}

#[test]
fn the_dead_are_neither_submitted_nor_approved_nor_eligible() {
    let died = Profile { has_died: true, ..profile() };
    let facts = decision_facts(CandidateFacts { profile: died.clone(), ..candidate() });
    let order: Decision = examples::of();
    let refused = submitted(&form()).unwrap().decide(&order, &facts, day(TODAY));
    assert_eq!(codes(refused), ["person.dead"]);
    let over = Lives(vec![Life { born_on: day("1980-05-05"), died_on: Some(day("2026-02-19")) }]);
    let refused = draft(&form()).submit(&Submission::default(), &over, &edition(), None, day(TODAY));
    assert_eq!(codes(refused), ["person.dead"]);
    let facts = MentorFacts { profile: died, ..mentor_facts() };
    let found = ineligibility(&facts, &asked(), day(TODAY));
    assert_eq!(found.iter().map(|it| it.rule.code).collect::<Vec<_>>(), ["person.dead"]);
}

#[test]
fn an_application_that_is_open_ends_with_the_life_of_its_candidate() {
    let ended = Application::from(draft(&form())).end_by_death(day(TODAY)).unwrap();
    let (ended, records) = ended.into_parts();
    assert_eq!((ended.withdrawn_on, ended.reason.clone()), (day(TODAY), None));
    assert_eq!(records[0].kind, "application.ended_by_death");
    assert!(Application::from(ended).end_by_death(day(TODAY)).is_none());
}

#[test]
fn nobody_decides_on_himself() {
    let facts = DecisionFacts { decided_by: Some(form().person_id), ..decision_facts(candidate()) };
    let order: Decision = examples::of();
    assert_eq!(codes(submitted(&form()).unwrap().decide(&order, &facts, day(TODAY))), ["application.own"]);
}

#[test]
fn an_approval_makes_a_mentor_who_leads_one_at_a_time() {
    let review = value(submitted(&form()).unwrap().review(day(TODAY)));
    let decided = review.decide(&examples::of(), &decision_facts(candidate()), day(TODAY)).unwrap();
    let (decided, records) = decided.into_parts();
    let kinds: Vec<_> = records.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, ["application.approved", "mentor.added"]);
    assert_eq!(decided.application.state(), ApplicationState::Approved);
    let mentor = decided.mentor.unwrap();
    assert_eq!((mentor.person_id, mentor.form.capacity), (form().person_id, 1));
    assert_eq!(mentor.form.backgrounds, [MentorBackground::NgoSpecialist]);
}

#[test]
fn a_rejection_has_a_reason_and_another_reason_has_words() {
    let reject = |reason, note| Decision { kind: DecisionKind::Reject, reason, note, decree: None };
    let decide = |order: &Decision| {
        submitted(&form()).unwrap().decide(order, &decision_facts(candidate()), day(TODAY)).map(value)
    };
    assert_eq!(codes(decide(&reject(None, None))), ["field.missing"]);
    assert_eq!(codes(decide(&reject(Some(RejectionReason::Other), None))), ["field.missing"]);
    let decided = decide(&reject(Some(RejectionReason::NoNeed), None)).unwrap();
    assert_eq!(decided.application.state(), ApplicationState::Rejected);
    assert!(decided.mentor.is_none());
    let odd = Decision { kind: DecisionKind::Approve, ..reject(Some(RejectionReason::NoNeed), None) };
    assert!(odd.validate().is_err());
}

#[test]
fn what_is_closed_is_not_withdrawn_and_what_is_open_is() {
    let draft = || Application::from(draft(&form()));
    let order = Withdrawal { reason: Some(Note::new("Переезд.")) };
    let withdrawn = value(draft().withdraw(&order, day(TODAY)).unwrap());
    assert_eq!(codes(Application::from(withdrawn).withdraw(&order, day(TODAY))), ["application.closed"]);
    assert_eq!(
        codes(draft().decide(&examples::of(), &decision_facts(candidate()), day(TODAY))),
        ["application.not_submitted"]
    );
    let handed_in = || Application::from(submitted(&form()).unwrap());
    assert_eq!(codes(handed_in().draft()), ["application.not_draft"]);
    assert!(handed_in().withdraw(&order, day(TODAY)).is_ok());
}

#[test]
fn actions_shown_are_those_that_the_state_accepts() {
    use crate::base::action::{Action, Judged, available};
    let shown = |it: Application, is_own, may| {
        let offers = ApplicationOffers { it: &it, is_own, facts: None, today: day(TODAY) };
        let all = available(&offers, 1, Judged::State, |_| may, |_| true);
        all.into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    let all = |it| shown(it, false, true);
    let handed_in = || submitted(&form()).unwrap();
    assert_eq!(all(draft(&form()).into()), [Action::Edit, Action::Submit, Action::Withdraw]);
    let considered = [Action::Assess, Action::Approve, Action::Reject, Action::Withdraw];
    assert_eq!(all(handed_in().into()), [&[Action::Review], &considered[..]].concat());
    assert_eq!(all(value(handed_in().review(day(TODAY))).into()), considered);
    let order: Withdrawal = examples::of();
    assert_eq!(
        all(value(Application::from(draft(&form())).withdraw(&order, day(TODAY)).unwrap()).into()),
        []
    );
    assert_eq!(shown(handed_in().into(), true, true), [Action::Withdraw]);
    assert_eq!(shown(draft(&form()).into(), false, false), []);
}

#[test]
fn eligibility_is_of_a_day() {
    let on = |text| eligibility(&mentor_facts(), &asked(), day(text));
    let codes = |it: Eligibility| it.findings.iter().map(|it| it.code).collect::<Vec<_>>();
    assert!(on(TODAY).eligible);
    assert_eq!(codes(on("2026-02-19")), ["mentor.not_approved"]);
    assert!(on("2026-06-01").eligible, "a certificate of 1 June 2025 counts for twelve months");
    assert_eq!(codes(on("2026-06-02")), ["mentor.document_expired"]);
    assert_eq!(codes(on("2027-01-11")), ["mentor.document_expired", "mentor.training_expired"]);
    let untrained = MentorFacts { trainings: vec![], removed_on: Some(day("2026-03-01")), ..mentor_facts() };
    assert_eq!(
        codes(eligibility(&untrained, &asked(), day("2026-03-01"))),
        ["mentor.removed", "mentor.training_missing"]
    );
}

#[test]
fn one_valid_copy_is_enough_and_an_undated_one_is_not_valid() {
    let mut facts = mentor_facts();
    facts.documents[1].issued_on = None;
    let told = |facts: &MentorFacts| eligibility(facts, &asked(), day(TODAY)).findings;
    assert_eq!(told(&facts)[0].code, "mentor.document_undated");
    facts.documents.push(document(FilePurpose::Certificate, Some("2026-01-01")));
    assert_eq!(told(&facts), []);
    facts.documents[2].valid_until = Some(day("2026-02-19"));
    assert_eq!(told(&facts)[0].code, "mentor.document_expired");
}

#[test]
fn a_mentor_is_edited_until_removed_and_removed_by_a_director_alone() {
    let form = MentorForm { capacity: 3, ..mentor().form };
    let (edited, records) = mentor().edit(&form, day(TODAY)).unwrap().into_parts();
    assert_eq!((edited.form.capacity, &records[0].body["fields"]), (3, &serde_json::json!(["capacity"])));
    let order: Removal = examples::of();
    assert_eq!(codes(mentor().remove(id(9), &order, false, day("2026-05-12"))), ["mentor.director_only"]);
    assert_eq!(
        codes(mentor().remove(id(9), &order, true, day("2026-05-11"))),
        ["mentor.date_in_future", "decree.in_future"]
    );
    let removed = value(mentor().remove(id(9), &order, true, day("2026-05-12")).unwrap()).mentor;
    assert_eq!(codes(removed.clone().edit(&form, day("2026-05-13"))), ["mentor.removed"]);
    assert_eq!(codes(removed.remove(id(10), &order, true, day("2026-05-13"))), ["mentor.removed"]);
}

#[test]
fn training_counts_for_the_calendar_months_of_its_course() {
    let form: TrainingCourseForm = examples::of();
    let course = value(Course::add(id(3), None, form.clone()).unwrap());
    let training: TrainingForm = examples::of();
    let record = |today| Training::record(id(4), &mentor(), &course, &training, day(today)).map(value);
    assert_eq!(record(TODAY).unwrap().valid_until, Some(day("2029-02-20")));
    assert_eq!(codes(record("2026-02-19")), ["mentor.date_in_future"]);
    let endless =
        TrainingCourseForm { valid_months: None, name: Title::new("Вебинар"), ..form.clone() };
    assert!(course.clone().edit(endless).is_ok());
    let renamed = TrainingCourseForm { code: Code::new("other"), ..form };
    assert_eq!(codes(course.edit(renamed)), ["course.code_fixed"]);
}

#[test]
fn every_label_fits_the_catalogue() {
    fn fits<W: Word>() -> bool {
        W::ALL.iter().all(|it| it.ru().chars().count() <= 300 && it.code().len() <= 64)
    }
    assert!(fits::<MentorBackground>() && fits::<RejectionReason>() && fits::<ApplicationState>());
}

proptest! {
    #[test]
    fn whoever_is_eligible_on_two_days_of_the_same_facts_is_eligible_between_them(
        a in 0i64..900, b in 0i64..900, c in 0i64..900,
    ) {
        let mut days = [a, b, c];
        days.sort_unstable();
        let eligible = |it: i64| eligibility(&mentor_facts(), &asked(), day("2025-06-01") + chrono::TimeDelta::days(it)).eligible;
        if eligible(days[0]) && eligible(days[2]) {
            prop_assert!(eligible(days[1]));
        }
    }
}
