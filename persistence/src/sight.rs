//! What a caller can see: asked before answering 403 instead of 404, and before an order may refer to something.
use crate::engine::failure::Failure;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MentorId, OrganizationId};
use domain::base::refusal::Refused;
use uuid::Uuid;

/// Whether the caller can see that thing at all.
pub async fn sees(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    let Some(right) = tx.above().right_to_see(subject.kind) else { return Ok(false) };
    let before = tx.look_by(right);
    let seen = reaches(tx, subject).await;
    tx.look_again(before);
    seen
}

/// Whether the right of this transaction reaches that thing: asked at the entrance, before the body of an order is read.
pub async fn reaches(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    tx.above().reaches(tx, subject).await
}

/// Whether a read found what it looked for. An outage answers nothing, so it is passed on: never «not found» in its place.
pub(crate) fn is_seen<T>(found: Result<T, Failure>) -> Result<bool, Failure> {
    match found {
        Ok(_) => Ok(true),
        Err(Failure::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
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
    if sees(tx, Subject::new(kind, id)).await? { Ok(()) } else { Err(dangling(pointer)) }
}

/// Refuses an order about something that the right of this transaction does not reach, though another right of the caller
/// may: whoever knows somebody as a mentor does not open a case for them as a director.
pub async fn must_reach(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: impl Into<Uuid>,
    pointer: &str,
) -> Result<(), Failure> {
    if reaches(tx, Subject::new(kind, id)).await? { Ok(()) } else { Err(dangling(pointer)) }
}

/// Refuses an order that makes an institution responsible which the right of this transaction does not reach.
pub async fn must_be_own(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    pointer: &str,
) -> Result<(), Failure> {
    if !tx.scope().answers_for(organization) {
        return Err(dangling(pointer));
    }
    must_refer(tx, SubjectKind::Organization, Some(organization), pointer).await
}

/// The refusal of a reference to what is not there or not the caller's to see.
pub(crate) fn dangling(pointer: &str) -> Failure {
    Refused::from(domain::base::text::REFERENCE.reason().at(pointer)).into()
}

/// What the caller takes part in as a mentor or a beneficiary. Whoever is of the staff too is told nothing of these by matching and
/// vetoes: what stands between two people, and how either chose, is not for either of them.
pub(crate) struct Own {
    pub(crate) mentor: Option<MentorId>,
    pub(crate) beneficiaries: Vec<BeneficiaryId>,
}

impl Own {
    pub(crate) fn of(tx: &Tx<'_>) -> Self {
        let mentor = tx.caller().and_then(|it| it.mentor);
        let beneficiaries = tx.caller().map(|it| it.beneficiaries.to_vec());
        Self { mentor, beneficiaries: beneficiaries.unwrap_or_default() }
    }
    pub(crate) fn is_of(&self, beneficiary: BeneficiaryId, mentor: MentorId) -> bool {
        self.is_mentor(mentor) || self.is(beneficiary)
    }
    pub(crate) fn is_mentor(&self, mentor: MentorId) -> bool {
        self.mentor == Some(mentor)
    }
    pub(crate) fn is(&self, beneficiary: BeneficiaryId) -> bool {
        self.beneficiaries.contains(&beneficiary)
    }
}
