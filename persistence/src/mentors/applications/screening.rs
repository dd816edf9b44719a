//! Screening of a candidate by every rule, and the checklist of documents, both from the database.
use super::{application, assessment, card, is_considered};
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{mentor_applications, mentors};
use crate::mentors::profile;
use crate::region::programs::edition_in_force;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::ApplicationId;
use domain::mentors::{
    Application, ApplicationForm, ApplicationState, Assessment, CandidateFacts, Checklist, Finding,
    ScreeningReport,
};
use domain::region::programs::NOT_IN_FORCE;

/// The report is computed for a day, so it has no version. The function that makes it notes the read.
impl Card for ScreeningReport {}

/// The checklist is computed for a day, so it has no version. The function that makes it notes the read.
impl Card for Checklist {}

/// The facts about a candidate that rules judge. The caller's scope does not limit them.
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
    let elsewhere = mentor_applications::table
        .filter(mentor_applications::person_id.eq(bind(form.person_id)))
        .filter(mentor_applications::id.ne(bind(id)))
        .filter(is_considered!());
    let has_other_open_application = db!(tx, get_result, diesel::select(exists(elsewhere)))?;
    let assessment = assessment(tx, id).await?.map_or(Assessment::Missing, Assessment::Given);
    Ok(CandidateFacts { profile, is_mentor, has_other_open_application, assessment })
}

/// Loads an application whose content the answer shows, and notes the read.
async fn read(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Failure> {
    let it = card(tx, id).await?;
    tx.disclose(Subject::new(SubjectKind::Application, id))?;
    application(it).ok_or_else(|| Failure::broken(format!("application {id} lacks what its state needs")))
}

/// Every rule that an application fails today.
pub async fn screening(tx: &mut Tx<'_>, id: ApplicationId) -> Result<ScreeningReport, Failure> {
    let (application, today) = (read(tx, id).await?, tx.today());
    let form = application.form();
    let Some(edition) = edition_in_force(tx, form.program_id, today).await? else {
        let findings = vec![Finding::from(&NOT_IN_FORCE.reason())];
        return Ok(ScreeningReport { as_of: today, passed: false, findings });
    };
    let mut facts = candidate(tx, id, form).await?;
    let own = tx.caller().is_some_and(|it| it.person == Some(form.person_id));
    if own || !application.is_considered() {
        facts.assessment = Assessment::Untold;
    }
    Ok(domain::mentors::screening(form, &facts, &edition.form.mentor, today))
}

/// The documents that the program's edition in force demands, and which of them the candidate brought.
pub async fn checklist(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Checklist, Failure> {
    let (application, today) = (read(tx, id).await?, tx.today());
    let form = application.form();
    let edition = edition_in_force(tx, form.program_id, today).await?;
    let asked = edition.as_ref().map(|it| (it.id, &it.form.mentor));
    Ok(domain::mentors::checklist(form, asked, today))
}
