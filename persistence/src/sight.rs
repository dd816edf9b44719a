//! What a caller can see: asked before answering 403 instead of 404, and before an order may refer to something.
use crate::failure::Failure;
use crate::organizations;
use crate::tx::Tx;
use crate::users;
use domain::access::Right;
use domain::change::{Subject, SubjectKind};
use domain::refusal::Refused;
use uuid::Uuid;

/// The right by which a kind of thing is read.
pub fn right_to_see(kind: SubjectKind) -> Option<Right> {
    match kind {
        SubjectKind::Organization | SubjectKind::Unit => Some(Right::ReadOrganizations),
        SubjectKind::User | SubjectKind::ApiKey => Some(Right::ReadUsers),
        _ => None,
    }
}

/// The kind of thing that a collection of the API holds.
pub fn kind_of(collection: &str) -> Option<SubjectKind> {
    Some(match collection {
        "organizations" => SubjectKind::Organization,
        "units" => SubjectKind::Unit,
        "users" => SubjectKind::User,
        "api-keys" => SubjectKind::ApiKey,
        "people" => SubjectKind::Person,
        "families" => SubjectKind::Family,
        "beneficiaries" => SubjectKind::Beneficiary,
        "representatives" => SubjectKind::Representative,
        "cases" => SubjectKind::Case,
        "programs" => SubjectKind::Program,
        "files" => SubjectKind::File,
        "mentor-applications" => SubjectKind::Application,
        "training-courses" => SubjectKind::Course,
        "mentors" => SubjectKind::Mentor,
        "mentorships" => SubjectKind::Mentorship,
        "meetings" => SubjectKind::Meeting,
        _ => return None,
    })
}

/// Whether the caller can see that thing at all.
pub async fn sees(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    let Some(right) = right_to_see(subject.kind) else { return Ok(false) };
    let before = tx.look_by(right);
    let seen = look(tx, subject).await;
    tx.look_again(before);
    seen
}

async fn look(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    match subject.kind {
        SubjectKind::Organization => organizations::sees(tx, subject.id.into()).await,
        SubjectKind::Unit => organizations::sees_unit(tx, subject.id.into()).await,
        SubjectKind::User => users::sees(tx, subject.id.into()).await,
        SubjectKind::ApiKey => users::sees_key(tx, subject.id.into()).await,
        _ => Ok(false),
    }
}

/// Refuses as «not found» what the caller cannot see.
pub async fn must_see(tx: &mut Tx<'_>, subject: Subject) -> Result<(), Failure> {
    if sees(tx, subject).await? { Ok(()) } else { Err(Failure::NotFound(Some(subject))) }
}

/// Refuses an order that refers to something the caller cannot see, in the words for something that is not there.
pub async fn must_refer(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: Option<impl Into<Uuid>>,
    pointer: &str,
) -> Result<(), Failure> {
    let Some(id) = id else { return Ok(()) };
    if sees(tx, Subject::new(kind, id)).await? {
        return Ok(());
    }
    Err(Refused::from(domain::text::REFERENCE.reason().at(pointer)).into())
}
