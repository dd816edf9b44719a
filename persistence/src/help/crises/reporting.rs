//! The facts of a report: who answers for the beneficiary, who is called, and whom it concerns.
use super::chain::Around;
use super::concerned::Company;
use super::seen::Seen;
use crate::accompaniment::rules;
use crate::engine::failure::Failure;
use crate::people::{against_life, lives_of};
use crate::tx::{ToldDay, Tx};
use chrono::NaiveDate;
use domain::help::crises::{CrisisReport, ReportFacts};
use domain::people::{Lives, is_minor};

/// The facts of a report about a beneficiary whom the caller reaches, and the report as it is judged. The call of a reporter who is no
/// staff stands: a moment outside of the life and a name that the reporter may not tell are left out of it.
pub async fn facts(tx: &mut Tx<'_>, order: &CrisisReport) -> Result<(CrisisReport, ReportFacts), Failure> {
    let (by, of) = (tx.author()?, order.beneficiary_id);
    let is_staff = !Seen::reading(tx).await?.whole.is_empty();
    let company = Company::of(tx, of, Some(order.cause())).await?;
    let around = Around::of(tx, &[(of, company.responsible)]).await?;
    let company = company.with(&around);
    let with_case = around.organizations(of);
    let answers = with_case.is_empty() || with_case.contains(&company.responsible);
    let first = with_case.first().copied().filter(|_| !answers).unwrap_or(company.responsible);
    let lives = lives_of(tx, of).await?;
    let happened_on = order.happened_at.map(|it| tx.zone().day(it));
    let days: Vec<ToldDay> =
        happened_on.into_iter().map(|day| ToldDay { name: "happened_at", day, is_own: true }).collect();
    let (names, moment) = (company.against_names(tx, order.cause()).await?, against_life(&lives, &days));
    let mut form = order.clone();
    if !is_staff && !names.is_empty() {
        (form.concerned_user_id, form.concerned_person_id) = (None, None);
    }
    if !is_staff && !moment.is_empty() {
        form.happened_at = None;
    }
    let concerned = company.concerned(tx, &around, form.cause()).await?;
    let survey = rules::guardianship_surveys(tx).await?;
    let facts = ReportFacts {
        by,
        is_own: tx.caller().is_some_and(|it| it.beneficiaries.contains(&of)),
        is_staff,
        organization_id: first,
        levels: around.levels((of, first), form.concerns.is_staff(), &concerned),
        organizations: company.organizations,
        concerned,
        details: names.into_iter().chain(moment).collect(),
        has_child: is_of_child(&lives, happened_on.unwrap_or(tx.today()), tx.today()),
        rules: rules::in_force(tx).await?,
        survey_due_on: survey.due_on(tx.today()),
    };
    Ok((form, facts))
}

/// Whether these lives are of a child, or of a family with one. One who has died since that day, or alone before it, stays a child.
pub(super) fn is_of_child(lives: &Lives, begun: NaiveDate, today: NaiveDate) -> bool {
    let is_alone = lives.0.len() == 1;
    lives.0.iter().any(|it| {
        let counts = it.died_on.is_none_or(|died_on| is_alone || died_on >= begun);
        counts && is_minor(it.born_on, it.died_on.unwrap_or(today))
    })
}
