//! Days of trainings and nominations, held to the lives that they are about.
use crate::engine::failure::Failure;
use crate::people::{life_of, lives_of};
use crate::sight::sees;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::PersonId;
use domain::base::refusal::Reason;
use domain::partnership::community::nominations::NominationForm;
use domain::partnership::community::specialist_trainings::SpecialistTrainingForm;
use domain::people::Lives;
use std::any::Any;

/// The reasons against days outside of the life of the person or the family that the form names. `before` is the form before an edit.
pub(crate) async fn against_days(
    tx: &mut Tx<'_>,
    form: &dyn Any,
    before: Option<&dyn Any>,
) -> Result<Vec<Reason>, Failure> {
    if let Some(form) = form.downcast_ref::<SpecialistTrainingForm>() {
        let Some(person) = form.person_id else { return Ok(Vec::new()) };
        let was = before.and_then(|it| it.downcast_ref::<SpecialistTrainingForm>());
        let is_known = was.is_some_and(|it| it.person_id == form.person_id);
        let life = life_seen(tx, person, is_known).await?;
        return Ok(life.map(|it| form.against_life(&it)).unwrap_or_default());
    }
    let Some(form) = form.downcast_ref::<NominationForm>().filter(|it| it.sent_on.is_some()) else {
        return Ok(Vec::new());
    };
    // A nomination was drafted before it was sent, and the caller saw then whom it names.
    let lives = match (form.person_id, form.beneficiary_id) {
        (Some(person), _) => life_of(tx, person).await?,
        (None, Some(family)) => lives_of(tx, family).await?,
        (None, None) => return Ok(Vec::new()),
    };
    Ok(form.against_life(&lives))
}

/// The life of a person to which days are held. None for somebody whom the caller does not see, unless the form named them before: no day
/// and no age tells of them, for the reference is refused.
pub(crate) async fn life_seen(
    tx: &mut Tx<'_>,
    person: PersonId,
    was_named: bool,
) -> Result<Option<Lives>, Failure> {
    match was_named || sees(tx, Subject::new(SubjectKind::Person, person)).await? {
        true => life_of(tx, person).await.map(Some),
        false => Ok(None),
    }
}
