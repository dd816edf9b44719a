//! Hours of volunteers: the rules that need other rows.
use crate::engine::column::{AnyId, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{event_organizers, events, volunteer_work as work};
use crate::entry::{self, EntryCard};
use crate::partnership::community::{is_member, life_seen, volunteer_consent};
use crate::people::selves;
use crate::scope::among;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{exists, sum};
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::id::{EventId, PersonId, VolunteerGroupId};
use domain::base::refusal::Reason;
use domain::base::text::REFERENCE;
use domain::partnership::community::members::Community;
use domain::partnership::community::volunteer_groups::VolunteerGroupForm;
use domain::partnership::events::EventForm;
use domain::partnership::events::volunteer_work::*;
use std::collections::HashMap;
use uuid::Uuid;

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
    if before.is_some() {
        event.must_stand()?;
    }
    let (state, days) = (event.form.state, event.form.days());
    let Some(person) = form.person_id else {
        reasons.extend(form.against_event(state, days));
        reasons.extend(against_group(tx, form, before).await?);
        return Ok(reasons);
    };
    let is_known = before.is_some_and(|it| it.person_id == form.person_id);
    let life = life_seen(tx, person, is_known).await?;
    let Some(life) = life.and_then(|it| it.0.first().copied()) else { return Ok(reasons) };
    let people = selves(tx, person).await?;
    let is_same = |it: &&VolunteerWorkForm| {
        it.worked_on == form.worked_on && it.person_id.is_some_and(|was| people.contains(&was))
    };
    let own = before.filter(is_same).map_or(0, |it| i64::from(it.minutes));
    let minutes_beside = minutes_of(tx, &people, form.worked_on).await?.saturating_sub(own);
    let consent = volunteer_consent(tx, person, (form.worked_on, form.worked_on)).await?;
    let facts = VolunteerFacts { state, days, life, minutes_beside, consent, today: tx.today() };
    reasons.extend(form.against_facts(&facts));
    Ok(reasons)
}

/// Hours that somebody of the caller's organizations is to confirm or to reject, the earliest day first: at events that these organizations
/// hold, alone or together with others. The caller's own wait for somebody else.
pub(crate) async fn hours_to_confirm(
    tx: &mut Tx<'_>,
    window: &Window,
) -> Result<Page<EntryCard<VolunteerWorkForm>>, Failure> {
    let of = tx.scope().organizations.clone();
    if of.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let own = tx.caller().and_then(|it| it.person);
    let rows: Vec<(NaiveDate, AnyId)> = db!(tx, load, {
        // Few hours wait, and an index has them in the order of days.
        let theirs = event_organizers::table
            .filter(event_organizers::event_id.eq(work::event_id))
            .filter(among(event_organizers::organizer_id, &of))
            .select(event_organizers::event_id);
        let standing = events::table
            .filter(events::id.eq(work::event_id))
            .filter(events::annulment_reason.is_null())
            .select(events::id);
        let mut all = work::table
            .filter(work::state.eq(bind(VolunteerWorkState::Recorded)))
            .filter(work::annulment_reason.is_null())
            .filter(exists(theirs))
            .filter(exists(standing))
            .order((work::worked_on.asc(), work::id.asc()))
            .limit(window.fetch())
            .select((work::worked_on, work::id))
            .into_boxed();
        if let Some(own) = own {
            let of_another = work::person_id.assume_not_null().ne(bind(own));
            all = all.filter(work::person_id.is_null().or(of_another));
        }
        all
    })?;
    let page = window.page(rows, |it| Place { text: Some(it.0.to_string()), id: Uuid::from(it.1) });
    let ids: Vec<Uuid> = page.items.iter().map(|it| Uuid::from(it.1)).collect();
    let cards = entry::those::<VolunteerWorkForm>(tx, ids.clone()).await?;
    let mut cards: HashMap<Uuid, EntryCard<VolunteerWorkForm>> =
        cards.into_iter().map(|it| (Uuid::from(it.id), it)).collect();
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(card) = cards.remove(&id) else { continue };
        if !is_own(tx, &card.form).await? {
            items.push(card);
        }
    }
    Ok(Page { items, next: page.next })
}

/// Whether the hours are of the caller under any record, or of a group to which the caller belonged on that day or later.
async fn is_own(tx: &mut Tx<'_>, form: &VolunteerWorkForm) -> Result<bool, Failure> {
    let Some(caller) = tx.caller().and_then(|it| it.person) else { return Ok(false) };
    match (form.person_id, form.group_id) {
        (Some(person), _) => Ok(selves(tx, caller).await?.contains(&person)),
        (None, Some(group)) => is_member(tx, Community::VolunteerGroup(group), caller, form.worked_on).await,
        (None, None) => Ok(false),
    }
}

/// The reasons against hours of a group that rest on it. A group that is not there, or was annulled, is told as a reference. One of an
/// organization for which the caller does not answer is named by nobody newly, and no refusal tells of whom it is made.
async fn against_group(
    tx: &mut Tx<'_>,
    form: &VolunteerWorkForm,
    before: Option<&VolunteerWorkForm>,
) -> Result<Vec<Reason>, Failure> {
    let ids: Vec<VolunteerGroupId> = form.group_id.into_iter().collect();
    let found = entry::those::<VolunteerGroupForm>(tx, ids).await?;
    let is_known = before.is_some_and(|it| it.group_id == form.group_id);
    let group = found.into_iter().find(|it| is_known || it.annulment.is_none());
    let Some(group) = group.map(|it| it.form) else { return Ok(Vec::new()) };
    let is_own = tx.scope().answers_for(group.organization_id);
    if !is_own && !is_known {
        return Ok(vec![REFERENCE.reason().at("/group_id")]);
    }
    let is_same = before.is_some_and(|it| it.minutes == form.minutes);
    let is_told = is_own && tx.scope_of(Right::EditPartnershipInside).answers_for(group.organization_id);
    let most = (is_own || !is_same).then(|| most_minutes_of_group(group.made_of, is_told));
    let VolunteerGroupForm { formed_on, disbanded_on, .. } = group;
    Ok(form.against_group(&VolunteerGroupFacts { formed_on, disbanded_on, most }))
}

/// The minutes of a person under these records on a day, at all events that stand, that nobody has rejected.
async fn minutes_of(tx: &mut Tx<'_>, people: &[PersonId], on: NaiveDate) -> Result<i64, Failure> {
    let standing = events::table
        .filter(events::id.eq(work::event_id))
        .filter(events::annulment_reason.is_null())
        .select(events::id);
    let theirs = work::table
        .filter(work::person_id.assume_not_null().eq_any(binds(people)))
        .filter(work::worked_on.eq(on))
        .filter(work::state.ne(bind(VolunteerWorkState::Rejected)))
        .filter(work::annulment_reason.is_null())
        .filter(exists(standing))
        .select(sum(work::minutes));
    let all: Option<i64> = db!(tx, first, theirs)?;
    Ok(all.unwrap_or(0))
}
