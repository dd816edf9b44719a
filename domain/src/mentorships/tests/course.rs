//! Extensions and pauses.
use super::*;
use crate::base::id::UserId;

fn extendable() -> Situation {
    let edition = EditionForm {
        extendable: true,
        max_extension_months: 12,
        max_extensions: Some(2),
        extension_document_required: true,
        ..together()
    };
    Situation { edition, ..situation() }
}
fn facts(situation: &Situation) -> ExtensionFacts {
    ExtensionFacts {
        edition: situation.edition.clone(),
        extended_times: 0,
        is_removal_open: false,
        consents_missing: vec![],
    }
}
fn extension(ends_on: &str) -> Extension {
    Extension { ends_on: day(ends_on), document_file_id: Some(id(1)), ..examples::of() }
}
fn extend(order: &Extension, facts: &ExtensionFacts, today: &str) -> Result<Extended, Refused> {
    active(&extendable()).extend(id(60), order, facts, day(today)).map(value)
}

#[test]
fn a_term_is_extended_to_the_editions_limit_by_the_calendar() {
    let facts = facts(&extendable());
    let extended = extend(&extension("2028-03-10"), &facts, "2026-12-31").unwrap();
    assert_eq!((extended.from, extended.mentorship.term.ends_on), (day("2026-12-31"), day("2028-03-10")));
    assert_eq!(
        codes(extend(&extension("2028-03-11"), &facts, "2026-12-31")),
        ["mentorship.extension_too_long"]
    );
    assert_eq!(
        codes(extend(&extension("2026-12-31"), &facts, "2026-12-31")),
        ["mentorship.extension_not_later"]
    );
}

#[test]
fn everything_that_stands_against_an_extension_is_told_at_once() {
    let mut facts = facts(&extendable());
    facts.edition.extendable = false;
    facts.extended_times = 2;
    facts.is_removal_open = true;
    let order =
        Extension { document_file_id: None, decree: Some(decree("2027-01-02")), ..extension("2026-12-31") };
    let refused = extend(&order, &facts, "2027-01-01");
    let reasons = refused.clone().unwrap_err();
    assert_eq!(
        codes(refused),
        [
            "mentorship.not_extendable",
            "mentorship.removal_open",
            "mentorship.term_over",
            "mentorship.extended_enough",
            "mentorship.extension_not_later",
            "mentorship.extension_needs_document",
            "decree.in_future",
        ]
    );
    let cited: Vec<_> = reasons.reasons().iter().filter_map(|it| it.rule.rule).collect();
    assert_eq!(cited.iter().filter(|it| **it == "002 §3.9").count(), 5, "{cited:?}");
}

#[test]
fn a_pause_lies_within_the_term_and_not_ahead() {
    let pause = |paused_on: &str, today| {
        let order = Pause { paused_on: day(paused_on), until: None, ..super::pause() };
        active(&situation()).pause(id(70), &order, None, day(today)).map(value)
    };
    assert!(pause("2026-05-12", "2026-05-12").is_ok());
    assert_eq!(codes(pause("2026-05-13", "2026-05-12")), ["mentorship.date"]);
    assert_eq!(codes(pause("2026-03-09", "2026-05-12")), ["mentorship.date"]);
}

#[test]
fn what_is_paused_goes_on_with_its_term_and_without_meetings() {
    let situation = situation();
    let set_aside = paused(&situation);
    assert_eq!(codes(Mentorship::from(set_aside.clone()).active()), ["mentorship.paused"]);
    assert_eq!(codes(Mentorship::from(active(&situation)).paused()), ["mentorship.not_paused"]);
    let on = |resumed_on: &str| Resumption { resumed_on: day(resumed_on) };
    let early = set_aside.clone().resume(&on("2026-05-11"), day("2026-06-10"));
    assert_eq!(codes(early), ["mentorship.date"]);
    let resumed = value(set_aside.resume(&on("2026-06-10"), day("2026-06-10")).unwrap());
    assert_eq!(resumed.mentorship, active(&situation));
}

#[test]
fn a_tutor_is_named_changed_and_left_away_while_the_mentorship_has_not_ended() {
    let situation = situation();
    let (one, other): (UserId, UserId) = (id(80), id(81));
    let assigned = |present: Option<UserId>, named: Option<UserId>| {
        let mut it = active(&situation);
        it.pairing.tutor_user_id = present;
        let order = TutorAssignment { tutor_user_id: named };
        Mentorship::from(it).assign_tutor(&order).map(|it| value(it).tutor_user_id)
    };
    for (present, named) in [(None, Some(one)), (Some(one), Some(other)), (Some(one), None)] {
        assert_eq!(assigned(present, named).unwrap(), named);
    }
    for same in [None, Some(one)] {
        assert_eq!(codes(assigned(same, same)), ["mentorship.same_tutor"]);
    }
    let order = TutorAssignment { tutor_user_id: Some(one) };
    assert!(proposed(&situation).assign_tutor(&order).is_ok(), "before the beginning too");
    let lapsed = value(proposed(&situation).lapse(day("2099-01-01")).unwrap());
    assert_eq!(codes(Mentorship::from(lapsed).assign_tutor(&order)), ["mentorship.ended"]);
}

#[test]
fn a_tutor_of_the_former_organization_stays_behind_and_a_named_one_follows_the_pair() {
    let (present, named) = (id(80), id(81));
    let tutor_after = |named: Option<UserId>, is_left_behind: bool| {
        let mut it = active(&situation());
        it.pairing.tutor_user_id = Some(present);
        let tutor = HandoverTutor { named, is_left_behind };
        value(Mentorship::from(it).hand_over(id(32), tutor).unwrap()).tutor_user_id
    };
    assert_eq!(tutor_after(None, false), Some(present));
    assert_eq!(tutor_after(None, true), None);
    assert_eq!(tutor_after(Some(named), true), Some(named));
    assert_eq!(tutor_after(Some(named), false), Some(named));
}
