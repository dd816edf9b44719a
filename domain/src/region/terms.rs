//! Terms that the region sets: the days within which an institution annuls what was recorded by mistake, and the days for which
//! the journal of reads is kept.
//!
//! A term is in force from its day until the next one of its kind; of two from one day, the one entered later. Before the first
//! one, corrections have the default of [`CorrectionDays`](crate::base::entry::correction::CorrectionDays), and reads are kept
//! without end. A term in force applies to records made before it as well.
use crate::base::entry::correction::CorrectionDays;
use crate::base::id::TermId;
use crate::base::refusal::Reason;
use crate::base::text::RANGE;
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use std::ops::RangeInclusive;
use validator::Validate;

words! {
    /// The kind of a term.
    TermKind in "term-kinds" {
        Corrections = "corrections", "исправление записей", "corrections of records";
        Reads = "reads", "хранение журнала просмотров", "keeping of the journal of reads";
        ContactPreparation = "contact_preparation", "контакты на этапе подготовки", "contacts in preparation";
        ContactAccompaniment = "contact_accompaniment", "контакты на этапе сопровождения", "contacts in accompaniment";
        ContactMonitoring = "contact_monitoring", "контакты на этапе мониторинга", "contacts in monitoring";
        ContactHardshipHelp = "contact_hardship_help", "контакты при помощи в трудной ситуации", "contacts in help in hardship";
        SnapshotPreparation = "snapshot_preparation", "срезы на этапе подготовки", "snapshots in preparation";
        SnapshotAccompaniment = "snapshot_accompaniment", "срезы на этапе сопровождения", "snapshots in accompaniment";
        SnapshotMonitoring = "snapshot_monitoring", "срезы на этапе мониторинга", "snapshots in monitoring";
        SnapshotHardshipHelp = "snapshot_hardship_help", "срезы при помощи в трудной ситуации", "snapshots in help in hardship";
        ComingOfAgeLead = "coming_of_age_lead", "подготовка к рассмотрению при совершеннолетии", "preparation of the review at coming of age";
        ComingOfAgeReview = "coming_of_age_review", "рассмотрение при совершеннолетии", "review at coming of age";
        ClosingLead = "closing_lead", "подготовка к рассмотрению при достижении 23 лет", "preparation of the review at 23";
        ReadinessValid = "readiness_valid", "действие результата готовности", "validity of a readiness result";
        ClosingReview = "closing_review", "рассмотрение при достижении 23 лет", "review at 23";
        MonthlyRecord = "monthly_record", "подписание ежемесячной записи", "signature of a monthly record";
        TransferAnswer = "transfer_answer", "ответ на предложение передать случай", "answer to a proposed transfer of a case";
        HousingContract = "housing_contract", "предупреждение об окончании договора найма", "warning before the end of a contract about housing";
        PrimaryConsilium = "primary_consilium", "первичный консилиум", "primary consilium";
    }
}

impl TermKind {
    /// The days that a term of the kind can have. Reads are kept for three years at least: so long, a claim can be made.
    pub fn days(self) -> RangeInclusive<i32> {
        match self {
            Self::Reads => 1096..=36_500,
            Self::MonthlyRecord => 1..=60,
            _ => 1..=3650,
        }
    }
    /// The days where the region has set none (ours). None for reads, which are then kept without end.
    pub fn default_days(self) -> Option<i32> {
        match self {
            Self::Corrections => Some(CorrectionDays::default().0),
            Self::Reads => None,
            Self::ContactPreparation | Self::ContactAccompaniment => Some(14),
            Self::ContactMonitoring
            | Self::SnapshotAccompaniment
            | Self::ComingOfAgeLead
            | Self::ClosingLead => Some(90),
            Self::ContactHardshipHelp => Some(3),
            Self::TransferAnswer => Some(10),
            Self::HousingContract => Some(120),
            Self::MonthlyRecord => Some(5),
            Self::SnapshotPreparation | Self::SnapshotMonitoring | Self::ReadinessValid => Some(180),
            Self::SnapshotHardshipHelp
            | Self::ComingOfAgeReview
            | Self::ClosingReview
            | Self::PrimaryConsilium => Some(30),
        }
    }
}

/// A term as it is entered and edited, whole.
#[entry(Term: TermId, at "terms", named "term" "terms", tag "programs", read ReadPrograms, edit ManagePrograms, called effective_from, by effective_from, judged, annul)]
#[schema(example = json!({"kind": "corrections", "effective_from": "2026-09-01", "days": 60}))]
pub struct TermForm {
    /// The kind of the term.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: TermKind,
    /// The first day on which the term is in force.
    #[told]
    pub effective_from: NaiveDate,
    /// The number of days. Corrections: the days after a record was made, 1 to 3650. Reads: the days for which one is kept, 1096 to
    /// 36500. Contacts and snapshots: the days from one to the next, 1 to 3650. Reviews: the days after the birthday until which one is due,
    /// and the days before it since which it is prepared, 1 to 3650 both. Transfers: the days for the answer, 1 to 3650. Monthly
    /// records: the days after the month, 1 to 60. Readiness:
    /// the days after an assessment for which its result holds, 1 to 3650. Contracts about housing: the days before the last one since which
    /// it is told, 1 to 3650. Primary consilia: the days after the opening of a case, 1 to 3650.
    #[told]
    #[within(1..=36_500)]
    pub days: i32,
}

impl TermForm {
    fn judge(&self, _: TermId, _: Option<&Self>) -> Vec<Reason> {
        let days = self.kind.days();
        let is_within = days.contains(&self.days);
        let range = || RANGE.reason().at("/days").with("min", days.start()).with("max", days.end());
        (!is_within).then(range).into_iter().collect()
    }
}
