//! The kind, the stage and the legal bases of a case (001 L18; 004 L29–78, L193).
use super::{Case, Closed, IN_FUTURE, Open};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{BeneficiaryId, CaseId, FileId, UnitId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{MISSING, OrderNumber};
use crate::base::word::{Word, words};
use crate::region::terms::TermKind;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    STAGE_NOT_FIRST = "case.stage_not_first", Content, "004 L45", "С мониторинга сопровождение не начинают.", "No accompaniment begins with monitoring.";
    KIND_UNSUITED = "case.kind_unsuited", Content, "004 L193", "Как выпускника сопровождают человека, а не семью.", "A person is accompanied as a care leaver, and not a family.";
    WRONG_CONTINUATION = "case.wrong_continuation", Content, ours, "Продолжают только закрытый случай того же получателя.", "A case continues only a closed case of the same beneficiary.";
    CONTINUED_ALREADY = "case.continued_already", State, ours, "Этот случай уже продолжен другим.", "Another case continues this one already.";
    CONTINUED_OTHERWISE = "case.continued_otherwise", Content, ours, "Случай продолжается в том виде и на том этапе, на котором закончился.", "A case is continued in the kind and the stage that were left.";
    CONTINUED_EARLY = "case.continued_early", Content, ours, "Случай не продолжается раньше, чем закрыт прежний.", "A case is continued no earlier than the former one was closed.";
    BASIS_ENDS_EARLY = "case.basis_ends_early", Content, ours, "Основание не перестаёт действовать раньше своей даты.", "A legal basis does not end before its own day.";
}

words! {
    /// The kind of accompaniment.
    CaseKind in "case-kinds" {
        Social = "social", "социальное сопровождение", "social accompaniment";
        Aftercare = "aftercare", "сопровождение воспитанника и выпускника", "accompaniment of a care leaver";
    }

    /// The stage of a case.
    CaseStage in "case-stages" {
        Preparation = "preparation", "подготовка к самостоятельной жизни", "preparation for independent life";
        Accompaniment = "accompaniment", "сопровождение", "accompaniment";
        Monitoring = "monitoring", "мониторинг", "monitoring";
        HardshipHelp = "hardship_help", "помощь в трудной жизненной ситуации", "help in hardship";
    }

    /// The kind of a legal basis of a case.
    LegalBasisKind in "legal-basis-kinds" {
        Application = "application", "заявление", "application";
        Contract = "contract", "договор о сопровождении", "contract about accompaniment";
        ServiceProgramme = "service_programme", "ИППСУ", "individual service programme";
        GuardianshipAct = "guardianship_act", "акт органа опеки", "act of guardianship";
        CommissionResolution = "commission_resolution", "постановление КДНиЗП", "resolution of the commission";
        Court = "court", "решение суда", "court decision";
        Enrolment = "order", "приказ о зачислении", "decree of enrolment";
        Referral = "referral", "направление", "referral";
        Other = "other", "иное", "other";
    }
}

impl CaseStage {
    /// The term within which a specialist is in contact with somebody in this stage (001 L20).
    pub fn contact_term(self) -> TermKind {
        match self {
            Self::Preparation => TermKind::ContactPreparation,
            Self::Accompaniment => TermKind::ContactAccompaniment,
            Self::Monitoring => TermKind::ContactMonitoring,
            Self::HardshipHelp => TermKind::ContactHardshipHelp,
        }
    }
    /// The term within which a snapshot of the life of somebody in this stage is taken (004 L78).
    pub fn snapshot_term(self) -> TermKind {
        match self {
            Self::Preparation => TermKind::SnapshotPreparation,
            Self::Accompaniment => TermKind::SnapshotAccompaniment,
            Self::Monitoring => TermKind::SnapshotMonitoring,
            Self::HardshipHelp => TermKind::SnapshotHardshipHelp,
        }
    }
}

impl CaseKind {
    /// Whether a case of the kind comes before a primary consilium within the term: that of a care leaver who is accompanied. In preparation
    /// the consilium is its end, and a case that continues another one has had it there.
    pub fn asks_primary_consilium(self, stage: CaseStage, continues: Option<CaseId>) -> bool {
        self == Self::Aftercare && stage != CaseStage::Preparation && continues.is_none()
    }
}

/// A legal basis of a case.
#[form]
#[derive(Eq)]
#[schema(example = json!({"kind": "contract", "number": "17-с", "drawn_on": "2024-01-30", "valid_until": "2027-01-30"}))]
pub struct LegalBasis {
    /// The kind of the basis.
    pub kind: LegalBasisKind,
    /// The number of the document.
    pub number: Option<OrderNumber>,
    /// The day of the document: today or earlier.
    pub drawn_on: NaiveDate,
    /// The last day on which the basis holds.
    pub valid_until: Option<NaiveDate>,
    /// The document.
    pub file_id: Option<FileId>,
}

/// The data of an open case that its institution edits.
#[form]
#[derive(Eq, Default)]
#[schema(example = json!({"unit_id": "01980000-0000-7000-8000-000000000002", "legal_bases": [{"kind": "contract", "number": "17-с", "drawn_on": "2024-01-30", "valid_until": "2027-01-30"}]}))]
pub struct CaseForm {
    /// The unit of the organization that accompanies.
    pub unit_id: Option<UnitId>,
    /// Legal bases of the case, at most 10.
    #[at_most(10)]
    pub legal_bases: Vec<LegalBasis>,
}

impl CaseForm {
    /// The last day on which a legal basis holds. None where there is none, or one holds without an end.
    pub fn holds_until(&self) -> Option<NaiveDate> {
        let ends: Option<Vec<NaiveDate>> = self.legal_bases.iter().map(|it| it.valid_until).collect();
        ends.and_then(|it| it.into_iter().max())
    }
    /// The reasons against the legal bases.
    pub(super) fn against(&self, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (place, it) in self.legal_bases.iter().enumerate() {
            if it.drawn_on > today {
                let at = format!("/legal_bases/{place}/drawn_on");
                reasons.push(IN_FUTURE.reason().at(at).with("today", today));
            }
            if it.valid_until.is_some_and(|until| until < it.drawn_on) {
                reasons.push(BASIS_ENDS_EARLY.reason().at(format!("/legal_bases/{place}/valid_until")));
            }
        }
        reasons
    }
    /// The days of legal bases that the form before did not have, each with its pointer.
    pub fn new_days(&self, before: &Self) -> Vec<(String, NaiveDate)> {
        let new = self.legal_bases.iter().enumerate().filter(|(_, it)| !before.legal_bases.contains(it));
        new.map(|(place, it)| (format!("/legal_bases/{place}/drawn_on"), it.drawn_on)).collect()
    }
    /// The documents that the form before did not have, each with its place in the form.
    pub fn new_files(&self, before: &Self) -> Vec<(FileId, String)> {
        let known: Vec<FileId> = before.legal_bases.iter().filter_map(|it| it.file_id).collect();
        let of = |(place, it): (usize, &LegalBasis)| {
            let file = it.file_id.filter(|it| !known.contains(it))?;
            Some((file, format!("/legal_bases/{place}/file_id")))
        };
        self.legal_bases.iter().enumerate().filter_map(of).collect()
    }
}

facts! {
    /// The unit or the legal bases of a case changed.
    CaseEdited = "case.edited",
        "Данные случая изменены[: {fields}]",
        "The data of the case was edited[: {fields}]"
        about Case (CaseId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// A consilium moved the case to another stage.
    StageMoved = "case.stage_moved",
        "Случай перешёл на другой этап[: {stage}]",
        "The case moved to another stage[: {stage}]"
        about Case (CaseId) {
        /// The stage.
        stage: CaseStage,
    }
}

impl super::CaseOpening {
    /// The days that are held to the lives of those whom the case is about, each with its pointer.
    pub fn days(&self) -> Vec<(String, NaiveDate)> {
        let mut days = vec![("/opened_on".to_owned(), self.opened_on)];
        days.extend(self.form().new_days(&CaseForm::default()));
        days
    }
}

/// The stored data that an opening needs.
#[derive(Debug, Clone, Default)]
pub struct CaseOpeningFacts {
    /// Whether the beneficiary is a family.
    pub is_family: bool,
    /// The case that is to be continued, if the caller sees it.
    pub continued: Option<Case>,
    /// Whether another case continues it already.
    pub is_continued: bool,
    /// Other records of the same person.
    pub other_records: Vec<BeneficiaryId>,
}

impl CaseOpeningFacts {
    /// The stage that the continued case had left for help in hardship.
    pub(super) fn stage_left(&self, order: &super::CaseOpening) -> Option<CaseStage> {
        order.continues_id?;
        self.continued_of(order.beneficiary_id)?.was.stage_left
    }
    /// The closed case of that beneficiary that is to be continued. It may have another record of the same person.
    fn continued_of(&self, beneficiary: BeneficiaryId) -> Option<&Closed> {
        let is_theirs = |of: BeneficiaryId| of == beneficiary || self.other_records.contains(&of);
        match &self.continued {
            Some(Case::Closed(it)) if is_theirs(it.was.beneficiary_id) => Some(it),
            _ => None,
        }
    }
}

/// The kind and the first stage of a case. A continued case goes on in the kind and the stage that were left, monitoring included.
pub(super) fn beginning(
    order: &super::CaseOpening,
    facts: &CaseOpeningFacts,
    reasons: &mut Vec<Reason>,
) -> (CaseKind, CaseStage) {
    if order.continues_id.is_some() {
        return continuation(order, facts, reasons);
    }
    let kind = order.kind.unwrap_or(CaseKind::Social);
    if kind == CaseKind::Aftercare && facts.is_family {
        reasons.push(KIND_UNSUITED.reason().at("/kind"));
    }
    if order.stage == Some(CaseStage::Monitoring) {
        reasons.push(STAGE_NOT_FIRST.reason().at("/stage"));
    }
    if kind == CaseKind::Aftercare && order.stage.is_none() {
        reasons.push(MISSING.reason().at("/stage"));
    }
    (kind, order.stage.unwrap_or(CaseStage::Accompaniment))
}

fn continuation(
    order: &super::CaseOpening,
    facts: &CaseOpeningFacts,
    reasons: &mut Vec<Reason>,
) -> (CaseKind, CaseStage) {
    let Some(left) = facts.continued_of(order.beneficiary_id) else {
        reasons.push(WRONG_CONTINUATION.reason().at("/continues_id"));
        return (CaseKind::Social, CaseStage::Accompaniment);
    };
    let (kind, stage) = (left.was.kind, left.was.stage);
    if facts.is_continued {
        reasons.push(CONTINUED_ALREADY.reason().at("/continues_id"));
    }
    if order.kind.is_some_and(|it| it != kind) {
        reasons.push(CONTINUED_OTHERWISE.reason().at("/kind").with("kind", kind.code()));
    }
    if order.stage.is_some_and(|it| it != stage) {
        reasons.push(CONTINUED_OTHERWISE.reason().at("/stage").with("stage", stage.code()));
    }
    if order.opened_on < left.closed_on {
        reasons.push(CONTINUED_EARLY.reason().at("/opened_on").with("not_before", left.closed_on));
    }
    (kind, stage)
}

impl Open {
    /// Moves to another stage, as a consilium has decided. No order does it.
    pub fn move_stage(self, to: CaseStage, today: NaiveDate) -> Changed<Self> {
        let stage_left = (to == CaseStage::HardshipHelp).then_some(self.stage);
        let fact = StageMoved { id: self.id, stage: to };
        Changed::new(Self { stage: to, stage_since: today, stage_left, ..self }, fact)
    }
    /// Replaces the unit and the legal bases.
    pub fn edit(self, form: &CaseForm, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(form.against(today))?;
        let fact = CaseEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}
