use super::enrolments::*;
use super::*;
use crate::base::action::{Action, Offers};
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn today() -> NaiveDate {
    day("2026-03-02")
}
fn told<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<(String, &'static str)> {
    let tell = |it: &Reason| (it.pointer.clone().unwrap_or_default(), it.rule.code);
    it.unwrap_err().reasons().iter().map(tell).collect()
}
fn regional() -> LivingProgramme {
    LivingProgramme::issue(id(1), &shipped(), None, None).unwrap().into_parts().0
}
fn adapted(form: &LivingProgrammeForm) -> Result<LivingProgramme, Refused> {
    LivingProgramme::issue(id(2), form, None, Some(&regional())).map(|it| it.into_parts().0)
}
fn facts(programme: &LivingProgramme) -> EnrolmentFacts<'_> {
    EnrolmentFacts {
        programme: Some(programme),
        is_current: true,
        born_on: Some(day("2009-05-01")),
        is_enrolled: false,
        removed_on: None,
    }
}
fn enrolled(facts: &EnrolmentFacts<'_>) -> Result<LivingEnrolment, Refused> {
    LivingEnrolment::begin(id(3), id(4), &crate::examples::of(), facts, today()).map(|it| it.into_parts().0)
}
fn result(code: &str, state: ModuleState) -> ModuleResultOrder {
    let order: ModuleResultOrder = crate::examples::of();
    ModuleResultOrder { module_code: Code::new(code), state, hours: Some(24), ..order }
}
fn recorded(it: LivingEnrolment, programme: &LivingProgramme, order: &ModuleResultOrder) -> LivingEnrolment {
    it.running(programme).unwrap().record(order, Some(day("2009-05-01")), today()).unwrap().into_parts().0
}

#[test]
fn an_organization_adds_modules_and_hours_and_takes_none_away() {
    let own = adapted(&crate::examples::of()).unwrap();
    assert_eq!((own.regional_id, own.modules.len()), (Some(id(1)), shipped().modules.len() + 1));
    assert_eq!(own.module(&Code::new("money")).unwrap().hours, 24);
    let garden = own.module(&Code::new("garden")).unwrap();
    assert!(garden.is_local && !garden.mandatory);
    assert_eq!(
        told(LivingProgramme::issue(id(2), &crate::examples::of(), None, None)),
        [("/effective_from".to_owned(), "living_programme.no_regional")]
    );
}

#[test]
fn everything_wrong_with_an_adaptation_is_told_at_once() {
    let mut form: LivingProgrammeForm = crate::examples::of();
    form.modules[0].mandatory = true;
    form.modules.push(LivingModule { code: Code::new("money"), mandatory: false, ..form.modules[0].clone() });
    form.modules.push(form.modules[1].clone());
    let hours = |code: &str, hours| ModuleHours { module_code: Code::new(code), hours };
    form.hours = vec![hours("law", 15), hours("law", 16), hours("garden", 12)];
    assert_eq!(
        told(adapted(&form)),
        [
            ("/modules/0/mandatory", "living_programme.local_mandatory"),
            ("/modules/1/code", "living_programme.mandatory_code"),
            ("/modules/2/code", "living_programme.mandatory_code"),
            ("/modules/2/code", "living_programme.repeated"),
            ("/hours/0/hours", "living_programme.hours_reduced"),
            ("/hours/1/module_code", "living_programme.repeated"),
            ("/hours/2/module_code", "living_programme.unknown_module"),
        ]
        .map(|(at, code)| (at.to_owned(), code))
    );
}

#[test]
fn a_person_of_age_is_enrolled_once_into_the_edition_in_force() {
    let programme = regional();
    let it = enrolled(&facts(&programme)).unwrap();
    assert_eq!(it.progress(&programme), LivingProgress { mandatory: 8, done: 0 });
    let wrong = EnrolmentFacts {
        is_current: false,
        born_on: Some(day("2012-03-03")),
        is_enrolled: true,
        removed_on: Some(today()),
        ..facts(&programme)
    };
    let expected = [
        ("", "register.not_active"),
        ("", "living_enrolment.already"),
        ("/programme_id", "living_enrolment.programme"),
        ("/starts_on", "living_enrolment.age"),
    ];
    assert_eq!(told(enrolled(&wrong)), expected.map(|(at, code)| (at.to_owned(), code)));
    let later = EnrolmentFacts { removed_on: today().succ_opt(), ..facts(&programme) };
    assert!(enrolled(&later).is_ok(), "what began before the removal is still entered");
    let family = EnrolmentFacts { born_on: None, ..facts(&programme) };
    assert_eq!(told(enrolled(&family)), [("/starts_on".to_owned(), "living_enrolment.age")]);
}

#[test]
fn a_module_is_passed_by_its_hours_credited_with_words_and_waived_by_a_consilium_alone() {
    let programme = regional();
    let it = enrolled(&facts(&programme)).unwrap();
    let refused = |order: &ModuleResultOrder, born| {
        told(it.clone().running(&programme).unwrap().record(order, Some(day(born)), today()))
    };
    let short = ModuleResultOrder { hours: Some(15), ..result("law", ModuleState::Passed) };
    assert_eq!(refused(&short, "2009-05-01"), [("/hours".to_owned(), "living_module.hours_short")]);
    let silent = ModuleResultOrder { result: None, ..result("law", ModuleState::Credited) };
    assert_eq!(refused(&silent, "2009-05-01"), [("/result".to_owned(), "field.missing")]);
    let waived = result("nothing", ModuleState::Waived);
    let expected = [("/state", "living_module.not_waivable"), ("/module_code", "living_module.unknown")];
    assert_eq!(refused(&waived, "2009-05-01"), expected.map(|(at, code)| (at.to_owned(), code)));
    let young = result("housing", ModuleState::InProgress);
    assert_eq!(refused(&young, "2011-05-01"), [("/module_code".to_owned(), "living_enrolment.age")]);
}

#[test]
fn a_programme_is_completed_when_nothing_mandatory_is_open() {
    let programme = regional();
    let mut it = enrolled(&facts(&programme)).unwrap();
    let order = LivingEnrolmentCompletion { completed_on: today() };
    let open = told(it.clone().running(&programme).unwrap().complete(&order, today()));
    assert_eq!(open, [(String::new(), "living_enrolment.modules_open")]);
    for code in ["household", "money", "housing", "health", "study-work", "law"] {
        it = recorded(it, &programme, &result(code, ModuleState::Passed));
    }
    it = recorded(it, &programme, &result("relations", ModuleState::Credited));
    let waiver = |code: &str| ModuleWaiver {
        module_code: Code::new(code),
        reason: Note::new("Решение консилиума."),
    };
    let taking = it.clone().running(&programme).unwrap();
    let refused = taking.clone().waive(&[waiver("law"), waiver("family-life")], today());
    assert_eq!(told(refused).len(), 2, "a done module and one that is not mandatory are not waived");
    it = taking.waive(&[waiver("self-reliance")], today()).unwrap().into_parts().0;
    assert_eq!(it.progress(&programme), LivingProgress { mandatory: 8, done: 8 });
    let again = it.clone().running(&programme).unwrap();
    let again = again.record(&result("self-reliance", ModuleState::Failed), None, today());
    assert_eq!(told(again), [("/state".to_owned(), "living_module.not_waivable")]);
    let early = LivingEnrolmentCompletion { completed_on: day("2026-03-01") };
    let refused = told(it.clone().running(&programme).unwrap().complete(&early, today()));
    assert_eq!(refused, [("/completed_on".to_owned(), "living_enrolment.day")]);
    let done = it.running(&programme).unwrap().complete(&order, today()).unwrap().into_parts().0;
    assert_eq!(done.state(), EnrolmentState::Completed);
    assert!(LivingEnrolmentOffers { it: &done, programme: &programme }.judge(Action::End).is_none());
    assert!(done.clone().end_by_death(today()).is_none());
    assert_eq!(told(done.running(&programme)), [(String::new(), "living_enrolment.not_running")]);
}

#[test]
fn an_enrolment_ends_with_a_reason() {
    let programme = regional();
    let it = enrolled(&facts(&programme)).unwrap();
    let order =
        LivingEnrolmentEnding { reason: EnrolmentEndReason::Other, ended_on: day("2026-03-03"), note: None };
    let expected = [("/ended_on", "living_enrolment.day"), ("/note", "field.missing")];
    let refused = told(it.clone().running(&programme).unwrap().end(&order, today()));
    assert_eq!(refused, expected.map(|(at, code)| (at.to_owned(), code)));
    let died = it.end_by_death(today()).unwrap().into_parts().0;
    assert_eq!(
        (died.state(), died.end.unwrap().reason),
        (EnrolmentState::Ended, Some(EnrolmentEndReason::Died))
    );
}

#[test]
fn an_adaptation_of_an_earlier_edition_of_the_region_binds_nobody() {
    let (own, old) = (adapted(&crate::examples::of()).unwrap(), regional());
    let new = LivingProgramme { id: id(9), number: 2, ..old.clone() };
    let binding = |own: Option<&LivingProgramme>, regional: Option<&LivingProgramme>| {
        LivingProgramme::binding(own.cloned(), regional.cloned()).map(|it| it.id)
    };
    assert_eq!(binding(Some(&own), Some(&old)), Some(own.id));
    assert_eq!(binding(Some(&own), Some(&new)), Some(new.id));
    assert_eq!([binding(None, Some(&new)), binding(None, None)], [Some(new.id), None]);
}

#[test]
fn what_was_done_in_an_enrolment_that_is_over_stays_done_and_waivers_leave_it_as_it_is() {
    let programme = regional();
    let it = recorded(enrolled(&facts(&programme)).unwrap(), &programme, &result("law", ModuleState::Passed));
    let reason = Note::new("Решение консилиума.");
    let waivers =
        ["law", "money"].map(|code| ModuleWaiver { module_code: Code::new(code), reason: reason.clone() });
    let running = it.clone().waived(&programme, &waivers[1..], today()).unwrap();
    assert_eq!(running.unwrap().into_parts().0.module_state(&Code::new("money")), ModuleState::Waived);
    assert!(it.keeps_edition());
    let over = it.end_by_death(today()).unwrap().into_parts().0;
    assert!(!over.keeps_edition());
    let (open, against) = mandatory_open(&programme, Some(&over), &waivers);
    assert_eq!((open, against.len()), (6, 1), "a module that was passed is not waived");
    assert!(over.waived(&programme, &waivers[1..], today()).unwrap().is_none());
}

proptest! {
    /// By no request of an organization is a module of the region lost, or made shorter, or no longer mandatory.
    #[test]
    fn no_adaptation_takes_anything_from_the_region(
        local in proptest::collection::vec(("[a-z]{2}|money|law", 1..50_i32, any::<bool>()), 0..5),
        hours in proptest::collection::vec((0..9_usize, 1..50_i32), 0..5),
    ) {
        let (above, mut form) = (regional(), crate::examples::of::<LivingProgrammeForm>());
        let one = form.modules[0].clone();
        form.modules = local
            .into_iter()
            .map(|(code, min_hours, mandatory)| LivingModule { code: Code::new(&code), min_hours, mandatory, ..one.clone() })
            .collect();
        form.hours = hours
            .into_iter()
            .map(|(n, hours)| ModuleHours { module_code: above.modules[n].code.clone(), hours })
            .collect();
        if let Ok(own) = adapted(&form) {
            for it in &above.modules {
                let kept = own.module(&it.code).unwrap();
                prop_assert_eq!((kept.mandatory, kept.is_local), (it.mandatory, false));
                prop_assert!(kept.hours >= it.hours);
            }
            prop_assert!(own.modules.iter().filter(|it| it.is_local).all(|it| !it.mandatory));
        }
    }
}
