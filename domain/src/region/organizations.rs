//! Organizations of the partnership and their units.
use crate::base::id::{OrganizationId, UserId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Email, Inn, Name, Note, Ogrn, Oktmo, OrderNumber, Phone, Title};
use crate::base::word::words;
use shape::{entry, form};
use validator::Validate;

rules! {
    OWN_PARENT = "organization.own_parent", Content, ours, "Организация не может входить в саму себя.", "An organization cannot be a branch of itself.";
    INN_TAKEN = "organization.inn_taken", State, ours, "Организация с таким ИНН уже есть.", "There is an organization with this ИНН already.";
    OGRN_TAKEN = "organization.ogrn_taken", State, ours, "Организация с таким ОГРН уже есть.", "There is an organization with this ОГРН already.";
    MARK_NEEDS_NGO = "organization.mark_needs_ngo", Content, "002 §3.5", "Номер в реестре СО НКО бывает только у НКО.", "Only an НКО has a number in the register of НКО.";
}

words! {
    /// The kind of an organization in the partnership.
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

    /// An area on which an organization works.
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

/// The ways to reach an organization, a unit or a person.
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
#[entry(Organization: OrganizationId, at "organizations", named "organization" "organizations", tag "organizations", read ReadOrganizations, edit ManageOrganizations, by name, itself, judged)]
#[schema(example = json!({"kind": "social_service_agency", "name": "ОГБУ «УСЗСОН по Эхирит-Булагатскому району»", "territory": "25655000", "inn": "7707083893", "focus_areas": ["family_support"], "contacts": {"phones": ["+73954131522"]}}))]
pub struct OrganizationForm {
    /// The kind of organization in the partnership.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: OrganizationKind,
    /// Full name.
    pub name: Title,
    /// The organization that this one is a branch of.
    #[filter = "Only branches of this organization."]
    pub parent_id: Option<OrganizationId>,
    /// The territory where it works.
    #[beginning("Only where the territory's code begins so.", 2..=11, "25655")]
    pub territory: Oktmo,
    /// ИНН.
    #[unique(INN_TAKEN)]
    pub inn: Option<Inn>,
    /// ОГРН.
    #[unique(OGRN_TAKEN)]
    pub ogrn: Option<Ogrn>,
    /// Number in the register of socially oriented НКО.
    pub ngo_register_number: Option<OrderNumber>,
    /// The areas that it works on.
    #[at_most(20)]
    pub focus_areas: Vec<FocusArea>,
    /// Telephones, e-mail addresses and the postal address.
    #[json]
    #[serde(default)]
    pub contacts: Contacts,
    /// Whether the organization keeps the register of recipients for the region (004 L120). Its staff sees every entry, its heads merge
    /// them.
    #[serde(default)]
    #[schema(default = false)]
    pub keeps_register: bool,
}

impl OrganizationForm {
    fn judge(&self, id: OrganizationId, _: Option<&Self>) -> Vec<Reason> {
        let own_parent = (self.parent_id == Some(id)).then(|| OWN_PARENT.reason().at("/parent_id"));
        let has_mark = self.ngo_register_number.is_some() && self.kind != OrganizationKind::Ngo;
        let needs_ngo = has_mark.then(|| MARK_NEEDS_NGO.reason().at("/ngo_register_number"));
        own_parent.into_iter().chain(needs_ngo).collect()
    }
}

/// A unit (отделение) as it is entered and edited, whole.
#[entry(Unit: UnitId, at "units", named "unit" "units", tag "organizations", read ReadOrganizations, edit EditUnits, under Organization "organizations", annul)]
#[schema(example = json!({"name": "Отделение помощи семье и детям", "head_name": "Петрова"}))]
pub struct UnitForm {
    /// Name.
    pub name: Title,
    /// The account of its head.
    pub head_user_id: Option<UserId>,
    /// The head by name, where there is no account.
    pub head_name: Option<Name>,
    /// The work of the unit.
    pub description: Option<Note>,
}
