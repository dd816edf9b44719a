//! Organizations of the partnership and their units.
use crate::base::id::{OrganizationId, UnitId, UserId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Email, Inn, Link, Name, Note, Ogrn, Oktmo, OrderNumber, Phone, Title};
use crate::base::word::words;
use crate::region::audiences::Audience;
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    OWN_PARENT = "organization.own_parent", Content, ours, "Организация не может входить в саму себя.", "An organization cannot be a branch of itself.";
    INN_TAKEN = "organization.inn_taken", State, ours, "Организация с таким ИНН уже есть.", "There is an organization with this ИНН already.";
    OGRN_TAKEN = "organization.ogrn_taken", State, ours, "Организация с таким ОГРН уже есть.", "There is an organization with this ОГРН already.";
    OWN_SUCCESSOR = "organization.own_successor", Content, ours, "Организация не может быть своим правопреемником.", "An organization cannot be its own successor.";
    CENTRE_FUNCTIONS = "unit.centre_functions", Content, "004 L146–153", "У ресурсного центра названы его функции.", "A resource centre tells its functions.";
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
        RehabilitationCentre = "rehabilitation_centre", "реабилитационный центр", "rehabilitation centre";
        EmployersUnion = "employers_union", "объединение работодателей", "employers' union";
        TradeUnion = "trade_union", "профсоюз", "trade union";
        SelfGovernmentBody = "self_government_body", "орган территориального общественного самоуправления (КТОС)", "self-government body";
        ResearchInstitute = "research_institute", "научная организация", "research institute";
        Media = "media", "СМИ", "media";
        School = "school", "школа, колледж", "school";
        Other = "other", "иная организация", "other";
    }

    /// The legal form of an organization.
    LegalForm in "legal-forms" {
        StateBody = "state_body", "государственный или муниципальный орган", "state or municipal body";
        StateInstitution = "state_institution", "государственное или муниципальное учреждение", "state or municipal institution";
        AutonomousNgo = "autonomous_ngo", "автономная некоммерческая организация", "autonomous non-profit organization";
        Foundation = "foundation", "фонд", "foundation";
        PublicAssociation = "public_association", "общественное объединение", "public association";
        ReligiousOrganization = "religious_organization", "религиозная организация", "religious organization";
        Association = "association", "ассоциация, союз", "association";
        Company = "company", "хозяйственное общество", "company";
        Other = "other", "иная форма", "other";
    }

    /// The kind of a unit of an organization.
    UnitKind in "unit-kinds" {
        Department = "department", "отделение", "department";
        InformationAnalysis = "information_analysis", "информационно-аналитический отдел", "information and analysis";
        Accompaniment = "accompaniment", "отделение сопровождения", "accompaniment";
        ResourceCentre = "resource_centre", "ресурсный центр", "resource centre";
        UrgentHelp = "urgent_help", "отделение срочной помощи", "urgent help";
        Other = "other", "иное подразделение", "other";
    }

    /// A function of a unit (004 L146–153).
    UnitFunction in "unit-functions" {
        Competence = "competence", "повышение компетенций", "competence";
        Study = "study", "изучение практик", "study";
        Development = "development", "разработка", "development";
        Introduction = "introduction", "внедрение", "introduction";
        Information = "information", "информирование и анализ", "information and analysis";
        Accompaniment = "accompaniment", "сопровождение", "accompaniment";
        UrgentAid = "urgent_aid", "срочная помощь", "urgent aid";
    }

    /// The footing of a unit in the charter of its organization (004 L299–300).
    CharterFooting in "charter-footings" {
        OnBase = "on_base", "на базе учреждения", "on the base of the institution";
        CharterChange = "charter_change", "готовятся изменения в устав", "a change of the charter is prepared";
        InCharter = "in_charter", "закреплено в уставе", "in the charter";
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
#[entry(Organization: OrganizationId, at "organizations", named "organization" "organizations", tag "organizations", read ReadOrganizations, edit ManageOrganizations, by name, until closed_on, itself, judged)]
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
    #[beginning("Only in this territory, by its code or the beginning of one.", 2..=11, "25655")]
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
    /// The audiences for whom it works (000 L17).
    #[at_most(30)]
    pub target_groups: Vec<Audience>,
    /// Whether it is a body of the system of prevention (000 L28).
    #[serde(default)]
    #[schema(default = false)]
    pub prevention_subject: bool,
    /// The legal form. It does not change the kind: a foundation is an НКО.
    pub legal_form: Option<LegalForm>,
    /// The site.
    pub site: Option<Link>,
    /// The last day, where the organization was closed or merged away. It stays readable, and all that is its own stays its own.
    pub closed_on: Option<NaiveDate>,
    /// The organization into which it was merged, or is to be.
    pub successor_id: Option<OrganizationId>,
}

impl OrganizationForm {
    fn judge(&self, id: OrganizationId, _: Option<&Self>) -> Vec<Reason> {
        let own_parent = (self.parent_id == Some(id)).then(|| OWN_PARENT.reason().at("/parent_id"));
        let has_mark = self.ngo_register_number.is_some() && self.kind != OrganizationKind::Ngo;
        let needs_ngo = has_mark.then(|| MARK_NEEDS_NGO.reason().at("/ngo_register_number"));
        let own_successor =
            (self.successor_id == Some(id)).then(|| OWN_SUCCESSOR.reason().at("/successor_id"));
        own_parent.into_iter().chain(needs_ngo).chain(own_successor).collect()
    }
}

/// A unit (отделение) as it is entered and edited, whole.
#[entry(Unit: UnitId, at "units", named "unit" "units", tag "organizations", read ReadOrganizations, edit EditUnits, under Organization "organizations", annul, judged)]
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
    /// The kind; a department, unless another is told.
    #[serde(default = "crate::base::word::first")]
    #[filter = "Only of this kind."]
    pub kind: UnitKind,
    /// The functions, each once. A resource centre has at least one.
    #[at_most(7)]
    pub functions: Vec<UnitFunction>,
    /// The first day.
    pub opened_on: Option<NaiveDate>,
    /// The footing in the charter.
    pub charter: Option<CharterFooting>,
}

impl UnitForm {
    fn judge(&self, _: UnitId, _: Option<&Self>) -> Vec<Reason> {
        let is_idle = self.kind == UnitKind::ResourceCentre && self.functions.is_empty();
        is_idle.then(|| CENTRE_FUNCTIONS.reason().at("/functions")).into_iter().collect()
    }
}
