//! Orders about agreements: the bodies of requests.
use super::words::*;
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{CouncilId, FileId, LegalActId, OrganizationId, ProgramId, ProjectId};
use crate::base::text::{Note, Oktmo, OrderNumber, Title, repeats};
use crate::base::word::{Demand, Word};
use crate::partnership::words::{Audience, EventKind, PartnershipLevel};
use crate::region::organizations::NamedOn;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// A party of an agreement: an organization or a council.
#[form]
#[derive(Eq)]
#[validate(schema(function = "party_is_whole"))]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "role": "partner", "signatory": "Директор Н. П. Соболева"}))]
pub struct AgreementParty {
    /// The organization.
    pub organization_id: Option<OrganizationId>,
    /// The council, where a council is the party.
    pub council_id: Option<CouncilId>,
    /// The role of the party.
    pub role: PartyRole,
    /// The official who signs for the party: position and name.
    pub signatory: Option<Title>,
}

fn party_is_whole(it: &AgreementParty) -> Result<(), ValidationError> {
    let is_nobody = it.organization_id.is_none() && it.council_id.is_none();
    let is_both = it.organization_id.is_some() && it.council_id.is_some();
    all_hold([
        lack(is_nobody, &["organization_id", "council_id"]),
        clash(is_both, &["council_id", "organization_id"]),
    ])
}

/// An agreement as it is entered, and edited until it is signed.
#[form]
#[validate(schema(function = "agreement_is_whole"))]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "title": "Соглашение о сотрудничестве с АНО «Трезвый Омск»", "subject": "Профилактика зависимостей несовершеннолетних.", "sphere": "addiction_prevention", "partnership_level": "service", "parties": [{"organization_id": "01980000-0000-7000-8000-000000000001", "role": "institution"}, {"organization_id": "01980000-0000-7000-8000-000000000002", "role": "partner"}], "audiences": ["minors", "parents"], "activities": ["lecture", "training"]}))]
pub struct AgreementForm {
    /// The organization that keeps the agreement: one of its parties.
    pub organization_id: OrganizationId,
    /// Title.
    pub title: Title,
    /// The subject in words.
    pub subject: Note,
    /// The sphere.
    pub sphere: AgreementSphere,
    /// The level of partnership on which it works.
    pub partnership_level: PartnershipLevel,
    /// The parties: at least two, each once.
    #[count(1..=20)]
    pub parties: Vec<AgreementParty>,
    /// The audiences, each once.
    #[at_most(20)]
    pub audiences: Vec<Audience>,
    /// The kinds of events that the parties have agreed on, each once.
    #[at_most(20)]
    pub activities: Vec<EventKind>,
    /// The territory.
    pub territory: Option<Oktmo>,
    /// The mentoring program that it serves.
    pub program_id: Option<ProgramId>,
    /// The projects that it serves, each once.
    #[at_most(20)]
    pub project_ids: Vec<ProjectId>,
    /// The legal acts on which it rests, each once.
    #[at_most(10)]
    pub act_ids: Vec<LegalActId>,
}

fn agreement_is_whole(it: &AgreementForm) -> Result<(), ValidationError> {
    all_hold([
        clash(repeats(&it.audiences), &["audiences"]),
        clash(repeats(&it.activities), &["activities"]),
        clash(repeats(&it.project_ids), &["project_ids"]),
        clash(repeats(&it.act_ids), &["act_ids"]),
    ])
}

impl AgreementForm {
    /// The organizations that sign it on that day. The order of the signing names them by the day alone.
    pub fn signed_by(&self, signed_on: NaiveDate) -> NamedOn {
        let parties = self.parties.iter();
        parties.fold(NamedOn::on(signed_on), |named, it| named.one(it.organization_id, "/signed_on"))
    }
}

/// An order to record that an agreement was signed.
#[form]
#[schema(example = json!({"number": "17", "signed_on": "2026-02-27", "starts_on": "2026-03-01", "ends_on": "2026-12-31", "file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct AgreementSigning {
    /// The number of the agreement.
    pub number: OrderNumber,
    /// The day of the signing, today or earlier.
    pub signed_on: NaiveDate,
    /// The first day in force.
    pub starts_on: NaiveDate,
    /// The last day in force. Absent: the agreement is indefinite.
    pub ends_on: Option<NaiveDate>,
    /// The file with the signed agreement.
    pub file_id: FileId,
}

/// An order to extend an agreement: the new last day.
#[form]
#[derive(Eq)]
#[schema(example = json!({"ends_on": "2027-12-31", "signed_on": "2026-02-27", "file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct AgreementExtension {
    /// The new last day in force, later than the one before.
    pub ends_on: NaiveDate,
    /// The day of the signing, today or earlier. The agreement is in force on that day, or will be.
    pub signed_on: NaiveDate,
    /// The file with the signed extension.
    pub file_id: FileId,
}

/// An order to end an agreement before its last day.
#[form]
#[derive(Eq)]
#[validate(schema(function = "termination_is_whole"))]
#[schema(example = json!({"ended_on": "2026-02-28", "ground": "mutual"}))]
pub struct AgreementTermination {
    /// The last day in force, today or earlier.
    pub ended_on: NaiveDate,
    /// The ground.
    pub ground: AgreementEnd,
    /// The ground in words. Required when the ground is `other`.
    pub text: Option<Note>,
    /// The file with the termination.
    pub file_id: Option<FileId>,
}

fn termination_is_whole(it: &AgreementTermination) -> Result<(), ValidationError> {
    let needs_text = it.ground.demands().contains(&Demand::Text);
    all_hold([lack(needs_text && it.text.is_none(), &["text", "ground"])])
}
