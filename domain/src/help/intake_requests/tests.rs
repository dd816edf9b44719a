use super::*;
use crate::people::{Life, Lives};
use uuid::Uuid;

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn place(code: &str) -> Oktmo {
    code.to_owned().into()
}
fn waiting(directed_to: Option<OrganizationId>) -> Waiting {
    Waiting { id: id(1), territory: place("25655101001"), directed_to, concerns: Some(id(6)) }
}
fn checking() -> Checking {
    let organization_name = "Центр".to_owned().into();
    Checking {
        id: id(1),
        organization_id: id(7),
        organization_name,
        directed_to: None,
        concerns: Some(id(6)),
    }
}
fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
}

#[test]
fn an_organization_checks_what_its_territory_holds() {
    let check =
        |works_in: &str| waiting(None).check(&IntakeCheck { organization_id: id(7) }, &place(works_in));
    for works_in in ["25000000", "25655000", "25655101", "25655101001"] {
        assert!(check(works_in).is_ok(), "{works_in}");
    }
    for works_in in ["25701000", "25655102", "25655101002", "33000000"] {
        assert_eq!(codes(check(works_in)), ["access.not_yours"], "{works_in}");
    }
}

#[test]
fn a_redirected_request_is_checked_by_its_organization_alone_wherever_that_works() {
    let check = |by: u128, works_in: &str| {
        waiting(Some(id(9))).check(&IntakeCheck { organization_id: id(by) }, &place(works_in))
    };
    assert!(check(9, "33000000").is_ok());
    let accused = waiting(Some(id(6))).check(&IntakeCheck { organization_id: id(6) }, &place("25655000"));
    assert_eq!(codes(accused), ["access.not_yours"], "nobody checks what concerns the own staff");
    assert_eq!(codes(check(7, "25655000")), ["access.not_yours"]);
}

#[test]
fn the_region_directs_a_waiting_request_to_an_organization_that_can_check_it() {
    let direct = |to: u128, is_staffed: bool| {
        let order = IntakeDirection { organization_id: id(to), ..crate::examples::of() };
        waiting(Some(id(9))).direct(&order, is_staffed)
    };
    assert!(direct(8, true).is_ok());
    assert_eq!(codes(direct(9, true)), ["intake.same_organization"]);
    assert_eq!(codes(direct(6, false)), ["intake.concerns_them", "intake.nobody_there"]);
}

fn good_facts() -> DecisionFacts {
    DecisionFacts { is_staffed: true, is_earlier: true, is_own_case: true, is_person: true, is_dead: false }
}
fn receipt(own_pointer: Option<&'static str>, in_need: Lives) -> Receipt {
    Receipt {
        made_by: id(3),
        own_pointer,
        concerned_user_id: None,
        concerned_person_id: None,
        in_need,
        rules: crate::accompaniment::rules::AccompanimentRulesForm::default(),
        levels: [vec![id(21)], vec![], vec![id(23)], vec![id(24)]],
    }
}

#[test]
fn the_second_organization_learns_who_has_the_request() {
    let refused = Intake::Checking(checking()).waiting().unwrap_err();
    let [reason] = refused.reasons() else { panic!("one reason") };
    assert_eq!(reason.rule.code, "intake.taken");
    assert_eq!(reason.params["organization_name"], "Центр");
    assert_eq!(codes(Intake::Decided.waiting()), ["intake.decided"]);
}

#[test]
fn the_organization_that_checks_decides_and_no_other() {
    assert!(Intake::Checking(checking()).checked_by(|it| it == id(7)).is_ok());
    assert_eq!(codes(Intake::Checking(checking()).checked_by(|_| false)), ["access.not_yours"]);
    assert_eq!(codes(Intake::Waiting(waiting(None)).checked_by(|_| true)), ["intake.not_checked"]);
    let order = IntakeDecision {
        outcome: IntakeState::Redirected,
        organization_id: Some(id(7)),
        duplicate_of_id: Some(id(1)),
        ..crate::examples::of()
    };
    let good = good_facts();
    assert_eq!(codes(checking().decide(&order, good)), ["intake.same_organization", "intake.own_duplicate"]);
    let bad = DecisionFacts { is_staffed: false, is_earlier: false, is_own_case: false, ..good_facts() };
    let order = IntakeDecision { organization_id: Some(id(8)), duplicate_of_id: Some(id(2)), ..order };
    assert_eq!(
        codes(checking().decide(&order, bad)),
        ["intake.not_earlier", "intake.nobody_there", "intake.case_unsuited"]
    );
    let good = good_facts();
    let accused = IntakeDecision { organization_id: Some(id(6)), ..order };
    assert_eq!(codes(checking().decide(&accused, good)), ["intake.concerns_them"]);
}

#[test]
fn a_request_is_neither_made_for_the_dead_nor_accepted_for_them() {
    let order = IntakeDecision {
        outcome: IntakeState::Accepted,
        beneficiary_id: Some(id(9)),
        ..crate::examples::of()
    };
    let facts = DecisionFacts { is_dead: true, ..good_facts() };
    assert_eq!(codes(checking().decide(&order, facts)), ["person.dead"]);
    let life = |died_on| Lives(vec![Life { born_on: "2012-01-01".parse().unwrap(), died_on }]);
    let form = IntakeRequestForm { person_id: Some(id(8)), described: None, ..crate::examples::of() };
    let (day, now) = ("2026-03-02".parse().unwrap(), crate::base::moment::Moment::from_micros(0).unwrap());
    let receive = |in_need| Received::receive(id(1), &form, receipt(None, in_need), (day, now));
    assert!(receive(life(None)).is_ok());
    let refused = receive(life(Some(day))).unwrap_err();
    let told: Vec<_> = refused.reasons().iter().map(|it| (it.rule.code, it.pointer.as_deref())).collect();
    assert_eq!(told, [("person.dead", Some("/person_id"))]);
}

#[test]
fn danger_to_a_child_calls_level_by_level_and_each_level_is_told_once() {
    let form = IntakeRequestForm { danger_to_child: true, ..crate::examples::of() };
    let now = crate::base::moment::Moment::from_micros(0).unwrap();
    let day = "2026-03-02".parse().unwrap();
    let receive = |form: &IntakeRequestForm, own| {
        Received::receive(id(1), form, receipt(own, Lives::default()), (day, now))
    };
    assert_eq!(codes(receive(&form, Some("/concerned_user_id"))), ["intake.concerns_author"]);
    let calm = IntakeRequestForm { danger_to_child: false, ..form.clone() };
    assert!(receive(&calm, None).unwrap().into_parts().0.calling.is_none());
    let (minutes, chain) = receive(&form, None).unwrap().into_parts().0.calling.unwrap();
    // The urgency of the example is a week: thirty minutes for each level. The level without anybody is left out.
    assert_eq!((minutes, chain.level_at(now)), (30, 1));
    let later = now.plus(chrono::TimeDelta::minutes(61));
    let (level, records) = escalate(id(1), 1, &chain, later).unwrap().into_parts();
    assert_eq!((level, records.len()), (4, 2));
    assert!(escalate(id(1), 4, &chain, later).is_none());
}
