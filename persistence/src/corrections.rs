//! Corrections of entries, as the areas know of them: whom an entry is about, the term in force, and what rests on it.
//!
//! A row of a directory that is annulled leaves what was made by it as it is: an assessment by an edition of a scale, a delivery by one of a
//! standard. So it is with what stands under a thing: it leaves the figures together with the thing. A signed month keeps what it has
//! counted, and the next one tells of the annulment. None of them is a reason here. Decisions of a council are one, for their tasks bind others.
use crate::accompaniment::cases;
use crate::engine::failure::Failure;
use crate::help::needs;
use crate::partnership::{decisions, events};
use crate::people;
use crate::region::terms;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::correction::Recorded;
use domain::base::moment::Moment;
use domain::base::refusal::Reason;

/// The record of an entry about the past, as the rules about its corrections see it.
pub(crate) async fn recorded(
    tx: &mut Tx<'_>,
    made_at: Moment,
    about: &[Subject],
) -> Result<Recorded, Failure> {
    let is_about_caller = is_about_caller(tx, about).await?;
    let term = terms::corrections(tx).await?;
    Ok(tx.recorded(made_at, false, is_about_caller, term))
}

/// Whether one of these things is about the caller: the person under any record, as a beneficiary too, or a case of theirs.
async fn is_about_caller(tx: &mut Tx<'_>, about: &[Subject]) -> Result<bool, Failure> {
    let Some(caller) = tx.caller() else { return Ok(false) };
    let (person, own) = (caller.person, caller.beneficiaries.clone());
    for it in about {
        let is_own = match it.kind {
            SubjectKind::Person => match person {
                Some(person) => people::selves(tx, person).await?.contains(&it.id.into()),
                None => false,
            },
            SubjectKind::Beneficiary => own.contains(&it.id.into()),
            SubjectKind::Case if !own.is_empty() => {
                own.contains(&cases::beneficiary_of(tx, it.id.into()).await?)
            }
            _ => false,
        };
        if is_own {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The things that rest on an entry, as reasons against its annulment.
pub(crate) async fn built_on(
    tx: &mut Tx<'_>,
    of: Subject,
    under: Option<Subject>,
) -> Result<Vec<Reason>, Failure> {
    match (of.kind, under) {
        (SubjectKind::Need, Some(case)) => needs::built_on(tx, case.id.into(), of.id.into()).await,
        (SubjectKind::EventAttendance, Some(event)) => {
            events::corrected_by(tx, event.id.into(), of.id.into()).await
        }
        (SubjectKind::Council, _) => decisions::built_on(tx, of.id.into()).await,
        _ => Ok(Vec::new()),
    }
}
