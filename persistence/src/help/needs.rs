//! Needs in the database: they are entries; here is what needs other rows, and what is due in all cases.
use crate::accompaniment::cases::seen;
use crate::engine::column::{Json, any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{DaysAhead, Page, Place, Window};
use crate::engine::schema::{
    beneficiaries, case_problems, cases, needs, referrals, service_deliveries as deliveries,
};
use crate::entry::{self, EntryCard};
use crate::scope::{Way, among, when, within};
use crate::sight::sees;
use crate::tx::{HandedOver, Tx};
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::cases::{CASE_NOT_OPEN, CaseState};
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Entered;
use domain::base::entry::correction::built_on as rests;
use domain::base::filters::any::AnyOf;
use domain::base::id::{CaseId, NeedId, OrganizationId, ReferralId, ServiceDeliveryId, UserId};
use domain::base::refusal::Reason;
use domain::base::text::REFERENCE;
use domain::help::needs::{NeedForm, NeedState, NeedUrgency, OPEN_NEEDS, UnmetReason, end_with_case};
use domain::help::referrals::ReferralState;
use domain::help::service_standards::ServiceStandardForm;
use domain::people::consents::CasePart;
use shape::filter;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The things that a refused annulment names at most.
const MOST_TOLD: usize = 20;

/// The needs of a case that have not ended. The caller's scope does not limit them.
macro_rules! open {
    ($case:expr) => {
        needs::table
            .filter(needs::case_id.eq(bind($case)))
            .filter(needs::state.eq_any(any_of(&NeedState::unended())))
            .filter(needs::annulment_reason.is_null())
    };
}

/// Filters of the list of needs that are due.
#[filter]
pub struct DueNeedFilter {
    /// Only needs whose last day has passed, is today or is within this number of days (1 to 365).
    #[param(value_type = Option<i32>, minimum = 1, maximum = 365, example = 7)]
    pub due_within_days: Option<DaysAhead>,
    /// Only of these urgencies.
    pub urgency: Option<AnyOf<NeedUrgency>>,
    /// Only needs of cases of which this specialist is in charge.
    pub specialist_user_id: Option<UserId>,
}

/// Needs of the visible cases that have a last day and have not ended, the earliest last day first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &DueNeedFilter,
    window: &Window,
) -> Result<Page<EntryCard<NeedForm>>, Failure> {
    let scope = tx.scope().clone();
    let mut found = BTreeSet::new();
    for state in NeedState::unended() {
        for of in &scope.organizations {
            found.extend(due(tx, (state, Some(*of)), filter, window).await?);
        }
        if scope.everything || !scope.territories.is_empty() {
            found.extend(due(tx, (state, None), filter, window).await?);
        }
    }
    let rows = window.first_of(found.into_iter().collect(), true, |it| *it);
    let page = window.page(rows, |it| Place { text: Some(it.0.to_string()), id: it.1.into() });
    let ids: Vec<NeedId> = page.items.iter().map(|it| it.1).collect();
    let cards = entry::those::<NeedForm>(tx, ids.clone()).await?;
    let mut cards: HashMap<NeedId, EntryCard<NeedForm>> = cards.into_iter().map(|it| (it.id, it)).collect();
    Ok(Page { items: ids.iter().filter_map(|it| cards.remove(it)).collect(), next: page.next })
}

/// The first needs of a state by their last day: of an organization of the scope, or of all visible cases. An index has the organization and
/// the state with that order behind them. A need that has not ended is of an open case.
async fn due(
    tx: &mut Tx<'_>,
    (state, of): (NeedState, Option<OrganizationId>),
    filter: &DueNeedFilter,
    window: &Window,
) -> Result<Vec<(NaiveDate, NeedId)>, Failure> {
    let (scope, last_day) = (tx.scope().clone(), filter.due_within_days.map(|it| it.last_day(tx.today())));
    Ok(db!(tx, load, {
        let mut all = needs::table
            .filter(needs::state.eq(bind(state)))
            .filter(needs::due_on.is_not_null())
            .filter(needs::annulment_reason.is_null())
            .select((needs::due_on.assume_not_null(), needs::id))
            .order((needs::due_on.asc(), needs::id.asc()))
            .limit(window.fetch())
            .into_boxed();
        match of {
            Some(of) => all = all.filter(needs::organization_id.eq(bind(of))),
            None if scope.everything => {}
            None => all = all.filter(needs::case_id.eq_any(seen!(cases::table, scope).select(cases::id))),
        }
        if let Some(specialist) = filter.specialist_user_id {
            let theirs = cases::table.filter(cases::specialist_user_id.eq(bind(Some(specialist))));
            all = all.filter(needs::case_id.eq_any(theirs.select(cases::id)));
        }
        if let Some(last_day) = last_day {
            all = all.filter(needs::due_on.assume_not_null().le(last_day));
        }
        if let Some(urgencies) = &filter.urgency {
            all = all.filter(needs::urgency.eq_any(any_of(urgencies.values())));
        }
        if let Some((after, id)) = window.beyond::<NaiveDate, NeedId>() {
            let later = needs::due_on.assume_not_null().gt(after);
            all = all
                .filter(needs::due_on.assume_not_null().ge(after))
                .filter(later.or(needs::id.gt(bind(id))));
        }
        all
    })?)
}

/// The reasons against a need that other rows know: its case is closed, or its problem is of another case.
pub(crate) async fn against(tx: &mut Tx<'_>, case: CaseId, form: &NeedForm) -> Result<Vec<Reason>, Failure> {
    let mut reasons = Vec::new();
    let state: CaseState = db!(tx, first, cases::table.find(bind(case)).select(cases::state))?;
    if state == CaseState::Closed && !form.state.is_over() {
        reasons.push(CASE_NOT_OPEN.reason());
    }
    if let Some(problem) = form.problem_id {
        let of = case_problems::table.find(bind(problem)).select(case_problems::case_id);
        let of: Option<CaseId> = db!(tx, first, of).optional()?;
        let subject = Subject::new(SubjectKind::CaseProblem, problem);
        if of.is_some_and(|it| it != case) && sees(tx, subject).await? {
            reasons.push(REFERENCE.reason().at("/problem_id"));
        }
    }
    Ok(reasons)
}

/// Those of the needs that are of another case or annulled, by their places. One that the caller does not see is refused as a reference already.
pub(crate) async fn unsuited(tx: &mut Tx<'_>, case: CaseId, ids: &[NeedId]) -> Result<Vec<usize>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let other = needs::case_id.ne(bind(case)).or(needs::annulment_reason.is_not_null());
    let others = needs::table.filter(needs::id.eq_any(binds(ids))).filter(other);
    let others: Vec<NeedId> = db!(tx, load, others.select(needs::id))?;
    let mut places = Vec::new();
    for (n, id) in ids.iter().enumerate() {
        if others.contains(id) && sees(tx, Subject::new(SubjectKind::Need, *id)).await? {
            places.push(n);
        }
    }
    Ok(places)
}

/// The deliveries and the referrals of a case that name a need, as reasons against its annulment. A referral that came to nothing is none.
pub(crate) async fn built_on(tx: &mut Tx<'_>, case: CaseId, id: NeedId) -> Result<Vec<Reason>, Failure> {
    type Given = (ServiceDeliveryId, Json<Vec<NeedId>>);
    type Sent = (ReferralId, Json<Vec<NeedId>>, ReferralState, NaiveDate);
    let given = deliveries::table
        .filter(deliveries::case_id.eq(bind(case)))
        .filter(deliveries::annulment_reason.is_null())
        .order((deliveries::delivered_on, deliveries::id))
        .select((deliveries::id, deliveries::need_ids));
    let given: Vec<Given> = db!(tx, load, given)?;
    let sent = referrals::table.filter(referrals::case_id.eq(bind(case))).order(referrals::id).select((
        referrals::id,
        referrals::need_ids,
        referrals::state,
        referrals::answer_until,
    ));
    let sent: Vec<Sent> = db!(tx, load, sent)?;
    let today = tx.today();
    let given = given.into_iter().filter(|it| it.1.0.contains(&id));
    let sent = sent.into_iter().filter(|it| it.1.0.contains(&id) && it.2.on(it.3, today).rests_on_needs());
    let given = given.map(|it| rests(SubjectKind::ServiceDelivery, it.0));
    let all = given.chain(sent.map(|it| rests(SubjectKind::Referral, it.0)));
    Ok(all.take(MOST_TOLD).collect())
}

/// The open needs of a case.
async fn open_of(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Entered<NeedForm>>, Failure> {
    let ids: Vec<NeedId> = db!(tx, load, open!(case).order(needs::id).select(needs::id))?;
    let mut all: Vec<Entered<NeedForm>> =
        entry::those(tx, ids).await?.into_iter().map(EntryCard::entered).collect();
    all.sort_unstable_by_key(|it| it.id);
    Ok(all)
}

/// The reason against a closing that does not end the open needs of the case.
pub(crate) async fn against_closing(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<Reason>, Failure> {
    let open: i64 = db!(tx, get_result, open!(case).count())?;
    Ok((open > 0).then(|| OPEN_NEEDS.reason().with("needs", open)))
}

/// The last day of a need on record in a case.
pub(crate) async fn recorded_until(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let theirs = needs::table.filter(needs::case_id.eq(bind(case))).filter(needs::annulment_reason.is_null());
    let noticed: Option<NaiveDate> = db!(tx, first, theirs.select(max(needs::noticed_on)))?;
    let ended: Option<NaiveDate> = db!(tx, first, theirs.select(max(needs::ended_on)))?;
    Ok(noticed.max(ended))
}

/// Ends the open needs of a case that has closed.
pub(crate) async fn end_with_closed(
    tx: &mut Tx<'_>,
    case: CaseId,
    closed_on: NaiveDate,
) -> Result<(), Failure> {
    for need in open_of(tx, case).await? {
        let ended = end_with_case(need, UnmetReason::Left, closed_on)?;
        entry::save_changed(tx, ended).await?;
    }
    Ok(())
}

/// Enters the open needs of a case anew in the one that continues it, and ends the former ones as transferred. Words go along as far as the
/// parts of the transfer tell of them.
pub(crate) async fn pass_on(tx: &mut Tx<'_>, it: &HandedOver) -> Result<(), Failure> {
    let today = tx.today();
    for need in open_of(tx, it.from).await? {
        let standard = match need.form.standard_id {
            Some(id) => entry::those::<ServiceStandardForm>(tx, vec![id]).await?.pop(),
            None => None,
        };
        let are_words_told = it.parts.contains(&CasePart::Help)
            && need.form.is_told_to(standard.as_ref().map(|it| &it.form), &it.parts);
        let form = need.form.passed_on(need.id, today, are_words_told);
        let anew = Entered::add(tx.mint(), Some(it.to.into()), form)?;
        entry::save_added(tx, anew).await?;
        let ended = end_with_case(need, UnmetReason::Transferred, today)?;
        entry::save_changed(tx, ended).await?;
    }
    Ok(())
}

/// Needs that became known or ended in a case within these days. One that was handed over became known before and ends later.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    type Line = (Uuid, NaiveDate, Option<NaiveDate>, Option<UnmetReason>, Option<NeedId>);
    let theirs = needs::table
        .filter(needs::case_id.eq(bind(case)))
        .filter(needs::annulment_reason.is_null())
        .select((needs::id, needs::noticed_on, needs::ended_on, needs::unmet_reason, needs::continues_id));
    let lines: Vec<Line> = db!(tx, load, theirs)?;
    let items = lines.into_iter().flat_map(|(id, noticed_on, ended_on, why, continued)| {
        let noticed_on = Some(noticed_on).filter(|_| continued.is_none());
        let ended_on = ended_on.filter(|_| why != Some(UnmetReason::Transferred));
        [
            noticed_on.map(|on| MonthItem::of(MonthItemKind::NeedNoticed, id, on)),
            ended_on.map(|on| MonthItem::of(MonthItemKind::NeedEnded, id, on)),
        ]
    });
    Ok(items.flatten().filter(|it| from <= it.on && it.on <= to).collect())
}
