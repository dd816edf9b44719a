//! Changes: a new value together with the facts that explain it. A rule returns both, and storage saves both.
use crate::base::word::words;
use serde::Serialize;
use uuid::Uuid;

words! {
    /// The kind of object that a fact is about.
    SubjectKind in "subject-kinds" {
        Region = "region", "регион", "region";
        Organization = "organization", "организация", "organization";
        Unit = "unit", "отделение", "unit";
        User = "user", "пользователь", "user";
        ApiKey = "api_key", "ключ интеграции", "integration key";
        Session = "session", "вход", "login session";
        Person = "person", "человек", "person";
        Family = "family", "семья", "family";
        Beneficiary = "beneficiary", "получатель социальных услуг", "beneficiary";
        Representative = "representative", "представитель", "representative";
        Consent = "consent", "согласие", "consent";
        Case = "case", "случай сопровождения", "case";
        Program = "program", "программа", "program";
        Edition = "edition", "редакция программы", "program edition";
        File = "file", "файл", "file";
        Application = "mentor_application", "заявление кандидата в наставники", "mentor application";
        Course = "training_course", "учебный курс", "training course";
        Mentor = "mentor", "наставник", "mentor";
        RemovalGround = "removal_ground", "основание для отстранения", "ground for a removal";
        Training = "training", "прохождение обучения", "training completion";
        Mentorship = "mentorship", "наставничество", "mentorship";
        Meeting = "meeting", "встреча", "meeting";
        GroupMeeting = "group_meeting", "групповая встреча", "group meeting";
        Request = "mentorship_request", "запрос стороны наставничества", "request of a side of a mentorship";
        Annex = "annex", "приложение к положению", "annex";
        CaseProblem = "case_problem", "проблема случая", "problem of a case";
        CaseContact = "case_contact", "контакт по случаю", "contact of a case";
        LifePeriod = "life_period", "период жизни", "period of life";
        Snapshot = "snapshot", "срез жизненной ситуации", "snapshot of the life situation";
        TeamMember = "case_team_member", "участник команды случая", "member of the team of a case";
        CaseTransfer = "case_transfer", "передача случая", "transfer of a case";
        Consilium = "consilium", "консилиум", "consilium";
        ConsiliumItem = "consilium_item", "вопрос консилиума", "item of a consilium";
        MonthlyRecord = "monthly_record", "ежемесячная запись", "monthly record";
        Task = "task", "поручение", "task";
        Need = "need", "потребность", "need";
        ServiceStandard = "service_standard", "стандарт услуги", "service standard";
        ServiceDelivery = "service_delivery", "оказанная услуга", "delivery of a service";
        ServiceOffer = "service_offer", "услуга организации", "service that is offered";
        IntakeRequest = "intake_request", "обращение о помощи", "request for help";
        Referral = "referral", "направление", "referral";
        StockItem = "stock_item", "запас", "stock item";
        StockMovement = "stock_movement", "движение запаса", "movement of stock";
        EmergencyAid = "emergency_aid", "срочная помощь", "urgent aid";
        DocumentAssistance = "document_assistance", "помощь с документом", "help with a document";
        Facility = "facility", "место проживания", "facility";
        Room = "room", "комната", "room";
        Bed = "bed", "спальное место", "bed";
        HouseRules = "house_rules", "правила проживания", "house rules";
        BedBlock = "bed_block", "вывод места из оборота", "block of a bed";
        Stay = "stay", "проживание", "stay";
        PlaceRequest = "place_request", "заявка на место", "request for a place";
        Crisis = "crisis", "кризис", "crisis";
        EmergencyContact = "emergency_contact", "экстренный контакт", "emergency contact";
        PlanForm = "plan_form", "форма плана", "plan form";
        Plan = "plan", "план", "plan";
        PlanVersion = "plan_version", "редакция плана", "version of a plan";
        Scale = "scale", "шкала", "scale";
        Assessment = "assessment", "оценка", "assessment";
        LivingProgramme = "living_programme", "программа самостоятельной жизни", "programme of independent living";
        LivingEnrolment = "living_enrolment", "участие в программе самостоятельной жизни", "enrolment into a programme of independent living";
        CareerActivity = "career_activity", "знакомство с работой", "career activity";
        Survey = "survey", "обследование условий проживания", "survey of living conditions";
        MentorReport = "mentor_report", "отчёт наставника", "report of a mentor";
        Term = "term", "срок", "term";
        AccompanimentRules = "accompaniment_rules", "правила сопровождения", "rules of accompaniment";
        WorkingDay = "working_day", "перенесённый день", "transferred day";
        Municipality = "municipality", "муниципальное образование", "municipality";
        JointActivity = "joint_activity", "совместное мероприятие", "joint activity";
        Choice = "choice", "выбор после мероприятия", "choice after an activity";
        Veto = "veto", "отвод", "veto";
        MatchingRules = "matching_rules", "правила подбора", "rules of matching";
        MatchingRound = "matching_round", "подбор", "round of matching";
        Job = "job", "задача", "job";
        AccessRequest = "access_request", "запрос доступа", "access request";
        RegisterEntry = "register_entry", "запись единого учёта", "entry of the register";
        RegisterMerge = "register_merge", "объединение записей учёта", "merge of entries";
        RegisterCandidate = "register_candidate", "похожие записи учёта", "pair of entries that are alike";
        RegisterScan = "register_scan", "поиск похожих записей", "scan of the register";
        Agreement = "agreement", "соглашение", "agreement";
        LegalAct = "legal_act", "правовой акт", "legal act";
        FundingProgram = "funding_program", "программа финансирования", "funding programme";
        CoordinatorAppointment = "coordinator_appointment", "назначение координатора", "appointment of a coordinator";
        PartnerInteraction = "partner_interaction", "взаимодействие с партнёром", "interaction with a partner";
        ActionPackage = "action_package", "комплекс мер", "package of measures";
        Measure = "measure", "мера комплекса", "measure of a package";
        ActionPlan = "action_plan", "план действий", "plan of action";
        Specialist = "specialist", "специалист", "specialist";
        RegisterSearch = "register_search", "поиск в едином учёте", "search of the register";
        Project = "project", "проект", "project";
        ProjectPartner = "project_partner", "партнёр проекта", "partner of a project";
        ProjectContribution = "project_contribution", "вклад в проект", "contribution to a project";
        ProjectTarget = "project_target", "показатель проекта", "target of a project";
        TargetResult = "target_result", "значение показателя", "result of a target";
        Event = "event", "мероприятие", "event";
        EventAttendance = "event_attendance", "посещение мероприятия", "attendance of an event";
        EventParticipant = "event_participant", "участник мероприятия", "participant of an event";
        VolunteerWork = "volunteer_work", "часы добровольца", "hours of a volunteer";
        Idea = "idea", "идея", "idea";
        Council = "council", "совет", "council";
        CouncilMember = "council_member", "член совета", "member of a council";
        CouncilMeeting = "council_meeting", "заседание совета", "meeting of a council";
        Decision = "decision", "решение", "decision";
        Club = "club", "клуб", "club";
        ClubMember = "club_member", "участник клуба", "member of a club";
        VolunteerGroup = "volunteer_group", "волонтёрский отряд", "group of volunteers";
        VolunteerGroupMember = "volunteer_group_member", "участник отряда", "member of a group of volunteers";
        Practice = "practice", "практика", "practice";
        Replication = "replication", "внедрение практики", "replication of a practice";
        Publication = "publication", "публикация", "publication";
        Nomination = "nomination", "номинация", "nomination";
        SuccessStory = "success_story", "история успеха", "success story";
        SpecialistTraining = "specialist_training", "обучение специалиста", "training of a specialist";
    }
}

/// The object of a fact, or of a read of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The kind of the object.
    pub kind: SubjectKind,
    /// The id of the object.
    pub id: Uuid,
}

impl Subject {
    /// The object of this kind with this id.
    pub fn new(kind: SubjectKind, id: impl Into<Uuid>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// An event, as the journal, the history and the feeds show it.
///
/// The body holds names of fields and codes, never personal values: the journal is kept longer than the data it describes.
pub trait Fact: Serialize {
    /// The stable name of the fact, such as `mentorship.terminated`.
    const KIND: &'static str;
    /// The object of the event.
    fn subject(&self) -> Subject;
}

/// A fact, ready to be written to the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFact {
    /// The name of the fact: [`Fact::KIND`].
    pub kind: &'static str,
    /// The object of the event.
    pub subject: Subject,
    /// The fields of the fact as JSON, without the id of the object.
    pub body: serde_json::Value,
}

impl NewFact {
    fn of<F: Fact>(fact: &F) -> Self {
        let body = serde_json::to_value(fact).unwrap_or(serde_json::Value::Null);
        Self { kind: F::KIND, subject: fact.subject(), body }
    }
}

/// A new value that storage may save. Only a rule can create it, and always with at least one fact.
#[derive(Debug)]
#[must_use = "a change that is not saved has not happened"]
pub struct Changed<T> {
    value: T,
    records: Vec<NewFact>,
}

impl<T> Changed<T> {
    pub(crate) fn new(value: T, fact: impl Fact) -> Self {
        Self { value, records: vec![NewFact::of(&fact)] }
    }
    /// A value with one fact, whose name and fields are data.
    pub(crate) fn told(value: T, kind: &'static str, subject: Subject, body: serde_json::Value) -> Self {
        Self { value, records: vec![NewFact { kind, subject, body }] }
    }
    /// Adds a further fact to the same change.
    pub(crate) fn and(mut self, fact: impl Fact) -> Self {
        self.records.push(NewFact::of(&fact));
        self
    }
    /// Converts the value to another type and keeps the facts.
    pub(crate) fn map<U>(self, shape: impl FnOnce(T) -> U) -> Changed<U> {
        Changed { value: shape(self.value), records: self.records }
    }
    /// The value and the records. Storage writes both in one transaction.
    pub fn into_parts(self) -> (T, Vec<NewFact>) {
        (self.value, self.records)
    }
    /// The new value.
    pub fn value(&self) -> &T {
        &self.value
    }
}

// Each fact has its sentences in Russian and in English: see `telling`. A detail has a name in `named`.
macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $kind:literal, $ru:literal, $en:literal about $subject:ident ($id:ty) { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })+) => {
    /// The kinds of facts of this feature, as histories tell them.
    pub(crate) const FACTS: &[$crate::base::telling::Told] = &[$($crate::base::telling::Told {
        kind: $kind,
        ru: $ru,
        en: $en,
        details: &[$($crate::base::telling::Detail {
            named: &$crate::base::named::$field,
            shown: <$type as $crate::base::telling::Telling>::SHOWN,
        }),*],
    }),+];
    $(
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Serialize)]
        pub struct $name {
            /// The id of the object of the event.
            #[serde(skip)]
            pub id: $id,
            $($(#[$fdoc])* pub $field: $type,)*
        }
        impl $crate::base::change::Fact for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> $crate::base::change::Subject {
                $crate::base::change::Subject::new($crate::base::change::SubjectKind::$subject, self.id)
            }
        }
    )+};
}
pub(crate) use facts;

/// The names of the members whose values differ between two forms. The journal records only these names.
pub fn changed_fields<F: Serialize>(before: &F, after: &F) -> Vec<String> {
    let (Ok(serde_json::Value::Object(before)), Ok(serde_json::Value::Object(after))) =
        (serde_json::to_value(before), serde_json::to_value(after))
    else {
        return Vec::new();
    };
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|it| before.get(*it) != after.get(*it)).cloned().collect()
}
