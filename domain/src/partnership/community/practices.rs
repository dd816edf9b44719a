//! Practices and their replications (000 L17, 003 L33, 004 L19; 001 L18: ten regions).
use crate::base::id::{EventId, FileId, OrganizationId, PracticeId, ProgramId, ProjectId, ReplicationId};
use crate::base::refusal::{Reason, broken, rules};
use crate::base::text::{MISSING, Note, Oktmo, Title};
use crate::base::word::words;
use crate::partnership::words::{Audience, Technology};
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    EVIDENCE = "practice.evidence", Content, ours, "Доказанность выше «опробована» подтверждают файлом.", "Evidence above «piloted» needs a file that shows it.";
    ENDS_EARLY = "replication.ends_early", Content, ours, "Внедрение не заканчивается раньше, чем началось.", "A replication does not end before it has begun.";
}

words! {
    /// The stage of a practice.
    PracticeStage in "practice-stages" {
        Studied = "studied", "изучается", "studied";
        Drafted = "drafted", "разработана", "drafted";
        Piloted = "piloted", "апробирована", "piloted";
        Active = "active", "действует", "active";
        Retired = "retired", "завершена", "retired";
    }

    /// The evidence that a practice works (ours), the weakest first.
    EvidenceLevel in "evidence-levels" {
        Described = "described", "описана", "described";
        Piloted = "piloted", "опробована", "piloted";
        Measured = "measured", "результаты измерены", "measured";
        Compared = "compared", "есть сравнение до и после", "compared";
        Independent = "independent", "независимая оценка", "independent";
    }
}

impl EvidenceLevel {
    /// Whether the level needs a file that shows it.
    fn needs_proof(self) -> bool {
        matches!(self, Self::Measured | Self::Compared | Self::Independent)
    }
}

/// A practice as it is entered and edited, whole.
#[entry(Practice: PracticeId, at "practices", named "practice" "practices", tag "partnership", read ReadPartnership, edit EditPartnership, by name, annul, judged)]
#[schema(example = json!({"name": "Персональное сопровождение", "organization_id": "01980000-0000-7000-8000-000000000001", "technology": "mentoring", "audiences": ["care_leavers"], "about": "Один наставник сопровождает одного выпускника.", "stage": "active", "evidence": "piloted"}))]
pub struct PracticeForm {
    /// Name.
    pub name: Title,
    /// The organization whose practice it is.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// The technology.
    #[told]
    #[filter = "Only of these technologies."]
    pub technology: Technology,
    /// The people whom it serves.
    #[count(1..=10)]
    pub audiences: Vec<Audience>,
    /// A description.
    pub about: Note,
    /// The stage.
    #[told]
    #[filter = "Only in these stages."]
    pub stage: PracticeStage,
    /// The evidence that it works. Above `piloted` a file shows it.
    #[told]
    #[filter = "Only with this evidence."]
    pub evidence: EvidenceLevel,
    /// The program in which it is used.
    pub program_id: Option<ProgramId>,
    /// The projects in which it is used.
    #[at_most(10)]
    #[serde(default)]
    pub project_ids: Vec<ProjectId>,
    /// The files with the description and the evidence.
    #[at_most(10)]
    #[serde(default)]
    pub file_ids: Vec<FileId>,
}

impl PracticeForm {
    fn judge(&self, _: PracticeId, _: Option<&Self>) -> Vec<Reason> {
        let bare = self.evidence.needs_proof() && self.file_ids.is_empty();
        bare.then(|| EVIDENCE.reason().at("/file_ids").with("with", "/evidence")).into_iter().collect()
    }
}

/// A replication of a practice by others, as it is entered and edited, whole.
#[entry(Replication: ReplicationId, at "replications", named "replication" "replications", tag "partnership", read ReadPartnership, edit EditPartnership, under Practice "practices", called started_on, by started_on, annul, judged)]
#[schema(example = json!({"adopter": "Министерство социальной политики", "region": "Свердловская область", "started_on": "2017-03-01", "adapted": "Наставник сопровождает семью."}))]
pub struct ReplicationForm {
    /// The organization that took the practice over, if the region knows it.
    #[filter = "Only by this organization."]
    pub adopter_id: Option<OrganizationId>,
    /// Its name, or the part of it that took the practice over.
    pub adopter: Option<Title>,
    /// The region in which it is, where that is another one. Alone it tells that a region took the practice over.
    pub region: Option<Title>,
    /// The territory of this region.
    pub territory: Option<Oktmo>,
    /// The first day.
    pub started_on: NaiveDate,
    /// The last day, if it is over.
    pub ended_on: Option<NaiveDate>,
    /// The changes that were made.
    pub adapted: Option<Note>,
    /// The event at which it was passed on.
    pub event_id: Option<EventId>,
    /// The file that shows it.
    pub file_id: Option<FileId>,
}

impl ReplicationForm {
    fn judge(&self, _: ReplicationId, _: Option<&Self>) -> Vec<Reason> {
        let nobody = self.adopter_id.is_none() && self.adopter.is_none() && self.region.is_none();
        broken([
            (nobody, MISSING.reason().at("/adopter").with("with", "/adopter_id")),
            (self.ended_on.is_some_and(|it| it < self.started_on), ENDS_EARLY.reason().at("/ended_on")),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::word::Word;

    fn codes(reasons: &[Reason]) -> Vec<&'static str> {
        reasons.iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn evidence_above_a_pilot_needs_a_file() {
        let id = uuid::Uuid::nil().into();
        for evidence in EvidenceLevel::ALL.iter().copied() {
            let mut it = PracticeForm { evidence, ..crate::examples::of() };
            assert_eq!(it.judge(id, None).is_empty(), !evidence.needs_proof());
            it.file_ids = vec![uuid::Uuid::nil().into()];
            assert!(it.judge(id, None).is_empty());
        }
    }

    #[test]
    fn a_replication_has_an_adopter_or_a_region() {
        let id = uuid::Uuid::nil().into();
        let it: ReplicationForm = crate::examples::of();
        let only_region = ReplicationForm { adopter: None, ..it };
        assert!(only_region.judge(id, None).is_empty());
        let nobody = ReplicationForm { region: None, ..only_region };
        assert_eq!(codes(&nobody.judge(id, None)), ["field.missing"]);
        let early = ReplicationForm { ended_on: "2016-01-01".parse().ok(), ..nobody };
        assert_eq!(codes(&early.judge(id, None)), ["field.missing", "replication.ends_early"]);
    }
}
