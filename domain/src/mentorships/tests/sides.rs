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
