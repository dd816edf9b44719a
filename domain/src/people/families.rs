//! Families in the register.
use super::{CONTACT_NOT_MEMBER, Life, MEMBER_TWICE, MINOR_MEMBER, NO_MINOR_MEMBER, is_minor};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{FamilyId, PersonId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Title;
use crate::base::word::words;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

words! {
    /// A cause of hardship in a family (причины, объективно нарушающие жизнедеятельность, 002 §1.2).
    HardshipCause in "hardship-causes" {
        LossOfWork = "loss_of_work", "потеря работы", "loss of work";
        LowIncome = "low_income", "малообеспеченность", "low income";
        Disability = "disability", "инвалидность", "disability";
        Illness = "illness", "болезнь", "illness";
        Housing = "housing", "жилищные трудности", "housing";
        SingleParent = "single_parent", "неполная семья", "single parent";
        ManyChildren = "many_children", "многодетность", "many children";
        Conflict = "conflict", "конфликты в семье", "conflict in the family";
        Violence = "violence", "насилие", "violence";
        Addiction = "addiction", "зависимость", "addiction";
        Orphanhood = "orphanhood", "сиротство", "orphanhood";
        Other = "other", "иное", "other";
    }

    /// A risk in a family that specialists watch (002 §2.2.7).
    RiskFlag in "risk-flags" {
        ParentalAddiction = "parental_addiction", "зависимость родителей", "addiction of parents";
        ChildViolenceRisk = "child_violence_risk", "риск насилия над ребёнком", "risk of violence to a child";
        Safety = "safety", "угроза безопасности", "safety";
        Neglect = "neglect", "пренебрежение нуждами ребёнка", "neglect";
        SchoolAbsence = "school_absence", "пропуски занятий", "absence from school";
        SelfHarm = "self_harm", "риск причинения вреда себе", "self-harm";
    }

    /// The role of a person in a family.
    FamilyRole in "family-roles" {
        Mother = "mother", "мать", "mother";
        Father = "father", "отец", "father";
        Child = "child", "ребёнок", "child";
        Grandparent = "grandparent", "бабушка или дедушка", "grandparent";
        Guardian = "guardian", "опекун", "guardian";
        Sibling = "sibling", "брат или сестра", "sibling";
        Other = "other", "иной", "other";
    }
}

impl HardshipCause {
    /// Whether the cause tells of somebody's health.
    pub fn is_of_health(self) -> bool {
        matches!(self, Self::Disability | Self::Illness | Self::Addiction)
    }
}

/// A member of a family.
#[form]
pub struct FamilyMember {
    /// The person.
    pub person_id: PersonId,
    /// The role of the person in the family.
    pub role: FamilyRole,
}

/// The data of a family. An edit replaces all members.
#[form]
#[schema(example = json!({"name": "Семья Морозовых", "has_minor_children": true, "hardship_causes": ["low_income", "many_children"], "risk_flags": ["school_absence"], "members": [{"person_id": "01980000-0000-7000-8000-000000000005", "role": "mother"}], "primary_contact_id": "01980000-0000-7000-8000-000000000005"}))]
pub struct FamilyForm {
    /// The name by which specialists call the family.
    pub name: Title,
    /// Whether the family has children under 18. The members on record tell it, where one of them is or was a child.
    pub has_minor_children: bool,
    /// The causes of hardship. Order and repetitions do not matter: the list is stored sorted, each cause once.
    #[at_most(12)]
    pub hardship_causes: Vec<HardshipCause>,
    /// The risks that specialists watch. Order and repetitions do not matter: the list is stored sorted, each risk once.
    #[at_most(6)]
    pub risk_flags: Vec<RiskFlag>,
    /// The members of the family, each person once.
    #[at_most(30)]
    pub members: Vec<FamilyMember>,
    /// The person to contact first. Must be a member of the family.
    pub primary_contact_id: Option<PersonId>,
}

impl FamilyForm {
    /// `has_minors`: whether a living member is under 18.
    fn tidied(&self, has_minors: bool) -> Result<Self, Refused> {
        let member = |index, it: &FamilyMember| {
            let twice = self.members.iter().take(index).any(|other| other.person_id == it.person_id);
            twice.then(|| MEMBER_TWICE.reason().at(format!("/members/{index}/person_id")))
        };
        let mut reasons: Vec<Reason> =
            self.members.iter().enumerate().filter_map(|(index, it)| member(index, it)).collect();
        let is_member = |id| self.members.iter().any(|it| it.person_id == id);
        if self.primary_contact_id.is_some_and(|it| !is_member(it)) {
            reasons.push(CONTACT_NOT_MEMBER.reason().at("/primary_contact_id"));
        }
        if has_minors && !self.has_minor_children {
            reasons.push(MINOR_MEMBER.reason().at("/has_minor_children"));
        }
        Refused::unless_empty(reasons)?;
        let mut tidy = self.clone();
        tidy.hardship_causes.sort_unstable();
        tidy.hardship_causes.dedup();
        tidy.risk_flags.sort_unstable();
        tidy.risk_flags.dedup();
        Ok(tidy)
    }
    /// The warning of a family that is told to have children under 18, while no member on record is one. A family without members tells
    /// nothing. `has_minors`: whether a living member is under 18.
    pub fn warning(&self, has_minors: bool) -> Option<Reason> {
        let is_odd = self.has_minor_children && !has_minors && !self.members.is_empty();
        is_odd.then(|| NO_MINOR_MEMBER.reason().at("/has_minor_children"))
    }
}

/// Whether a family has children under 18 on a day. A member who lives and is a minor tells it, and so does a child that came of age or
/// died. Else it is as it was entered: a child need not be a member on record.
pub fn has_minor_children(as_entered: bool, members: &[(FamilyRole, Life)], on: NaiveDate) -> bool {
    let has_minors = members.iter().any(|(_, it)| it.died_on.is_none() && is_minor(it.born_on, on));
    let is_child = |(role, it): &(FamilyRole, Life)| {
        *role == FamilyRole::Child || it.died_on.is_some_and(|died_on| is_minor(it.born_on, died_on))
    };
    has_minors || (as_entered && !members.iter().any(is_child))
}

facts! {
    /// A family was added.
    FamilyAdded = "family.added",
        "Семья внесена",
        "The family was added"
        about Family (FamilyId) {}
    /// The data of a family changed.
    FamilyEdited = "family.edited",
        "Данные семьи изменены[: {fields}]",
        "The data of the family was edited[: {fields}]"
        about Family (FamilyId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
}

/// A family, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Family {
    /// The id of the family.
    pub id: FamilyId,
    /// The data of the form.
    pub form: FamilyForm,
}

impl Family {
    /// Adds a family. `has_minors` tells whether a living member is under 18.
    pub fn add(id: FamilyId, form: &FamilyForm, has_minors: bool) -> Result<Changed<Self>, Refused> {
        Ok(Changed::new(Self { id, form: form.tidied(has_minors)? }, FamilyAdded { id }))
    }
    /// Replaces the form.
    pub fn edit(self, form: &FamilyForm, has_minors: bool) -> Result<Changed<Self>, Refused> {
        let form = form.tidied(has_minors)?;
        let fact = FamilyEdited { id: self.id, fields: changed_fields(&self.form, &form) };
        Ok(Changed::new(Self { form, ..self }, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn person(number: u128) -> PersonId {
        uuid::Uuid::from_u128(number).into()
    }
    fn family(members: &[u128], contact: Option<u128>) -> FamilyForm {
        let child = |it: &u128| FamilyMember { person_id: person(*it), role: FamilyRole::Child };
        FamilyForm {
            members: members.iter().map(child).collect(),
            primary_contact_id: contact.map(person),
            ..crate::examples::of()
        }
    }
    fn added(form: &FamilyForm) -> Result<Family, Vec<String>> {
        Family::add(uuid::Uuid::nil().into(), form, false)
            .map(|it| it.into_parts().0)
            .map_err(|it| it.reasons().iter().map(|it| it.pointer.clone().unwrap_or_default()).collect())
    }

    #[test]
    fn the_example_of_the_contract_is_a_family() {
        let form: FamilyForm = crate::examples::of();
        assert_eq!(form.validate(), Ok(()));
        assert!(added(&form).is_ok());
    }

    #[test]
    fn a_member_stands_once_and_the_contact_is_a_member() {
        assert_eq!(
            added(&family(&[1, 2, 1], Some(3))).unwrap_err(),
            ["/members/2/person_id", "/primary_contact_id"]
        );
        assert!(added(&family(&[1, 2], Some(2))).is_ok());
    }

    #[test]
    fn a_family_with_a_child_among_its_members_has_minor_children() {
        let without = FamilyForm { has_minor_children: false, ..family(&[1], None) };
        let add = |form: &FamilyForm, has_minors| Family::add(uuid::Uuid::nil().into(), form, has_minors);
        let refused = add(&without, true).unwrap_err();
        assert_eq!(refused.reasons()[0].rule.code, "family.minor_member");
        assert!(add(&without, false).is_ok());
        assert!(add(&family(&[1], None), false).is_ok(), "a child need not be a member on record");
    }

    #[test]
    fn a_family_keeps_its_minor_children_until_they_come_of_age_or_die() {
        let on: NaiveDate = "2026-03-02".parse().unwrap();
        let member = |role, born_on: &str, died_on: Option<&str>| {
            let born_on = born_on.parse().unwrap();
            let life = Life { born_on, died_on: died_on.map(|it| it.parse().unwrap()) };
            (role, life)
        };
        let mother = member(FamilyRole::Mother, "1980-01-01", None);
        let has = |as_entered, child| has_minor_children(as_entered, &[mother, child], on);
        assert!(has_minor_children(true, &[mother], on), "a child need not be a member on record");
        assert!(has(false, member(FamilyRole::Other, "2012-01-01", None)), "a corrected birth date tells it");
        assert!(has(true, member(FamilyRole::Child, "2008-03-03", None)));
        assert!(!has(true, member(FamilyRole::Child, "2008-03-02", None)), "came of age");
        assert!(!has(true, member(FamilyRole::Child, "2012-01-01", Some("2026-01-01"))));
        assert!(!has(true, member(FamilyRole::Sibling, "2012-01-01", Some("2026-01-01"))));
        assert!(!has_minor_children(false, &[], on) && has_minor_children(true, &[], on));
    }

    #[test]
    fn minor_children_without_a_minor_among_the_members_are_warned_of() {
        let code = |form: &FamilyForm, has_minors| form.warning(has_minors).map(|it| it.rule.code);
        assert_eq!(code(&family(&[1], None), false), Some("family.no_minor_member"));
        assert_eq!((code(&family(&[1], None), true), code(&family(&[], None), false)), (None, None));
        let without = FamilyForm { has_minor_children: false, ..family(&[1], None) };
        assert_eq!(code(&without, false), None);
    }

    #[test]
    fn a_cause_named_twice_is_one_cause() {
        let twice = vec![HardshipCause::Housing, HardshipCause::LowIncome, HardshipCause::Housing];
        let form = FamilyForm { hardship_causes: twice, ..family(&[], None) };
        assert_eq!(
            added(&form).unwrap().form.hardship_causes,
            [HardshipCause::LowIncome, HardshipCause::Housing]
        );
    }

    proptest! {
        #[test]
        fn a_family_is_accepted_exactly_when_its_members_differ(members in proptest::collection::vec(0u128..6, 0..6)) {
            let different = members.iter().collect::<std::collections::HashSet<_>>().len() == members.len();
            prop_assert_eq!(added(&family(&members, None)).is_ok(), different);
        }
    }
}
