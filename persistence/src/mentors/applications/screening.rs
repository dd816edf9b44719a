//! Every rule that a candidate fails, as the database knows the candidate.
use super::{application, card};
use crate::card::Card;
use crate::column::bind;
use crate::conn::db;
use crate::failure::Failure;
use crate::mentors::profile;
use crate::programs::edition_in_force;
use crate::schema::{mentor_applications, mentors};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::change::{Subject, SubjectKind};
use domain::id::ApplicationId;
use domain::mentors::{ApplicationForm, ApplicationState, CandidateFacts, Finding, ScreeningReport};
use domain::programs::NOT_IN_FORCE;

/// Computed for a day; whoever reads it is noted where it is made.
impl Card for ScreeningReport {}

/// What the world knows about a candidate, whatever the caller may see.
pub async fn candidate(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    form: &ApplicationForm,
) -> Result<CandidateFacts, Failure> {
    let profile = profile(tx, form.person_id, form.organization_id, form.ngo_id).await?;
    let others = mentors::table
        .filter(mentors::person_id.eq(bind(form.person_id)))
        .filter(mentors::application_id.ne(bind(id)));
    let is_mentor = db!(tx, get_result, diesel::select(exists(others)))?;
    let open = mentor_applications::state
        .eq(bind(ApplicationState::Submitted))
        .or(mentor_applications::state.eq(bind(ApplicationState::UnderReview)));
    let elsewhere = mentor_applications::table
        .filter(mentor_applications::person_id.eq(bind(form.person_id)))
        .filter(mentor_applications::id.ne(bind(id)))
        .filter(open);
    let has_other_open_application = db!(tx, get_result, diesel::select(exists(elsewhere)))?;
    Ok(CandidateFacts { profile, is_mentor, has_other_open_application })
}

/// Every rule that an application fails today.
pub async fn screening(tx: &mut Tx<'_>, id: ApplicationId) -> Result<ScreeningReport, Failure> {
    let it = card(tx, id).await?;
    tx.disclose(Subject::new(SubjectKind::Application, id))?;
    let (today, program) = (tx.today(), it.program_id);
    let broken = || Failure::broken(format!("application {id} lacks what its state needs"));
    let application = application(it).ok_or_else(broken)?;
    let Some(edition) = edition_in_force(tx, program, today).await? else {
        let findings = vec![Finding::from(&NOT_IN_FORCE.reason())];
        return Ok(ScreeningReport { as_of: today, passed: false, findings });
    };
    let facts = candidate(tx, id, application.form()).await?;
    Ok(domain::mentors::screening(application.form(), &facts, &edition.form.mentor, today))
}
