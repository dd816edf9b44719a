//! The lists of crises: for each way and each state, the first rows in the order of ids; then the first of all of them.
use super::Row;
use super::cards::{CrisisCard, shown};
use super::chain::Around;
use super::seen::{Seen, Way, found as found_by, of_way};
use crate::engine::column::{any, any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::counts::{Counts, grouped};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{
    beneficiaries, crises, crisis_concerned, crisis_courses, family_members, grants, people, users,
};
use crate::people::one_person;
use crate::tx::Tx;
use chrono::{Months, NaiveDate};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::base::access::Role;
use domain::base::action::Judged;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{CrisisGrouping, ListOrder};
use domain::base::id::{BeneficiaryId, CrisisId, OrganizationId};
use domain::base::word::Word;
use domain::help::crises::{CrisisProgress, CrisisSeverity, CrisisState};
use domain::people::COMING_OF_AGE_YEARS;
use shape::filter;
use std::collections::BTreeMap;

/// Unended crises of a way in a state among which those are sought that wait for the caller.
const SOUGHT: i64 = 200;
/// Crises that an agenda shows at most.
const FIRST: usize = 50;

/// Whether the beneficiary of a crisis is a child or a family with one, also where that one has died: somebody is born after the day.
macro_rules! is_of_child {
    ($born_after:expr) => {{
        let alone = beneficiaries::table
            .inner_join(people::table.on(people::id.eq(beneficiaries::person_id.assume_not_null())))
            .filter(beneficiaries::id.eq(crises::beneficiary_id))
            .filter(people::birth_date.gt($born_after).or(people::died_on.is_not_null()))
            .select(people::id);
        let in_family = beneficiaries::table
            .inner_join(
                family_members::table
                    .on(family_members::family_id.eq(beneficiaries::family_id.assume_not_null())),
            )
            .inner_join(people::table.on(people::id.eq(family_members::person_id)))
            .filter(beneficiaries::id.eq(crises::beneficiary_id))
            .filter(people::birth_date.gt($born_after).or(people::died_on.is_not_null()))
            .select(people::id);
        exists(alone).or(exists(in_family))
    }};
}

/// The day after which those are born who have not come of age.
fn born_after(today: NaiveDate) -> NaiveDate {
    let years = u32::try_from(COMING_OF_AGE_YEARS).unwrap_or_default();
    today.checked_sub_months(Months::new(years.saturating_mul(12))).unwrap_or(today)
}

/// Filters of the list of crises. A filter by what a reporter is not told leaves out crises that the caller has only reported.
#[filter]
pub struct CrisisFilter {
    /// Only crises with this progress.
    pub progress: Option<AnyOf<CrisisProgress>>,
    /// Only crises in this state.
    pub state: Option<AnyOf<CrisisState>>,
    /// Only crises of this severity.
    pub severity: Option<AnyOf<CrisisSeverity>>,
    /// Only crises of this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only crises of beneficiaries for whom this organization answers.
    pub organization_id: Option<OrganizationId>,
    /// `true`: only crises in which danger to a child was not told in writing in time. `false`: only all others.
    pub notice_overdue: Option<bool>,
    /// `true`: only crises after which guardianship has not surveyed the living conditions in time. `false`: only all others.
    pub survey_overdue: Option<bool>,
    /// The order by the moment of the report; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

impl CrisisFilter {
    /// The states whose crises can fit.
    fn states(&self) -> impl Iterator<Item = CrisisState> {
        let fits = move |it: &CrisisState| {
            let progress = self.progress.as_ref();
            let is_asked = self.state.as_ref().is_none_or(|asked| asked.has(it));
            is_asked && progress.is_none_or(|asked| asked.has(&it.progress()))
        };
        CrisisState::ALL.iter().copied().filter(fits)
    }
    /// Whether it asks for nothing that a reporter is not told.
    fn is_for_reporters(&self) -> bool {
        let is_asked = self.state.is_some() || self.severity.is_some() || self.organization_id.is_some();
        !is_asked && self.notice_overdue.is_none() && self.survey_overdue.is_none()
    }
    fn is_rising(&self) -> bool {
        self.sort == Some(ListOrder::EarliestFirst)
    }
}

/// Crises that the caller sees, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &CrisisFilter,
    window: &Window,
) -> Result<Page<CrisisCard>, Failure> {
    let seen = Seen::reading(tx).await?;
    let mut found: BTreeMap<CrisisId, (Row, bool)> = BTreeMap::new();
    for state in filter.states() {
        for (way, is_whole) in seen.ways().filter(|(_, is_whole)| *is_whole || filter.is_for_reporters()) {
            for row in rows_of(tx, &seen, way, state, filter, window).await? {
                found.entry(row.id).or_insert((row, is_whole));
            }
        }
    }
    let rows = window.first_of(found.into_values().collect(), filter.is_rising(), |it| it.0.id);
    let page = window.page(rows, |it| Place::id(it.0.id));
    Ok(Page { items: shown(tx, page.items, Judged::State).await?, next: page.next })
}

/// The first crises of a way in a state.
async fn rows_of(
    tx: &mut Tx<'_>,
    seen: &Seen,
    way: &Way,
    state: CrisisState,
    filter: &CrisisFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let (parties, now, today) = (&seen.parties, tx.now(), tx.today());
    let born_after = born_after(today);
    let records = one_person::records_of(tx, filter.beneficiary_id).await?;
    Ok(db!(tx, load, {
        let mut all = of_way!(way, parties).filter(crises::state.eq(bind(state))).limit(window.fetch());
        all = match filter.is_rising() {
            true => all.order(crises::id.asc()),
            false => all.order(crises::id.desc()),
        };
        if let Some(asked) = &filter.severity {
            all = all.filter(crises::severity.eq_any(any(asked)));
        }
        if let Some(of) = &records {
            all = all.filter(crises::beneficiary_id.eq_any(binds(of)));
        }
        if let Some(of) = filter.organization_id {
            all = all.filter(crises::organization_id.eq(bind(of)));
        }
        if let Some(is_overdue) = filter.notice_overdue {
            // A list, which is read by the index of its terms, so that the rows come in the order of ids.
            let due = diesel::alias!(crisis_courses as due);
            let term = due.field(crisis_courses::notice_due_at);
            let overdue = due
                .filter(term.is_not_null())
                .filter(term.assume_not_null().lt(bind(now)))
                .select(due.field(crisis_courses::crisis_id));
            // Nothing is due any more for one who has come of age.
            all = match is_overdue {
                true => all.filter(crises::id.eq_any(overdue)).filter(is_of_child!(born_after)),
                false => all.filter(crises::id.ne_all(overdue).or(not(is_of_child!(born_after)))),
            };
        }
        if let Some(is_overdue) = filter.survey_overdue {
            let late = diesel::alias!(crises as late);
            let due_on = late.field(crises::survey_due_on);
            let overdue = late
                .filter(late.field(crises::surveyed_on).is_null())
                .filter(due_on.is_not_null())
                .filter(due_on.assume_not_null().lt(today))
                .select(late.field(crises::id));
            all = match is_overdue {
                true => all.filter(crises::id.eq_any(overdue)),
                false => all.filter(crises::id.ne_all(overdue)),
            };
        }
        if let Some(after) = window.after_id() {
            all = match filter.is_rising() {
                true => all.filter(crises::id.gt(bind(after))),
                false => all.filter(crises::id.lt(bind(after))),
            };
        }
        all.select(Row::as_select())
    })?)
}

/// The question by which member crises are counted.
#[filter]
pub struct CrisisCountQuestion {
    /// The member by which the rows are counted: `state`, also if none is named.
    pub group_by: Option<CrisisGrouping>,
}

/// The crises that the caller sees whole, counted by a member. A reporter is told neither state nor severity.
pub async fn counts(tx: &mut Tx<'_>, asked: &CrisisCountQuestion) -> Result<Counts, Failure> {
    let Seen { parties, whole, .. } = Seen::reading(tx).await?;
    if whole.is_empty() {
        return Ok(Counts::of(Vec::<(Option<CrisisState>, i64)>::new()));
    }
    let sees_all = matches!(whole.as_slice(), [Way::All]);
    macro_rules! unconcerned {
        () => {{
            let concerned = crisis_concerned::table
                .filter(crisis_concerned::crisis_id.eq(crises::id))
                .filter(crisis_concerned::party_id.eq_any(parties.clone()))
                .select(crisis_concerned::crisis_id);
            crises::table.filter(not(exists(concerned)))
        }};
    }
    macro_rules! counted {
        ($member:ident as $Value:ty) => {
            grouped!(tx, crises, $member as $Value, (sees_all, whole), unconcerned!(), |way| of_way!(
                way, parties
            ))
        };
    }
    Ok(match asked.group_by.unwrap_or(CrisisGrouping::State) {
        CrisisGrouping::State => Counts::of(counted!(state as CrisisState)),
        CrisisGrouping::Severity => Counts::of(counted!(severity as CrisisSeverity)),
    })
}

/// Crises that wait for the caller, the earliest first: those to which the chain has come and that nobody has taken up, or about which
/// nothing is done; those for which the caller is responsible, or whose follow-up is due from the caller; and for guardianship those that
/// await its survey. It asks nobody's clock.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<CrisisCard>, Failure> {
    let seen = Seen::reading(tx).await?;
    let mut found: BTreeMap<CrisisId, Row> = BTreeMap::new();
    let mut to_survey: Vec<CrisisId> = Vec::new();
    for id in responsible(tx).await? {
        if let Some((row, true)) = found_by(tx, &seen, id).await? {
            found.insert(id, row);
        }
    }
    for way in &seen.whole {
        for state in [CrisisState::Reported, CrisisState::Acknowledged] {
            let rows = oldest(tx, &seen, way, state).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
        let rows = left_alone(tx, &seen, way).await?;
        found.extend(rows.into_iter().map(|it| (it.id, it)));
        let rows = awaiting_follow_up(tx, &seen, way).await?;
        found.extend(rows.into_iter().map(|it| (it.id, it)));
        if way.is_guarding() {
            let rows = awaiting_survey(tx, &seen, way).await?;
            to_survey.extend(rows.iter().map(|it| it.id));
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let around = Around::rows(tx, &found.values().collect::<Vec<_>>()).await?;
    let waits = |it: &Row| around.waits_for(tx, it) || to_survey.contains(&it.id);
    let rows: Vec<(Row, bool)> = found.into_values().filter(waits).take(FIRST).map(|it| (it, true)).collect();
    tx.begin_list();
    shown(tx, rows, Judged::State).await
}

/// Crises for which the account of the caller is responsible. Whether the caller still sees them is asked of each.
async fn responsible(tx: &mut Tx<'_>) -> Result<Vec<CrisisId>, Failure> {
    let Some(user) = tx.caller().map(|it| it.user) else { return Ok(Vec::new()) };
    let own = crises::table
        .filter(crises::acknowledged_by.assume_not_null().eq(bind(user)))
        .filter(crises::state.eq(bind(CrisisState::Acknowledged)))
        .order(crises::id)
        .limit(SOUGHT)
        .select(crises::id);
    Ok(db!(tx, load, own)?)
}

/// The crises of a way in a state that have waited longest. Of those that somebody has, only those about which nothing is done.
async fn oldest(tx: &mut Tx<'_>, seen: &Seen, way: &Way, state: CrisisState) -> Result<Vec<Row>, Failure> {
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        let mut all =
            of_way!(way, parties).filter(crises::state.eq(bind(state))).order(crises::id).limit(SOUGHT);
        if state == CrisisState::Acknowledged {
            all = all.filter(crisis_courses::is_acted.eq(false));
        }
        all.select(Row::as_select())
    })?)
}

/// Crises of a way whose responsible account is closed or has no role in the organization that answers, the oldest first.
async fn left_alone(tx: &mut Tx<'_>, seen: &Seen, way: &Way) -> Result<Vec<Row>, Failure> {
    let parties = &seen.parties;
    let roles = [Role::Director, Role::UnitHead, Role::SupportSpecialist];
    Ok(db!(tx, load, {
        let serves_there = grants::role
            .eq_any(any_of(&roles))
            .and(grants::organization_id.assume_not_null().eq(crises::organization_id));
        let present = grants::table
            .inner_join(users::table)
            .filter(grants::user_id.eq(crises::acknowledged_by.assume_not_null()))
            .filter(users::active.eq(true))
            .filter(grants::role.eq(bind(Role::RegionAdmin)).or(serves_there))
            .select(grants::user_id);
        of_way!(way, parties)
            .filter(crises::state.eq(bind(CrisisState::Acknowledged)))
            .filter(not(exists(present)))
            .order(crises::id)
            .limit(SOUGHT)
            .select(Row::as_select())
    })?)
}

/// Crises of the territories of guardianship that await its survey, the most urgent first.
async fn awaiting_survey(tx: &mut Tx<'_>, seen: &Seen, way: &Way) -> Result<Vec<Row>, Failure> {
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        of_way!(way, parties)
            .filter(crises::surveyed_on.is_null())
            .filter(crises::survey_due_on.is_not_null())
            .order((crises::survey_due_on, crises::id))
            .limit(SOUGHT)
            .select(Row::as_select())
    })?)
}

/// Crises of a way after which somebody has to see to the follow-up, the most urgent first.
async fn awaiting_follow_up(tx: &mut Tx<'_>, seen: &Seen, way: &Way) -> Result<Vec<Row>, Failure> {
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        of_way!(way, parties)
            .filter(crisis_courses::follow_up_due_on.is_not_null())
            .filter(crisis_courses::followed_up_on.is_null())
            .order((crisis_courses::follow_up_due_on, crisis_courses::crisis_id))
            .limit(SOUGHT)
            .select(Row::as_select())
    })?)
}

/// Crises with an overdue notice or an overdue survey, the earliest first: for heads, directors, administrators and guardianship.
pub async fn overdue(tx: &mut Tx<'_>) -> Result<Vec<CrisisCard>, Failure> {
    let seen = Seen::reading(tx).await?;
    let (mut found, mut guarded): (BTreeMap<CrisisId, Row>, Vec<CrisisId>) = (BTreeMap::new(), Vec::new());
    for way in &seen.whole {
        let mut rows = untold(tx, &seen, way).await?;
        rows.extend(unsurveyed(tx, &seen, way).await?);
        if way.is_guarding() {
            guarded.extend(rows.iter().map(|it| it.id));
        }
        found.extend(rows.into_iter().map(|it| (it.id, it)));
    }
    let around = Around::rows(tx, &found.values().collect::<Vec<_>>()).await?;
    let heeds = |it: &Row| guarded.contains(&it.id) || around.heads(tx, it);
    let rows: Vec<(Row, bool)> = found.into_values().filter(heeds).take(FIRST).map(|it| (it, true)).collect();
    tx.begin_list();
    shown(tx, rows, Judged::State).await
}

/// Crises of a way in which danger to a child was not told in writing in time, the latest last.
async fn untold(tx: &mut Tx<'_>, seen: &Seen, way: &Way) -> Result<Vec<Row>, Failure> {
    let (parties, now, born_after) = (&seen.parties, tx.now(), born_after(tx.today()));
    Ok(db!(tx, load, {
        of_way!(way, parties)
            .filter(is_of_child!(born_after))
            .filter(crisis_courses::notice_due_at.is_not_null())
            .filter(crisis_courses::notice_due_at.assume_not_null().lt(bind(now)))
            .order((crisis_courses::notice_due_at, crisis_courses::crisis_id))
            .limit(SOUGHT)
            .select(Row::as_select())
    })?)
}

/// Crises of a way after which guardianship has not surveyed the living conditions in time, the latest last.
async fn unsurveyed(tx: &mut Tx<'_>, seen: &Seen, way: &Way) -> Result<Vec<Row>, Failure> {
    let (parties, today) = (&seen.parties, tx.today());
    Ok(db!(tx, load, {
        of_way!(way, parties)
            .filter(crises::surveyed_on.is_null())
            .filter(crises::survey_due_on.is_not_null())
            .filter(crises::survey_due_on.assume_not_null().lt(today))
            .order((crises::survey_due_on, crises::id))
            .limit(SOUGHT)
            .select(Row::as_select())
    })?)
}
