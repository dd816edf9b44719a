//! What a rule hands to storage: the new value and the facts it established, inseparable.
use crate::base::word::words;
use serde::Serialize;
use uuid::Uuid;

words! {
    /// What a fact is about.
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
        Survey = "survey", "обследование условий проживания", "survey of living conditions";
        Report = "report", "отчёт наставника", "report of a mentor";
        Municipality = "municipality", "муниципальное образование", "municipality";
        JointActivity = "joint_activity", "совместное мероприятие", "joint activity";
        Choice = "choice", "выбор после мероприятия", "choice after an activity";
        Veto = "veto", "отвод", "veto";
        MatchingRules = "matching_rules", "правила подбора", "rules of matching";
        MatchingRound = "matching_round", "подбор", "round of matching";
        Job = "job", "задача", "job";
    }
}

/// What a fact, or a read of personal data, is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Uuid,
}

impl Subject {
    /// The thing of that kind with that id.
    pub fn new(kind: SubjectKind, id: impl Into<Uuid>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// Something that happened, as the journal, the history and the feeds tell it.
///
/// The body names fields and codes, never personal values: the journal outlives what it tells about.
pub trait Fact: Serialize {
    /// The stable name, such as `mentorship.terminated`.
    const KIND: &'static str;
    /// What it happened to.
    fn subject(&self) -> Subject;
}

/// A fact ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// [`Fact::KIND`].
    pub kind: &'static str,
    /// What it happened to.
    pub subject: Subject,
    /// The fact's own fields.
    pub body: serde_json::Value,
}

impl Record {
    fn of<F: Fact>(fact: &F) -> Self {
        let body = serde_json::to_value(fact).unwrap_or(serde_json::Value::Null);
        Self { kind: F::KIND, subject: fact.subject(), body }
    }
}

/// A new value that storage may save. Only a rule can make one, and never without a fact.
#[derive(Debug)]
#[must_use = "a change that is not saved has not happened"]
pub struct Changed<T> {
    value: T,
    records: Vec<Record>,
}

impl<T> Changed<T> {
    pub(crate) fn new(value: T, fact: impl Fact) -> Self {
        Self { value, records: vec![Record::of(&fact)] }
    }
    /// A further fact of the same change.
    pub(crate) fn and(mut self, fact: impl Fact) -> Self {
        self.records.push(Record::of(&fact));
        self
    }
    /// The same facts about a value of another shape.
    pub(crate) fn map<U>(self, shape: impl FnOnce(T) -> U) -> Changed<U> {
        Changed { value: shape(self.value), records: self.records }
    }
    /// The value, for storage that writes the records beside it.
    pub fn into_parts(self) -> (T, Vec<Record>) {
        (self.value, self.records)
    }
    /// The value as it will be.
    pub fn value(&self) -> &T {
        &self.value
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $kind:literal about $subject:ident ($id:ty) { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Serialize)]
        pub struct $name {
            /// What it happened to.
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

/// The names of the fields in which two forms differ: what the journal tells of an edit.
pub fn changed_fields<F: Serialize>(before: &F, after: &F) -> Vec<String> {
    let (Ok(serde_json::Value::Object(before)), Ok(serde_json::Value::Object(after))) =
        (serde_json::to_value(before), serde_json::to_value(after))
    else {
        return Vec::new();
    };
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|it| before.get(*it) != after.get(*it)).cloned().collect()
}
