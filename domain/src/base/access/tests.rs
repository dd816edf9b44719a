use super::*;

fn caller(role: Role) -> Caller {
    let grants = vec![Grant { role, organization_id: None, program_id: None, territory: None }];
    Caller {
        user: uuid::Uuid::nil().into(),
        grants,
        person: None,
        mentor: None,
        beneficiaries: vec![],
        only: None,
        narrowing: Narrowing::default(),
        granted: vec![],
    }
}

#[test]
fn only_a_director_decides_applications() {
    assert_eq!(Right::DecideApplications.roles(), [Role::Director]);
}

#[test]
fn only_who_proposes_mentorships_runs_a_round_which_proposes_many() {
    assert_eq!(Right::RunMatching.roles(), Right::ProposeMentorship.roles());
    assert!(!Right::RunMatching.roles().contains(&Role::RegionAdmin));
}

#[test]
fn an_analyst_sees_nobody() {
    for right in [Right::ReadPeople, Right::ReadBeneficiaries, Right::ReadMentorships, Right::ReadFiles] {
        assert!(!caller(Role::Analyst).may(right), "{right:?}");
    }
}

#[test]
fn a_key_can_do_only_what_it_names() {
    let key = Caller { only: Some(vec![Right::ReadPeople]), ..caller(Role::Integration) };
    assert!(key.may(Right::ReadPeople));
    assert!(!key.may(Right::ReadCases));
}

#[test]
fn a_granted_card_is_read_and_nothing_else() {
    let person: PersonId = uuid::Uuid::nil().into();
    let granted = Caller { granted: vec![person], ..caller(Role::Director) };
    let grants = vec![Grant { organization_id: Some(uuid::Uuid::nil().into()), ..granted.grants[0].clone() }];
    let director = Caller { grants, ..granted };
    for right in Right::ALL {
        let expected = if *right == Right::ReadPeople { vec![person] } else { vec![] };
        assert_eq!(director.scope(*right).granted, expected, "{right:?}");
    }
}

#[test]
fn a_narrowed_key_reaches_nothing_else_by_any_right() {
    let narrowing = Narrowing { organizations: vec![uuid::Uuid::nil().into()], ..Narrowing::default() };
    let key = Caller { narrowing: narrowing.clone(), ..caller(Role::Integration) };
    for right in Right::ALL.iter().copied().filter(|it| it.is_for_keys() && key.may(*it)) {
        let scope = key.scope(right);
        let is_of_organizations = matches!(right, Right::ReadOrganizations | Right::ReadPartnership);
        let is_directory = right.is_open() && !is_of_organizations;
        assert_eq!(scope.everything, is_directory, "{right:?}");
        assert_eq!(scope.organizations, narrowing.organizations, "{right:?}");
    }
    assert_eq!(key.organization(), narrowing.organizations.first().copied());
}
