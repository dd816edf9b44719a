//! Orders about teams: the bodies of requests.
use super::words::{GrantLevel, SentTeamEndReason, TeamEndReason, TeamRole};
use crate::accompaniment::sharing::clauses;
use crate::base::clauses::all_hold;
use crate::base::id::{ConsentId, FileId, UserId};
use crate::base::text::Note;
use crate::base::word::{first, only_sent};
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// An order to take an account into the team of a case.
#[form]
#[validate(schema(function = "invitation_is_whole"))]
#[schema(example = json!({"user_id": "01980000-0000-7000-8000-000000000003", "role": "psychologist", "parts": ["identity", "life"], "until": "2026-12-31", "consent_id": "01980000-0000-7000-8000-000000000012"}))]
pub struct TeamInvitation {
    /// The account: a director's, a head's or a specialist's, of this or another organization. An account reads its id in `GET /me`.
    pub user_id: UserId,
    /// The role in the team.
    pub role: TeamRole,
    /// The parts of the case that an account of another organization sees, `identity` among them. The own staff sees all of them.
    #[at_most(8)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<CasePart>,
    /// Whether an account of another organization adds own records too; `read` if none is given. Contacts need the part `records`,
    /// deliveries of services the part `help`.
    #[serde(default = "first")]
    pub level: GrantLevel,
    /// The last day. Required for another organization: within a year, and while the consent holds.
    pub until: Option<NaiveDate>,
    /// The consent for the purpose `team` that names the other organization and these parts.
    pub consent_id: Option<ConsentId>,
    /// The ground of law, instead of a consent. The director grants by it `identity` and `life` alone.
    pub legal_ground: Option<Note>,
    /// The file with the ground of law. Required with it.
    pub ground_file_id: Option<FileId>,
}

fn invitation_is_whole(it: &TeamInvitation) -> Result<(), ValidationError> {
    all_hold(clauses(it.consent_id, it.legal_ground.as_ref(), it.ground_file_id, &it.parts))
}

/// An order to end a membership in a team. It works at once.
#[form]
#[schema(example = json!({"reason": "not_needed"}))]
pub struct TeamEnding {
    /// The reason.
    #[schema(value_type = SentTeamEndReason)]
    #[serde(deserialize_with = "only_sent")]
    pub reason: TeamEndReason,
    /// The reason in words. Required when the reason is `other`.
    pub note: Option<Note>,
}
