//! Notices and surveys that are overdue: a filter of the list and a part of the agenda, by the moment.
use super::*;

fn overdue(it: &Scene, who: &Account) -> Vec<String> {
    let agenda = it.world.get(who, "/me/agenda").expect(200);
    agenda.body["crises_overdue"].as_array().expect("crises").iter().map(Reply::id_of).collect()
}

#[test]
fn an_overdue_notice_is_in_the_agenda_of_heads_directors_and_guardianship_until_it_is_sent() {
    let mut it = scene();
    let (near, far) = (it.officer("near", "25655000"), it.officer("far", "33701000"));
    let crisis = it.report(&it.specialist, json!({"kind": "neglect"}));
    let calm = it.report(&it.specialist, json!({}));
    it.pass(24 * 60);
    assert!(overdue(&it, &it.head).is_empty(), "the last minute is in time");
    it.pass(1);
    let (near, far) = (it.world.again(&near), it.world.again(&far));
    for who in [&it.head, &it.director, &near, &it.world.admin()] {
        assert_eq!(overdue(&it, who), [crisis.as_str()]);
        assert_eq!(it.listed(who, "?notice_overdue=true"), [crisis.as_str()]);
    }
    assert!(overdue(&it, &it.specialist).is_empty() && overdue(&it, &far).is_empty());
    assert!(it.listed(&far, "?notice_overdue=true").is_empty());
    assert!(it.listed(&it.mentee, "?notice_overdue=false").is_empty(), "a reporter is not told");
    assert_eq!(it.listed(&it.head, "?notice_overdue=false"), [calm.as_str()]);
    it.world.get(&it.head, "/crises?notice_overdue=perhaps").expect(400);
    it.tell(&it.specialist, &crisis, "guardianship").expect(200);
    assert!(overdue(&it, &it.head).is_empty() && it.listed(&it.head, "?notice_overdue=true").is_empty());
}

#[test]
fn an_overdue_survey_stays_after_the_end_until_guardianship_has_made_it() {
    let mut it = scene();
    let near = it.officer("near", "25655000");
    let crisis = it.report(&it.specialist, json!({"kind": "neglect"}));
    it.listen(&it.specialist, &crisis).expect(200);
    it.tell(&it.specialist, &crisis, "guardianship").expect(200);
    it.resolve(&it.specialist, &crisis, "safe").expect(200);
    it.pass(3 * 24 * 60);
    let near = it.world.again(&near);
    assert!(overdue(&it, &near).is_empty());
    it.pass(24 * 60);
    let near = it.world.again(&near);
    for who in [&near, &it.head] {
        assert_eq!(overdue(&it, who), [crisis.as_str()]);
        assert_eq!(it.listed(who, "?survey_overdue=true"), [crisis.as_str()]);
        assert!(it.listed(who, "?survey_overdue=false").is_empty());
    }
    let survey = json!({"surveyed_on": it.world.day(0), "result": "Условия-Х."});
    it.step(&near, &crisis, "survey", survey).expect(200);
    assert!(overdue(&it, &near).is_empty());
}

#[test]
fn guardianship_reads_the_crises_of_a_child_who_moves_and_no_others() {
    let it = scene();
    let (near, far) = (it.officer("near", "25655000"), it.officer("far", "33701000"));
    let crisis = it.report(&it.mentee, json!({}));
    assert_eq!((it.listed(&near, ""), it.listed(&far, "")), (vec![crisis.clone()], vec![]));
    let path = format!("/beneficiaries/{}", it.beneficiary);
    it.world.edit(&it.director, &path, json!({"territory": "33701000"})).expect(200);
    assert_eq!((it.listed(&near, ""), it.listed(&far, "")), (vec![], vec![crisis.clone()]));
    it.seen(&near, &crisis).expect(404);
    it.seen(&far, &crisis).expect(200);
}

#[test]
fn no_notice_is_overdue_any_more_once_she_has_come_of_age() {
    let mut it = scene();
    let near = it.officer("near", "25655000");
    let crisis = it.report(&it.specialist, json!({"kind": "neglect"}));
    let survey = json!({"surveyed_on": it.world.day(0), "result": "Условия-Х."});
    it.step(&near, &crisis, "survey", survey).expect(200);
    it.pass(24 * 60 + 1);
    assert_eq!(overdue(&it, &it.head), [crisis.as_str()]);
    it.world.advance_days(366 * 3);
    it.pass(0);
    assert_eq!(it.seen(&it.head, &crisis).expect(200).body["notices_due"], json!([]));
    assert!(overdue(&it, &it.head).is_empty());
    assert!(it.listed(&it.head, "?notice_overdue=true").is_empty());
    assert_eq!(it.listed(&it.head, "?notice_overdue=false"), [crisis.as_str()]);
}

#[test]
fn a_notice_about_a_family_is_overdue_while_it_has_a_child() {
    let mut it = scene();
    let child = it.world.person(&it.director, json!({"given_name": "Миша", "birth_date": "2018-03-01"}));
    let family = it.world.family(&it.director, &[&child]);
    let family = it.world.family_beneficiary(&it.director, &it.organization, &family);
    let crisis = it.report(&it.director, json!({"beneficiary_id": family, "kind": "neglect"}));
    it.pass(24 * 60 + 1);
    assert_eq!(it.listed(&it.director, "?notice_overdue=true"), [crisis.as_str()]);
    assert_eq!(overdue(&it, &it.director), [crisis.as_str()]);
}
