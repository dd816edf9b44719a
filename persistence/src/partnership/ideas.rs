//! Ideas in the database: they are entries; here is what an idea became.
use crate::engine::failure::Failure;
use crate::sight::sees;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::refusal::Reason;
use domain::base::text::REFERENCE;
use domain::partnership::ideas::IdeaForm;
use uuid::Uuid;

/// The reasons against an adoption into things that the caller does not see.
pub(super) async fn against_edit(
    tx: &mut Tx<'_>,
    before: &IdeaForm,
    after: &IdeaForm,
) -> Result<Vec<Reason>, Failure> {
    if !after.is_adopted_after(before) {
        return Ok(Vec::new());
    }
    let told = [
        (SubjectKind::Project, after.project_id.map(Uuid::from), "/project_id"),
        (SubjectKind::Practice, after.practice_id.map(Uuid::from), "/practice_id"),
        (SubjectKind::Task, after.task_id.map(Uuid::from), "/task_id"),
    ];
    let mut reasons = Vec::new();
    for (kind, id, pointer) in told {
        let Some(id) = id else { continue };
        if !sees(tx, Subject::new(kind, id)).await? {
            reasons.push(REFERENCE.reason().at(pointer));
        }
    }
    Ok(reasons)
}
