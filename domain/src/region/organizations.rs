//! Organizations of the partnership and their units.
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{OrganizationId, UnitId, UserId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::{Email, Inn, Name, Note, Ogrn, Oktmo, OrderNumber, Phone, Title};
use crate::base::word::words;
use shape::form;
use validator::Validate;

rules! {
    OWN_PARENT = "organization.own_parent", Content, ours, "Организация не может входить в саму себя.", "An organization cannot be a branch of itself.";
    INN_TAKEN = "organization.inn_taken", State, ours, "Организация с таким ИНН уже есть.", "There is an organization with this ИНН already.";
    OGRN_TAKEN = "organization.ogrn_taken", State, ours, "Организация с таким ОГРН уже есть.", "There is an organization with this ОГРН already.";
    MARK_NEEDS_NGO = "organization.mark_needs_ngo", Content, "002 §3.5", "Номер в реестре СО НКО бывает только у НКО.", "Only an НКО has a number in the register of НКО.";
}

words! {
    /// What an organization is in the partnership.
    OrganizationKind in "organization-kinds" {
        ExecutiveAuthority = "executive_authority", "орган исполнительной власти", "executive authority";
        GuardianshipAuthority = "guardianship_authority", "орган опеки и попечительства", "guardianship authority";
        SocialServiceAgency = "social_service_agency", "учреждение социального обслуживания (УСЗСОН, КЦСОН)", "social-service agency";
        ResidentialCare = "residential_care", "организация для детей-сирот", "residential care";
        AftercareService = "aftercare_service", "служба сопровождения выпускников", "aftercare service";
        AftercareCentre = "aftercare_centre", "центр поддержки выпускников", "aftercare centre";
        VocationalSchool = "vocational_school", "профессиональная образовательная организация", "vocational school";
        FamilyPlacementCentre = "family_placement_centre", "ЦМПСС", "family-placement centre";
        Ngo = "ngo", "социально ориентированная НКО", "НКО";
        VolunteerBody = "volunteer_body", "добровольческое объединение", "volunteer body";
        Business = "business", "предприятие", "business";
        University = "university", "вуз", "university";
        Police = "police", "орган внутренних дел", "police";
        Other = "other", "иная организация", "other";
    }

    /// What an organization works on.
    FocusArea in "focus-areas" {
        Mentoring = "mentoring", "наставничество", "mentoring";
        Volunteering = "volunteering", "добровольчество", "volunteering";
        CommunityActivation = "community_activation", "активизация сообщества", "community activation";
        SocialPartnership = "social_partnership", "социальное партнёрство", "social partnership";
        Aftercare = "aftercare", "постинтернатное сопровождение", "aftercare";
        FamilySupport = "family_support", "поддержка семьи", "family support";
        LegalAid = "legal_aid", "правовая помощь", "legal aid";
        Employment = "employment", "трудоустройство", "employment";
        Housing = "housing", "жильё", "housing";
    }
}

/// How to reach an organization, a unit or a person.
#[form]
#[derive(Default)]
#[schema(example = json!({"phones": ["+73954131522"], "emails": ["dom@example.org"], "address": "п. Усть-Ордынский, ул. Ленина, 8"}))]
pub struct Contacts {
    /// Phones, the main one first.
    #[at_most(5)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// E-mail addresses, the main one first.
    #[at_most(5)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// The postal address, or the place of residence of a person.
    pub address: Option<Title>,
}

/// An organization as it is entered and edited, whole.
#[form]
#[schema(example = json!({"kind": "social_service_agency", "name": "ОГБУ «УСЗСОН по Эхирит-Булагатскому району»", "territory": "25655000", "inn": "7707083893", "focus_areas": ["family_support"], "contacts": {"phones": ["+73954131522"]}}))]
pub struct OrganizationForm {
    /// What it is in the partnership.
    pub kind: OrganizationKind,
    /// Full name.
    pub name: Title,
    /// The organization that this one is a branch of.
    pub parent_id: Option<OrganizationId>,
    /// Where it works.
    pub territory: Oktmo,
    /// ИНН.
    pub inn: Option<Inn>,
    /// ОГРН.
    pub ogrn: Option<Ogrn>,
    /// Number in the register of socially oriented НКО.
    pub ngo_register_number: Option<OrderNumber>,
    /// What it works on.
    #[at_most(20)]
    pub focus_areas: Vec<FocusArea>,
    /// How to reach it.
    #[serde(default)]
    pub contacts: Contacts,
}

/// A unit (отделение) as it is entered and edited, whole.
#[form]
#[schema(example = json!({"name": "Отделение помощи семье и детям", "head_name": "Петрова"}))]
pub struct UnitForm {
    /// Name.
    pub name: Title,
    /// The account of its head.
    pub head_user_id: Option<UserId>,
    /// The head by name, where there is no account.
    pub head_name: Option<Name>,
    /// What it does.
    pub description: Option<Note>,
}

facts! {
    /// An organization entered the partnership.
    OrganizationAdded = "organization.added" about Organization (OrganizationId) {
        /// What it is.
        kind: OrganizationKind,
    }
    /// An organization's form changed.
    OrganizationEdited = "organization.edited" about Organization (OrganizationId) {
        /// The members that differ.
        fields: Vec<String>,
    }
    /// A unit was opened.
    UnitAdded = "unit.added" about Unit (UnitId) {
        /// Its organization.
        organization_id: OrganizationId,
    }
    /// A unit's form changed.
    UnitEdited = "unit.edited" about Unit (UnitId) {
        /// The members that differ.
        fields: Vec<String>,
    }
}

/// An organization as the rules see it.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its form.
    pub form: OrganizationForm,
}

/// A unit as the rules see it.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its form.
    pub form: UnitForm,
}

impl Organization {
    /// Enters an organization.
    pub fn add(id: OrganizationId, form: OrganizationForm) -> Result<Changed<Self>, Refused> {
        judge(id, &form)?;
        let fact = OrganizationAdded { id, kind: form.kind };
        Ok(Changed::new(Self { id, form }, fact))
    }
    /// Replaces the form.
    pub fn edit(self, form: OrganizationForm) -> Result<Changed<Self>, Refused> {
        judge(self.id, &form)?;
        let fact = OrganizationEdited { id: self.id, fields: changed_fields(&self.form, &form) };
        Ok(Changed::new(Self { form, ..self }, fact))
    }
}

fn judge(id: OrganizationId, form: &OrganizationForm) -> Result<(), Refused> {
    let mut reasons = Vec::new();
    if form.parent_id == Some(id) {
        reasons.push(OWN_PARENT.reason().at("/parent_id"));
    }
    if form.ngo_register_number.is_some() && form.kind != OrganizationKind::Ngo {
        reasons.push(MARK_NEEDS_NGO.reason().at("/ngo_register_number"));
    }
    Refused::unless_empty(reasons)
}

impl Unit {
    /// Opens a unit of an organization.
    pub fn add(id: UnitId, organization_id: OrganizationId, form: UnitForm) -> Changed<Self> {
        Changed::new(Self { id, organization_id, form }, UnitAdded { id, organization_id })
    }
    /// Replaces the form.
    pub fn edit(self, form: UnitForm) -> Changed<Self> {
        let fact = UnitEdited { id: self.id, fields: changed_fields(&self.form, &form) };
        Changed::new(Self { form, ..self }, fact)
    }
}
