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
    CLOSED = "organization.closed", Content, ours, "К этому дню организация закрыта.", "The organization was closed before this day.";
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
    /// The last day, where the organization was closed or merged away. It stays readable, and all that is its own stays its own. Events,
    /// projects, clubs, agreements, tasks, cases, stays and other records of later days do not name it. What goes on there is ended or
    /// handed over.
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
    /// The reason against a record of a day after the last one of the organization, whose id is told. Records of the days before name it for
    /// ever.
    pub fn against_day(&self, id: OrganizationId, day: NaiveDate) -> Option<Reason> {
        let closed_on = self.closed_on.filter(|it| *it < day)?;
        let reason =
            CLOSED.reason().with("closed_on", closed_on).with("day", day).with("organization_id", id);
        Some(match self.successor_id {
            Some(successor) => reason.with("successor_id", successor),
            None => reason,
        })
    }
}

/// Organizations that a record names for its day, each with the pointer of the member that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedOn {
    /// The day of the record. It may lie far back, for records are entered in retrospect.
    pub day: NaiveDate,
    /// The last day of a thing that lasts, or none if it goes on. The record of a day has that day.
    pub until: Option<NaiveDate>,
    /// The organizations.
    pub organizations: Vec<(OrganizationId, String)>,
}

impl NamedOn {
    /// A record of that day, which names nobody yet.
    pub fn on(day: NaiveDate) -> Self {
        Self { day, until: Some(day), organizations: Vec::new() }
    }
    /// A thing that has lasted since that day, until its last one if it has one.
    #[must_use]
    pub fn lasting(self, until: Option<NaiveDate>) -> Self {
        Self { until, ..self }
    }
    /// Names an organization, if there is one.
    #[must_use]
    pub fn one(mut self, id: impl Into<Option<OrganizationId>>, pointer: &str) -> Self {
        let id: Option<OrganizationId> = id.into();
        self.organizations.extend(id.map(|it| (it, pointer.to_owned())));
        self
    }
    /// Names each organization of a list.
    #[must_use]
    pub fn each(mut self, ids: &[OrganizationId], pointer: &str) -> Self {
        let all = ids.iter().enumerate().map(|(n, it)| (*it, format!("{pointer}/{n}")));
        self.organizations.extend(all);
        self
    }
    /// The same organizations, each once, where an order names them by the member alone that tells the day.
    #[must_use]
    pub fn by_day(self, pointer: &str) -> Self {
        let mut organizations: Vec<(OrganizationId, String)> = Vec::new();
        for (id, _) in self.organizations {
            if organizations.iter().all(|it| it.0 != id) {
                organizations.push((id, pointer.to_owned()));
            }
        }
        Self { organizations, ..self }
    }
    /// The day for which it newly names an organization: the present one, if a thing that lasts goes on after it.
    fn newly_on(&self, today: NaiveDate) -> NaiveDate {
        if self.until.is_none_or(|it| it > today) { self.day.max(today) } else { self.day }
    }
    /// Those of them that the record did not name before, for its day or a later one, each with its pointer and the day for which it is
    /// named. An organization that it names already is its own.
    pub fn new_beside(
        &self,
        before: Option<&Self>,
        today: NaiveDate,
    ) -> Vec<(OrganizationId, String, NaiveDate)> {
        let newly_on = self.newly_on(today);
        let day_of = |id: OrganizationId| {
            let was = before.filter(|it| it.organizations.iter().any(|known| known.0 == id));
            match was.filter(|it| it.newly_on(today) >= newly_on) {
                Some(was) => (was.day < self.day).then_some(self.day),
                None => Some(newly_on),
            }
        };
        let named = self.organizations.iter();
        named.filter_map(|(id, pointer)| Some((*id, pointer.clone(), day_of(*id)?))).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_organization_is_named_for_its_last_day_and_for_no_later_one() {
        let open: OrganizationForm = crate::examples::of();
        let [id, successor] = [1, 2].map(uuid::Uuid::from_u128);
        assert_eq!(open.against_day(id.into(), day("2026-03-02")), None);
        let closed = OrganizationForm {
            closed_on: Some(day("2018-06-30")),
            successor_id: Some(successor.into()),
            ..open
        };
        assert_eq!(closed.against_day(id.into(), day("2015-01-01")), None);
        assert_eq!(closed.against_day(id.into(), day("2018-06-30")), None, "it works on the last day");
        let reason = closed.against_day(id.into(), day("2018-07-01")).unwrap();
        assert_eq!(reason.rule.code, "organization.closed");
        assert_eq!(reason.params["closed_on"], "2018-06-30");
        assert_eq!(reason.params["organization_id"], id.to_string());
        assert_eq!(reason.params["successor_id"], successor.to_string());
    }

    #[test]
    fn a_record_keeps_the_organizations_that_it_names_until_it_moves_to_a_later_day() {
        let [first, second] = [1, 2].map(|n| OrganizationId::from(uuid::Uuid::from_u128(n)));
        let before = NamedOn::on(day("2018-05-01")).one(first, "/organization_id");
        let now =
            |on: &str| NamedOn::on(day(on)).one(first, "/organization_id").each(&[first, second], "/ids");
        let today = day("2026-03-02");
        let pointers = |on: &str, before: Option<&NamedOn>| {
            let new = now(on).new_beside(before, today);
            assert!(new.iter().all(|it| it.2 == day(on)), "the record of a day is of that day");
            new.into_iter().map(|it| it.1).collect::<Vec<_>>()
        };
        assert_eq!(pointers("2018-05-01", Some(&before)), ["/ids/1"]);
        assert_eq!(pointers("2018-04-01", Some(&before)), ["/ids/1"]);
        let all = ["/organization_id", "/ids/0", "/ids/1"];
        assert_eq!(pointers("2018-05-02", Some(&before)), all);
        assert_eq!(pointers("2018-05-01", None), all);
        assert_eq!(pointers("2026-04-01", None), all, "a record of a day to come");
        let nobody = NamedOn::on(day("2018-05-01")).one(None::<OrganizationId>, "/host_id");
        assert!(nobody.organizations.is_empty());
        let by_day = now("2018-05-02").by_day("/held_on").organizations;
        assert_eq!(by_day, [first, second].map(|it| (it, "/held_on".to_owned())), "each of them once");
    }

    #[test]
    fn a_thing_that_goes_on_newly_names_organizations_for_the_present_day() {
        let [first, second] = [1, 2].map(|n| OrganizationId::from(uuid::Uuid::from_u128(n)));
        let today = day("2026-03-02");
        let since = |on: &str, until: Option<&str>, id: OrganizationId| {
            NamedOn::on(day(on)).lasting(until.map(day)).one(id, "/host_id")
        };
        let days = |now: &NamedOn, before: Option<&NamedOn>| {
            now.new_beside(before, today).into_iter().map(|it| it.2).collect::<Vec<_>>()
        };
        let open = since("2016-09-01", None, first);
        assert_eq!(days(&open, None), [today]);
        assert_eq!(days(&open, Some(&open)), Vec::<NaiveDate>::new(), "it is named already");
        assert_eq!(days(&since("2016-09-01", None, second), Some(&open)), [today]);
        assert_eq!(days(&since("2017-09-01", None, first), Some(&open)), [day("2017-09-01")]);
        assert_eq!(days(&since("2016-09-01", Some("2026-03-03"), second), Some(&open)), [today]);
        // The one that is over keeps its day, and takes the present one if it goes on again.
        let over = since("2016-09-01", Some("2019-05-31"), first);
        assert_eq!(days(&over, None), [day("2016-09-01")]);
        assert_eq!(days(&over, Some(&open)), Vec::<NaiveDate>::new());
        assert_eq!(days(&open, Some(&over)), [today]);
        assert_eq!(days(&since("2026-09-01", None, first), None), [day("2026-09-01")]);
    }
}
