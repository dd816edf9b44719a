use super::*;
use crate::base::access::{Caller, Grant, Role, Scope};
use crate::base::id::OrganizationId;
use crate::mentors::Mentor;

fn nobody() -> Caller {
    let (grants, only) = (vec![], None);
    let narrowing = Default::default();
    Caller {
        user: id(900),
        grants,
        person: Some(id(901)),
        mentor: None,
        beneficiaries: vec![],
        only,
        narrowing,
        granted: vec![],
    }
}
fn holding(role: Role, organization: OrganizationId) -> Caller {
    let grant = Grant { role, organization_id: Some(organization), program_id: None, territory: None };
    Caller { grants: vec![grant], ..nobody() }
}
fn pairing() -> Pairing {
    proposed(&situation()).pairing().clone()
}
fn mentor_of(it: &Pairing, approved_by: OrganizationId) -> Mentor {
    Mentor {
        id: it.mentor_id,
        person_id: id(MENTOR),
        organization_id: approved_by,
        application_id: id(80),
        approved_on: day("2026-02-01"),
        form: examples::of(),
        removal: None,
    }
}

#[test]
fn a_side_is_that_side_whatever_else_it_is() {
    let it = pairing();
    let director = holding(Role::Director, it.organization_id);
    let own = Caller { mentor: Some(it.mentor_id), ..director.clone() };
    let child = Caller { beneficiaries: vec![it.beneficiary_id], ..director.clone() };
    assert_eq!(it.side_of(Some(&own)), Some(Party::Mentor));
    assert_eq!(it.side_of(Some(&child)), Some(Party::Recipient));
    assert_eq!(it.side_of(Some(&director)), None);
    assert_eq!(it.side_of(None), None);
    assert_eq!(Eyes::from(it.side_of(Some(&own))), Eyes::Mentor);
    assert_eq!(Eyes::from(it.side_of(Some(&child))), Eyes::Recipient);
    assert_eq!(Eyes::from(it.side_of(Some(&director))), Eyes::Staff);
}

#[test]
fn nobody_decides_for_the_institution_about_themselves() {
    let it = pairing();
    let director = holding(Role::Director, it.organization_id);
    let own = Caller { mentor: Some(it.mentor_id), ..director.clone() };
    assert_eq!(codes(it.must_be_decided_by(Some(&own))), ["access.own"]);
    it.must_be_decided_by(Some(&director)).unwrap();
    it.must_be_decided_by(None).unwrap();
}

#[test]
fn only_a_side_signs_for_itself() {
    let it = pairing();
    let child = Caller { beneficiaries: vec![it.beneficiary_id], ..nobody() };
    assert_eq!(it.signer_of(Some(&child)), Some(id(901)));
    assert_eq!(it.signer_of(Some(&nobody())), None);
    assert_eq!(it.signer_of(None), None);
}

#[test]
fn a_proposal_is_for_the_institution_or_the_program() {
    let (order, organization) = (proposal(), id(30));
    let institution = Scope { organizations: vec![organization], ..Scope::default() };
    let program = Scope { programs: vec![order.program_id], ..Scope::default() };
    let by = |scope: &Scope| order.must_be_made_by(Some(&nobody()), scope, organization);
    by(&institution).unwrap();
    by(&program).unwrap();
    by(&Scope::everything()).unwrap();
    assert_eq!(codes(by(&Scope::default())), ["access.not_yours"]);
    let own = Caller { mentor: Some(order.mentor_id), ..nobody() };
    let refused = order.must_be_made_by(Some(&own), &Scope::everything(), organization);
    assert_eq!(codes(refused), ["access.own"]);
}

#[test]
fn a_mentor_is_removed_by_the_director_of_both_institutions() {
    let it = pairing();
    let director = holding(Role::Director, it.organization_id);
    assert!(it.is_remover(Some(&director), &mentor_of(&it, it.organization_id)));
    assert!(!it.is_remover(Some(&director), &mentor_of(&it, id(31))));
    let own = Caller { mentor: Some(it.mentor_id), ..director };
    assert!(!it.is_remover(Some(&own), &mentor_of(&it, it.organization_id)));
    assert!(!it.is_remover(None, &mentor_of(&it, it.organization_id)));
}

#[test]
fn a_head_is_a_head_in_that_institution_alone() {
    let it = pairing();
    for role in [Role::Director, Role::UnitHead] {
        assert!(it.is_head(Some(&holding(role, it.organization_id))));
        assert!(!it.is_head(Some(&holding(role, id(31)))));
    }
    assert!(!it.is_head(Some(&holding(Role::SupportSpecialist, it.organization_id))));
    assert!(!it.is_head(None));
}

#[test]
fn a_side_reads_no_ground_of_an_end_but_its_own() {
    use crate::base::word::Word;
    use crate::mentorships::{AnsweringParty, Eyes, ReplacementGround, TerminationGround};
    let read = |eyes: Eyes| {
        let terminations =
            TerminationGround::ALL.iter().filter(|it| eyes.read_termination(**it)).map(|it| it.code());
        let replacements =
            ReplacementGround::ALL.iter().filter(|it| eyes.read_replacement(**it)).map(|it| it.code());
        let declines = AnsweringParty::ALL.iter().filter(|it| eyes.read_decline(**it)).map(|it| it.code());
        terminations.chain(replacements).chain(declines).collect::<Vec<_>>()
    };
    assert_eq!(read(Eyes::Recipient), ["consent_withdrawn", "requested_by_recipient", "recipient"]);
    assert_eq!(read(Eyes::Mentor), ["written_refusal", "requested_by_mentor", "mentor"]);
    let all = TerminationGround::ALL.len() + ReplacementGround::ALL.len() + AnsweringParty::ALL.len();
    assert_eq!(read(Eyes::Staff).len(), all);
}

#[test]
fn a_side_reads_the_facts_of_an_end_as_an_end_alone() {
    use crate::mentorships::Eyes;
    let read = |kind: &str, mut body: serde_json::Value| {
        let members = body.as_object_mut().expect("an object");
        let kind = Eyes::Recipient.read_fact(kind.to_owned(), members);
        (kind, members.keys().cloned().collect::<Vec<_>>())
    };
    let ended = Some("mentorship.ended".to_owned());
    for ground in ["removed_by_director", "written_refusal", "recipient_died", "of another version"] {
        let told =
            read("mentorship.terminated", serde_json::json!({"ground": ground, "ended_on": "2026-03-01"}));
        assert_eq!(told, (ended.clone(), vec!["ended_on".to_owned()]), "{ground}");
    }
    assert_eq!(
        read("mentorship.declined", serde_json::json!({"party": "mentor", "reason": "no_time"})),
        (ended, vec![])
    );
    assert_eq!(read("mentorship.agreement_withdrawn", serde_json::json!({"party": "mentor"})).0, None);
    assert_eq!(read("meeting.rated", serde_json::json!({"party": "mentor"})).0, None);
    let own = read("mentorship.declined", serde_json::json!({"party": "recipient", "reason": "too_far"}));
    assert_eq!((own.0.as_deref(), own.1.len()), (Some("mentorship.declined"), 2));
}
