//! Beneficiaries (получатели социальных услуг) and their representatives.
use super::{BENEFICIARY_ENGAGED, BENEFICIARY_FIXED, REPRESENTATIVE_TERM, REPRESENTS_SELF};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{BeneficiaryId, FamilyId, FileId, OrganizationId, PersonId, RepresentativeId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{BOTH, MISSING, Oktmo, Title};
use crate::base::word::words;
use crate::region::programs::Serves;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

words! {
    /// The kind of beneficiary.
    BeneficiaryKind in "beneficiary-kinds" {
        Person = "person", "человек", "a person";
        Family = "family", "семья", "a family";
    }

    /// The category of a beneficiary (001 L26, L28).
    BeneficiaryCategory in "beneficiary-categories" {
        Orphan = "orphan", "ребёнок-сирота", "orphan";
        WithoutParentalCare = "without_parental_care", "ребёнок, оставшийся без попечения родителей", "child without parental care";
        FormerCareAdult = "former_care_adult", "лицо из числа детей-сирот и детей, оставшихся без попечения родителей", "adult who grew up in care";
        HardshipFamily = "hardship_family", "семья в трудной жизненной ситуации", "family in hardship";
        Other = "other", "иная категория", "other";
    }

    /// The place from which a beneficiary came to the program (001 L16).
    Origin in "origins" {
        ChildrensHome = "childrens_home", "детский дом", "children's home";
        BoardingSchool = "boarding_school", "школа-интернат", "boarding school";
        FosterFamily = "foster_family", "замещающая семья", "foster family";
        BirthFamily = "birth_family", "кровная семья", "birth family";
        Other = "other", "иное", "other";
    }

    /// The legal ground on which a representative acts for a beneficiary.
    RepresentativeBasis in "representative-bases" {
        Parent = "parent", "родитель", "parent";
        AdoptiveParent = "adoptive_parent", "усыновитель", "adoptive parent";
        Guardian = "guardian", "опекун", "guardian";
        Trustee = "trustee", "попечитель", "trustee";
        FosterParent = "foster_parent", "приёмный родитель", "foster parent";
        InstitutionHead = "institution_head", "руководитель организации для детей-сирот", "head of an institution";
        GuardianshipAuthority = "guardianship_authority", "орган опеки и попечительства", "guardianship authority";
        Court = "court", "решение суда", "decision of a court";
        Other = "other", "иное", "other";
    }
}

impl BeneficiaryKind {
    /// Whether a program for this audience serves a beneficiary of this kind.
    pub fn is_served_by(self, serves: Serves) -> bool {
        self.served_by() == serves
    }
    /// The audience of the programs that serve it.
    pub fn served_by(self) -> Serves {
        match self {
            Self::Person => Serves::Person,
            Self::Family => Serves::Family,
        }
    }
}

/// The data of a beneficiary. An edit replaces all members, but cannot change the kind, the person or the family.
#[form]
#[schema(example = json!({"kind": "person", "person_id": "01980000-0000-7000-8000-000000000005", "category": "without_parental_care", "origin": "boarding_school", "organization_id": "01980000-0000-7000-8000-000000000001", "territory": "25655000"}))]
pub struct BeneficiaryForm {
    /// A person or a family.
    pub kind: BeneficiaryKind,
    /// The person. Required for the kind `person`, forbidden for `family`.
    pub person_id: Option<PersonId>,
    /// The family. Required for the kind `family`, forbidden for `person`.
    pub family_id: Option<FamilyId>,
    /// The category of the beneficiary.
    pub category: BeneficiaryCategory,
    /// The category as text. Required for the category `other`, forbidden for the rest.
    pub category_text: Option<Title>,
    /// The place from which the beneficiary came to the program.
    pub origin: Option<Origin>,
    /// Whether the beneficiary has a disability or limited health (ОВЗ).
    #[serde(default)]
    #[schema(default = false)]
    pub disability: bool,
    /// The organization responsible for the beneficiary.
    pub organization_id: OrganizationId,
    /// The guardianship authority that supervises the beneficiary.
    pub guardianship_authority_id: Option<OrganizationId>,
    /// The ОКТМО code of the place where the beneficiary lives.
    pub territory: Oktmo,
}

impl BeneficiaryForm {
    fn judge(&self) -> Vec<Reason> {
        let person = self.kind == BeneficiaryKind::Person;
        let other = self.category == BeneficiaryCategory::Other;
        [
            exactly_when(person, self.person_id.is_some(), "/person_id"),
            exactly_when(!person, self.family_id.is_some(), "/family_id"),
            exactly_when(other, self.category_text.is_some(), "/category_text"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
    fn moved_from(&self, was: &Self) -> Vec<Reason> {
        let moved = [
            ("/kind", self.kind != was.kind),
            ("/person_id", self.person_id != was.person_id),
            ("/family_id", self.family_id != was.family_id),
        ];
        moved.into_iter().filter(|it| it.1).map(|it| BENEFICIARY_FIXED.reason().at(it.0)).collect()
    }
}

/// A member that is required in one case and forbidden in the other.
fn exactly_when(needed: bool, there: bool, pointer: &str) -> Option<Reason> {
    match (needed, there) {
        (true, false) => Some(MISSING.reason().at(pointer)),
        (false, true) => Some(BOTH.reason().at(pointer)),
        _ => None,
    }
}

/// The authority of a person to act for a beneficiary. An edit replaces all members.
#[form]
#[schema(example = json!({"person_id": "01980000-0000-7000-8000-000000000025", "basis": "guardian", "document": "Распоряжение органа опеки № 54 от 12.03.2021", "valid_from": "2021-03-12", "valid_until": "2026-04-16"}))]
pub struct RepresentativeForm {
    /// The person who acts for the beneficiary.
    pub person_id: PersonId,
    /// The legal ground of the authority.
    pub basis: RepresentativeBasis,
    /// The title of the document that proves the authority.
    pub document: Option<Title>,
    /// The file with a copy of that document.
    pub document_file_id: Option<FileId>,
    /// The first day of the authority.
    pub valid_from: NaiveDate,
    /// The last day of the authority. Absent: the authority has no set end.
    pub valid_until: Option<NaiveDate>,
}

facts! {
    /// A beneficiary was added.
    BeneficiaryAdded = "beneficiary.added",
        "Получатель внесён[: {kind}][, учреждение: {organization_id}]",
        "The beneficiary was added[: {kind}][, institution: {organization_id}]"
        about Beneficiary (BeneficiaryId) {
        /// A person or a family.
        kind: BeneficiaryKind,
        /// The organization responsible.
        organization_id: OrganizationId,
    }
    /// The data of a beneficiary changed.
    BeneficiaryEdited = "beneficiary.edited",
        "Данные получателя изменены[: {fields}]",
        "The data of the beneficiary was edited[: {fields}]"
        about Beneficiary (BeneficiaryId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// The authority of a representative was added.
    RepresentativeAdded = "representative.added",
        "Представитель внесён[: {basis}]",
        "The representative was added[: {basis}]"
        about Representative (RepresentativeId) {
        /// The beneficiary for whom the representative acts.
        beneficiary_id: BeneficiaryId,
        /// The legal ground of the authority.
        basis: RepresentativeBasis,
    }
    /// The authority of a representative changed.
    RepresentativeEdited = "representative.edited",
        "Данные представителя изменены[: {fields}]",
        "The data of the representative was edited[: {fields}]"
        about Representative (RepresentativeId) {
        /// The beneficiary for whom the representative acts.
        beneficiary_id: BeneficiaryId,
        /// The names of the members that changed.
        fields: Vec<String>,
    }
}

/// The work with a beneficiary that has not ended at the institution responsible.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Engagement {
    /// The number of open cases.
    pub cases: i64,
    /// The number of mentorships, also of those that have not begun.
    pub mentorships: i64,
    /// The number of stays in its facilities, also of those that are booked.
    pub stays: i64,
    /// The number of requests for a place that wait there.
    pub place_requests: i64,
    /// The number of open plans that belong to no case.
    pub plans: i64,
}

impl Engagement {
    /// The reason against another institution: the new one would see nothing of that work, and the former one could not go on. It tells
    /// the number of each thing that goes on.
    fn against_a_move(self) -> Option<Reason> {
        let Self { cases, mentorships, stays, place_requests, plans } = self;
        let all = [
            ("cases", cases),
            ("mentorships", mentorships),
            ("stays", stays),
            ("place_requests", place_requests),
            ("plans", plans),
        ];
        let mut going_on = all.into_iter().filter(|it| it.1 > 0).peekable();
        going_on.peek()?;
        let reason = BENEFICIARY_ENGAGED.reason().at("/organization_id");
        Some(going_on.fold(reason, |reason, (name, count)| reason.with(name, count)))
    }
}

/// A beneficiary, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Beneficiary {
    /// The id of the beneficiary.
    pub id: BeneficiaryId,
    /// The data of the form.
    pub form: BeneficiaryForm,
}

impl Beneficiary {
    /// Adds a beneficiary.
    pub fn add(id: BeneficiaryId, form: &BeneficiaryForm) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(form.judge())?;
        let fact = BeneficiaryAdded { id, kind: form.kind, organization_id: form.organization_id };
        Ok(Changed::new(Self { id, form: form.clone() }, fact))
    }
    /// Replaces the form. Refuses a change of the kind, the person or the family, and of the institution while work goes on there.
    pub fn edit(self, form: &BeneficiaryForm, engaged: Engagement) -> Result<Changed<Self>, Refused> {
        let mut reasons = form.moved_from(&self.form);
        if reasons.is_empty() {
            reasons = form.judge();
        }
        if form.organization_id != self.form.organization_id {
            reasons.extend(engaged.against_a_move());
        }
        Refused::unless_empty(reasons)?;
        let fact = BeneficiaryEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}

/// The authority of a representative, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Representative {
    /// The id of the representative.
    pub id: RepresentativeId,
    /// The beneficiary for whom the representative acts.
    pub beneficiary_id: BeneficiaryId,
    /// The data of the form.
    pub form: RepresentativeForm,
}

impl Representative {
    /// Adds an authority.
    pub fn add(
        id: RepresentativeId,
        of: &Beneficiary,
        form: &RepresentativeForm,
    ) -> Result<Changed<Self>, Refused> {
        form.judge(of)?;
        let fact = RepresentativeAdded { id, beneficiary_id: of.id, basis: form.basis };
        Ok(Changed::new(Self { id, beneficiary_id: of.id, form: form.clone() }, fact))
    }
    /// Replaces the form. To end an authority, set its last day.
    pub fn edit(self, of: &Beneficiary, form: &RepresentativeForm) -> Result<Changed<Self>, Refused> {
        form.judge(of)?;
        let fields = changed_fields(&self.form, form);
        let fact = RepresentativeEdited { id: self.id, beneficiary_id: self.beneficiary_id, fields };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// Whether the authority is valid on the day. The first and the last day count.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.form.holds_on(day)
    }
}

impl RepresentativeForm {
    /// The first and the last day, each with its pointer.
    pub fn days(&self) -> impl Iterator<Item = (&'static str, NaiveDate)> {
        [("/valid_from", self.valid_from)].into_iter().chain(self.valid_until.map(|it| ("/valid_until", it)))
    }
    /// Whether the authority is valid on the day. The first and the last day count.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|it| day <= it)
    }
    fn judge(&self, of: &Beneficiary) -> Result<(), Refused> {
        let mut reasons = Vec::new();
        if of.form.person_id == Some(self.person_id) {
            reasons.push(REPRESENTS_SELF.reason().at("/person_id"));
        }
        if self.valid_until.is_some_and(|it| it < self.valid_from) {
            reasons.push(REPRESENTATIVE_TERM.reason().at("/valid_until"));
        }
        Refused::unless_empty(reasons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn form() -> BeneficiaryForm {
        crate::examples::of()
    }
    fn told<T>(it: Result<T, Refused>) -> Vec<(String, &'static str)> {
        let Err(refused) = it else { return Vec::new() };
        let tell = |it: &Reason| (it.pointer.clone().unwrap_or_default(), it.rule.code);
        refused.reasons().iter().map(tell).collect()
    }
    fn added(form: &BeneficiaryForm) -> Result<Beneficiary, Refused> {
        Beneficiary::add(uuid::Uuid::nil().into(), form).map(|it| it.into_parts().0)
    }

    #[test]
    fn the_examples_of_the_contract_are_a_beneficiary_and_a_representative() {
        assert_eq!(form().validate(), Ok(()));
        let guardian: RepresentativeForm = crate::examples::of();
        assert_eq!(guardian.validate(), Ok(()));
        let child = added(&form()).unwrap();
        let (guardian, records) =
            Representative::add(uuid::Uuid::nil().into(), &child, &guardian).unwrap().into_parts();
        assert_eq!(records[0].kind, "representative.added");
        assert!(guardian.holds_on("2026-04-16".parse().unwrap()));
        assert!(!guardian.holds_on("2026-04-17".parse().unwrap()));
    }

    #[test]
    fn a_beneficiary_is_either_a_person_or_a_family() {
        let family = BeneficiaryForm { kind: BeneficiaryKind::Family, ..form() };
        assert_eq!(
            told(added(&family)),
            [("/person_id".into(), "field.combination"), ("/family_id".into(), "field.missing")]
        );
    }

    #[test]
    fn another_category_is_told_in_words_and_a_known_one_is_not() {
        let other = BeneficiaryForm { category: BeneficiaryCategory::Other, ..form() };
        assert_eq!(told(added(&other)), [("/category_text".into(), "field.missing")]);
        let told_anyway = BeneficiaryForm { category_text: Some(Title::new("беженец")), ..form() };
        assert_eq!(told(added(&told_anyway)), [("/category_text".into(), "field.combination")]);
        let told_rightly = BeneficiaryForm { category: BeneficiaryCategory::Other, ..told_anyway };
        assert!(added(&told_rightly).is_ok());
    }

    #[test]
    fn an_edit_does_not_put_another_in_the_place_of_a_beneficiary() {
        let swapped = BeneficiaryForm { person_id: Some(uuid::Uuid::nil().into()), ..form() };
        assert_eq!(
            told(added(&form()).unwrap().edit(&swapped, Engagement::default())),
            [("/person_id".into(), "beneficiary.fixed")]
        );
        let marked = BeneficiaryForm { disability: true, ..form() };
        let (_, records) = added(&form()).unwrap().edit(&marked, Engagement::default()).unwrap().into_parts();
        assert_eq!(records[0].body, serde_json::json!({"fields": ["disability"]}));
    }

    #[test]
    fn a_beneficiary_moves_to_another_institution_only_when_nothing_goes_on_at_the_present_one() {
        let moved = BeneficiaryForm { organization_id: uuid::Uuid::from_u128(99).into(), ..form() };
        let free = Engagement::default();
        let engaged = Engagement { mentorships: 1, ..free };
        for engaged in [
            Engagement { cases: 1, ..free },
            engaged,
            Engagement { stays: 1, ..free },
            Engagement { place_requests: 1, ..free },
            Engagement { plans: 1, ..free },
        ] {
            let refused = added(&form()).unwrap().edit(&moved, engaged);
            assert_eq!(told(refused), [("/organization_id".to_owned(), "beneficiary.engaged")]);
        }
        assert!(added(&form()).unwrap().edit(&moved, Engagement::default()).is_ok());
        assert!(added(&form()).unwrap().edit(&form(), engaged).is_ok());
    }

    #[test]
    fn nobody_represents_himself_nor_backwards_in_time() {
        let child = added(&form()).unwrap();
        let guardian = RepresentativeForm {
            person_id: child.form.person_id.unwrap(),
            valid_until: "2021-03-11".parse().ok(),
            ..crate::examples::of()
        };
        assert_eq!(
            told(Representative::add(uuid::Uuid::nil().into(), &child, &guardian)),
            [("/person_id".into(), "representative.self"), ("/valid_until".into(), "representative.term")]
        );
    }

    proptest! {
        #[test]
        fn an_authority_on_record_holds_on_its_first_day(length in -30i64..30) {
            let from: NaiveDate = "2021-03-12".parse().unwrap();
            let until = from + TimeDelta::days(length);
            let guardian = RepresentativeForm { valid_until: Some(until), ..crate::examples::of() };
            if let Ok(it) = Representative::add(uuid::Uuid::nil().into(), &added(&form()).unwrap(), &guardian) {
                prop_assert!(it.value().holds_on(from) && it.value().holds_on(until));
                prop_assert!(!it.value().holds_on(until + TimeDelta::days(1)));
            } else {
                prop_assert!(length < 0);
            }
        }
    }
}
