//! Screening of a candidate by every rule, and the checklist of documents, both from the database.
use super::{ApplicationCard, assessment, found, is_considered, whole};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{mentor_applications, mentors};
use crate::mentors::profiles;
use crate::region::programs::edition_in_force;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{ApplicationId, PersonId, ProgramId};
use domain::mentors::{
    Application, ApplicationForm, ApplicationState, Assessment, CandidateFacts, Checklist, Finding,
    ScreeningReport,
};
use domain::region::programs::{Edition, NOT_IN_FORCE};
use shape::card;
use std::collections::{BTreeSet, HashMap};

/// The report is computed for a day, so it has no version. The function that makes it notes the read.
impl Card for ScreeningReport {}

/// The checklist is computed for a day, so it has no version. The function that makes it notes the read.
impl Card for Checklist {}

/// The screening of an application in short.
#[card]
#[derive(Clone)]
pub struct ScreeningSummary {
    /// The day on which the rules were applied.
    pub as_of: NaiveDate,
    /// The number of broken rules.
    #[schema(value_type = i32, minimum = 0, maximum = 100, example = 2)]
    pub failed: usize,
    /// The code of the first broken rule.
    #[schema(value_type = Option<domain::base::refusal::RefusalCode>)]
    pub first_code: Option<&'static str>,
}

/// The facts about a candidate that rules judge. The caller's scope does not limit them.
pub async fn candidate(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    form: &ApplicationForm,
) -> Result<CandidateFacts, Failure> {
    let assessment = assessment(tx, id).await?.map_or(Assessment::Missing, Assessment::Given);
    let facts = candidates(tx, vec![(id, form, assessment)]).await?.pop();
    facts.ok_or_else(|| Failure::broken(format!("no facts about application {id}")))
}

/// The same about several candidates, in their order.
async fn candidates(
    tx: &mut Tx<'_>,
    all: Vec<(ApplicationId, &ApplicationForm, Assessment)>,
) -> Result<Vec<CandidateFacts>, Failure> {
    let asked: Vec<_> = all.iter().map(|(_, it, _)| (it.person_id, it.organization_id, it.ngo_id)).collect();
    let profiles = profiles(tx, &asked).await?;
    let people: Vec<PersonId> = asked.iter().map(|it| it.0).collect();
    let approved = mentors::table.filter(mentors::person_id.eq_any(binds(&people)));
    let approved: Vec<(PersonId, ApplicationId)> =
        db!(tx, load, approved.select((mentors::person_id, mentors::application_id)))?;
    let open = mentor_applications::table
        .filter(mentor_applications::person_id.eq_any(binds(&people)))
        .filter(is_considered!());
    let open: Vec<(PersonId, ApplicationId)> =
        db!(tx, load, open.select((mentor_applications::person_id, mentor_applications::id)))?;
    let has_other =
        |of: &[(PersonId, ApplicationId)], id, person| of.iter().any(|it| it.0 == person && it.1 != id);
    let facts = |((id, form, assessment), profile): ((_, &ApplicationForm, _), _)| CandidateFacts {
        profile,
        is_mentor: has_other(&approved, id, form.person_id),
        has_other_open_application: has_other(&open, id, form.person_id),
        assessment,
    };
    Ok(all.into_iter().zip(profiles).map(facts).collect())
}

/// Puts the screening of today on the cards that await a decision and that the caller may screen.
pub(super) async fn summarize(tx: &mut Tx<'_>, cards: &mut [ApplicationCard]) -> Result<(), Failure> {
    let today = tx.today();
    let own = tx.caller().and_then(|it| it.person);
    let scope = tx.scope_of(Right::ScreenApplications);
    let may_screen = |it: &ApplicationCard| {
        scope.everything
            || scope.organizations.contains(&it.organization_id)
            || scope.programs.contains(&it.program_id)
    };
    let screened: Vec<usize> = (0..cards.len())
        .filter(|it| cards.get(*it).is_some_and(|it| it.awaits_decision && may_screen(it)))
        .collect();
    if screened.is_empty() {
        return Ok(());
    }
    let forms: Vec<_> = screened
        .iter()
        .filter_map(|it| cards.get(*it))
        .map(|it| (it.id, it.form(), it.assessed(own)))
        .collect();
    let asked = forms.iter().map(|(id, form, assessment)| (*id, form, assessment.clone())).collect();
    let facts = candidates(tx, asked).await?;
    let programs: BTreeSet<ProgramId> = forms.iter().map(|it| it.1.program_id).collect();
    let mut editions = HashMap::new();
    for program in programs {
        editions.insert(program, edition_in_force(tx, program, today).await?);
    }
    for (place, ((_, form, _), facts)) in screened.iter().zip(forms.iter().zip(&facts)) {
        let edition = editions.get(&form.program_id).and_then(Option::as_ref);
        let report = screened_by(edition, form, facts, today);
        if let Some(card) = cards.get_mut(*place) {
            let (failed, first_code) = (report.findings.len(), report.findings.first().map(|it| it.code));
            card.screening = Some(ScreeningSummary { as_of: today, failed, first_code });
        }
    }
    Ok(())
}

/// Screens by an edition. Without one, that there is none is all that can be told.
fn screened_by(
    edition: Option<&Edition>,
    form: &ApplicationForm,
    facts: &CandidateFacts,
    on: NaiveDate,
) -> ScreeningReport {
    match edition {
        Some(edition) => domain::mentors::screening(form, facts, &edition.form.mentor, on),
        None => {
            let findings = vec![Finding::from(&NOT_IN_FORCE.reason())];
            ScreeningReport { as_of: on, passed: false, findings }
        }
    }
}

/// Loads an application whose content the answer shows, and notes the read.
async fn read(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Failure> {
    let it = found(tx, id).await?;
    tx.disclose([Subject::new(SubjectKind::Application, id)])?;
    whole(&it)
}

/// Every rule that an application fails today.
pub async fn screening(tx: &mut Tx<'_>, id: ApplicationId) -> Result<ScreeningReport, Failure> {
    let (application, today) = (read(tx, id).await?, tx.today());
    let form = application.form();
    let edition = edition_in_force(tx, form.program_id, today).await?;
    let mut facts = candidate(tx, id, form).await?;
    let own = tx.caller().is_some_and(|it| it.person == Some(form.person_id));
    if own || !application.is_considered() {
        facts.assessment = Assessment::Untold;
    }
    Ok(screened_by(edition.as_ref(), form, &facts, today))
}

/// The documents that the program's edition in force demands, and which of them the candidate brought.
pub async fn checklist(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Checklist, Failure> {
    let (application, today) = (read(tx, id).await?, tx.today());
    let form = application.form();
    let edition = edition_in_force(tx, form.program_id, today).await?;
    let asked = edition.as_ref().map(|it| (it.id, &it.form.mentor));
    Ok(domain::mentors::checklist(form, asked, today))
}
