//! Hours of volunteers: the rules that need other rows.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::volunteer_work as work;
use crate::entry;
use crate::partnership::community::{is_member, volunteer_consent};
use crate::people::life_of;
use crate::sight::sees;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::sum;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{EventId, PersonId, VolunteerGroupId};
use domain::base::refusal::Reason;
use domain::partnership::community::members::Community;
use domain::partnership::community::volunteer_groups::VolunteerGroupForm;
use domain::partnership::events::EventForm;
use domain::partnership::events::volunteer_work::*;
use domain::partnership::words::Audience;

/// The reasons against hours that other rows know. `before` is the form before an edit or a step.
pub(crate) async fn against(
    tx: &mut Tx<'_>,
    id: EventId,
    form: &VolunteerWorkForm,
    before: Option<&VolunteerWorkForm>,
) -> Result<Vec<Reason>, Failure> {
    let mut reasons = Vec::new();
    if before.is_some_and(|it| form.is_decided_after(it)) && is_own(tx, form).await? {
        reasons.push(OWN.reason());
    }
    if form.state == VolunteerWorkState::Rejected {
        return Ok(reasons);
    }
    let event = entry::found::<EventForm>(tx, id).await?;
    event.must_stand()?;
    let state = event.form.state;
    let Some(person) = form.person_id else {
        let made_of = made_of(tx, form.group_id).await?;
        reasons.extend(form.against_group(made_of, state));
        return Ok(reasons);
    };
    // No day and no age tells of somebody whom the caller does not see: the reference is refused.
    let is_known = before.is_some_and(|it| it.person_id == form.person_id);
    if !is_known && !sees(tx, Subject::new(SubjectKind::Person, person)).await? {
        return Ok(reasons);
    }
    let Some(life) = life_of(tx, person).await?.0.first().copied() else { return Ok(reasons) };
    let own = before.filter(|it| it.person_id == form.person_id && it.worked_on == form.worked_on);
    let own = own.map_or(0, |it| i64::from(it.minutes));
    let minutes_beside = minutes_of(tx, person, form.worked_on).await?.saturating_sub(own);
    let consent = volunteer_consent(tx, person, (form.worked_on, form.worked_on)).await?;
    let facts = VolunteerFacts { state, life, minutes_beside, consent, today: tx.today() };
    reasons.extend(form.against_facts(&facts));
    Ok(reasons)
}

/// Whether the hours are of the caller, or of a group of which the caller was a member on that day or later.
async fn is_own(tx: &mut Tx<'_>, form: &VolunteerWorkForm) -> Result<bool, Failure> {
    let Some(caller) = tx.caller().and_then(|it| it.person) else { return Ok(false) };
    match (form.person_id, form.group_id) {
        (Some(person), _) => Ok(person == caller),
        (None, Some(group)) => is_member(tx, Community::VolunteerGroup(group), caller, form.worked_on).await,
        (None, None) => Ok(false),
    }
}

/// The people of whom a group is made. A group that is not there is told as a reference.
async fn made_of(tx: &mut Tx<'_>, id: Option<VolunteerGroupId>) -> Result<Option<Audience>, Failure> {
    let found = entry::those::<VolunteerGroupForm>(tx, id.into_iter().collect::<Vec<_>>()).await?;
    Ok(found.into_iter().find_map(|it| it.form.made_of))
}

/// The minutes of a person on a day, at all events, that nobody has rejected.
async fn minutes_of(tx: &mut Tx<'_>, id: PersonId, on: NaiveDate) -> Result<i64, Failure> {
    let theirs = work::table
        .filter(work::person_id.assume_not_null().eq(bind(id)))
        .filter(work::worked_on.eq(on))
        .filter(work::state.ne(bind(VolunteerWorkState::Rejected)))
        .filter(work::annulment_reason.is_null())
        .select(sum(work::minutes));
    let all: Option<i64> = db!(tx, first, theirs)?;
    Ok(all.unwrap_or(0))
}
