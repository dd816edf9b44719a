//! Orders about requests for help: the bodies of requests.
use super::words::{IntakeSource, IntakeState, SentIntakeState};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{BeneficiaryId, CaseId, IntakeRequestId, OrganizationId, PersonId, UserId};
use crate::base::text::{Note, Oktmo};
use crate::base::word::only_sent;
use crate::help::needs::NeedUrgency;
use shape::form;
use validator::{Validate, ValidationError};

/// A request for help, as somebody makes it.
#[form]
#[validate(schema(function = "request_is_whole"))]
#[schema(example = json!({"source": "neighbour", "described": "Женщина с двумя детьми, дом у реки.", "territory": "25655101001", "urgency": "week", "danger_to_child": false, "text": "Нет дров, дети не ходят в школу.", "reporter": "Соседка, просила не называть."}))]
pub struct IntakeRequestForm {
    /// The source.
    pub source: IntakeSource,
    /// The person in need, if the caller sees them. Nobody asks for help for the dead: who is left is described.
    pub person_id: Option<PersonId>,
    /// The people in need in words, instead of `person_id`.
    pub described: Option<Note>,
    /// The municipality or the settlement.
    pub territory: Oktmo,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// Whether a child is in danger. Then the organizations of the territory are called level by level, and guardianship at once.
    #[serde(default)]
    pub danger_to_child: bool,
    /// The need in words.
    pub text: Note,
    /// The one who told of it, and how to reach them.
    pub reporter: Option<Note>,
    /// The account of the one whom the request accuses, also one that the caller does not see. That one learns nothing of it by any account.
    pub concerned_user_id: Option<UserId>,
    /// The person whom it accuses, if they have no account, also one whom the caller does not see. One of these three at most.
    pub concerned_person_id: Option<PersonId>,
    /// The organization whose staff it accuses. Nobody who serves there learns of it.
    pub concerned_organization_id: Option<OrganizationId>,
}

fn request_is_whole(it: &IntakeRequestForm) -> Result<(), ValidationError> {
    let (is_known, is_described) = (it.person_id.is_some(), it.described.is_some());
    let (account, person) = (it.concerned_user_id.is_some(), it.concerned_person_id.is_some());
    let staff = it.concerned_organization_id.is_some();
    all_hold([
        clash(account && person, &["concerned_person_id", "concerned_user_id"]),
        clash(account && staff, &["concerned_organization_id", "concerned_user_id"]),
        clash(person && staff, &["concerned_organization_id", "concerned_person_id"]),
        clash(is_known && is_described, &["described", "person_id"]),
        lack(!is_known && !is_described, &["described", "person_id"]),
    ])
}

/// An order to take up the check of a request for help. The first organization has it.
#[form]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001"}))]
pub struct IntakeCheck {
    /// The caller's organization: of the territory of the request, or the one to which it was redirected.
    pub organization_id: OrganizationId,
}

/// An order of the region to direct a request that waits to an organization, which alone may take it up then.
#[form]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "note": "В районе некому проверить."}))]
pub struct IntakeDirection {
    /// The organization. Somebody there works on cases.
    pub organization_id: OrganizationId,
    /// The reason in words.
    pub note: Note,
}

/// An order to give a request for help back before its decision: another organization may take it up.
#[form]
#[schema(example = json!({"note": "Специалист заболел, выезд некому сделать."}))]
pub struct IntakeRelease {
    /// The reason in words.
    pub note: Note,
}

/// An order to decide a request for help after its check.
#[form]
#[validate(schema(function = "decision_is_whole"))]
#[schema(example = json!({"outcome": "no_need", "note": "Дрова привезли, дети здоровы и учатся."}))]
pub struct IntakeDecision {
    /// The outcome.
    #[schema(value_type = SentIntakeState)]
    #[serde(deserialize_with = "only_sent")]
    pub outcome: IntakeState,
    /// The outcome in words.
    pub note: Note,
    /// The open case of the organization in which the need is met; this or `beneficiary_id` with `accepted`.
    pub case_id: Option<CaseId>,
    /// The beneficiary who is helped; this or `case_id` with `accepted`.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// The organization that has to check the request anew, with `redirected`. Somebody there works on cases.
    pub organization_id: Option<OrganizationId>,
    /// The earlier request for the same help, with `duplicate`. It is no duplicate itself.
    pub duplicate_of_id: Option<IntakeRequestId>,
}

fn decision_is_whole(it: &IntakeDecision) -> Result<(), ValidationError> {
    let is = |outcome: IntakeState| it.outcome == outcome;
    let (accepted, redirected) = (is(IntakeState::Accepted), is(IntakeState::Redirected));
    let duplicate = is(IntakeState::Duplicate);
    let (case, beneficiary) = (it.case_id.is_some(), it.beneficiary_id.is_some());
    all_hold([
        lack(accepted && !case && !beneficiary, &["case_id", "outcome"]),
        clash(case && beneficiary, &["beneficiary_id", "case_id"]),
        clash(case && !accepted, &["case_id", "outcome"]),
        clash(beneficiary && !accepted, &["beneficiary_id", "outcome"]),
        lack(redirected && it.organization_id.is_none(), &["organization_id", "outcome"]),
        clash(!redirected && it.organization_id.is_some(), &["organization_id", "outcome"]),
        lack(duplicate && it.duplicate_of_id.is_none(), &["duplicate_of_id", "outcome"]),
        clash(!duplicate && it.duplicate_of_id.is_some(), &["duplicate_of_id", "outcome"]),
    ])
}
