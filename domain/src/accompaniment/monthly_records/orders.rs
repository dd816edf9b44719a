//! Orders about monthly records: the bodies of requests.
use super::words::LifeChange;
use crate::accompaniment::snapshots::LifeDomain;
use crate::base::clauses::{all_hold, clash};
use crate::base::id::UserId;
use crate::base::moment::Moment;
use crate::base::text::{Note, repeats};
use crate::people::consents::CasePart;
use serde::Deserialize;
use shape::{card, form};
use validator::{Validate, ValidationError};

/// A domain of life that has changed in a month, or not.
#[form]
#[derive(Copy, Eq)]
#[schema(example = json!({"domain": "study_work", "change": "better"}))]
pub struct DomainChange {
    /// The domain of life.
    pub domain: LifeDomain,
    /// The direction.
    pub change: LifeChange,
}

/// The own words of a specialist about a month. An edit replaces all of them.
#[form]
#[derive(Default)]
#[validate(schema(function = "domains_stand_once"))]
#[schema(example = json!({"summary": "Готовится к экзаменам, с мастером наладил отношения.", "changes": [{"domain": "study_work", "change": "better"}], "difficulties": "Долг за общежитие.", "next_month": "Рассрочка долга, запись на медосмотр.", "for_person": "Ты закрыл два долга. В мае — медосмотр."}))]
pub struct MonthlyWords {
    /// The month in short. The signature needs it.
    pub summary: Option<Note>,
    /// Changes in domains of life, each domain once.
    #[at_most(12)]
    pub changes: Vec<DomainChange>,
    /// Difficulties.
    pub difficulties: Option<Note>,
    /// Work for the next month. The signature needs it.
    pub next_month: Option<Note>,
    /// Words for the person, who reads them once the record is signed.
    pub for_person: Option<Note>,
}

impl MonthlyWords {
    /// The words as somebody reads them to whom these parts of the case are granted, `records` among them.
    pub fn seen_by(mut self, parts: &[CasePart]) -> Self {
        self.changes.retain(|it| it.domain.is_told_to(parts));
        self
    }
}

fn domains_stand_once(it: &MonthlyWords) -> Result<(), ValidationError> {
    let domains: Vec<LifeDomain> = it.changes.iter().map(|it| it.domain).collect();
    all_hold([clash(repeats(&domains), &["changes"])])
}

/// The signature of a monthly record. It fixes everything that happened in the month, as it is on record now.
#[form]
#[schema(example = json!({"words": {"summary": "Готовится к экзаменам.", "changes": [], "next_month": "Рассрочка долга."}}))]
pub struct MonthlySignature {
    /// The own words. Absent: those of the draft.
    pub words: Option<MonthlyWords>,
}

/// A correction of a signed record.
#[form]
#[schema(example = json!({"text": "Встреча 14 апреля была в техникуме, а не дома.", "reason": "Ошибка в записи."}))]
pub struct MonthlyCorrection {
    /// The correct words.
    pub text: Note,
    /// The reason.
    pub reason: Note,
}

/// A correction of a signed record, as it was added.
#[card]
#[derive(Clone, PartialEq, Deserialize)]
pub struct MonthCorrection {
    /// The correct words.
    pub text: Note,
    /// The reason.
    pub reason: Note,
    /// The account that added it.
    #[serde(rename = "made_by_user_id")]
    pub by: UserId,
    /// The instant.
    #[serde(rename = "made_at")]
    pub at: Moment,
}
