//! The waiting list: everybody without a mentor, the length of their wait, and the rules that exclude most mentors.
use super::candidates::question_of;
use super::pool::beneficiaries::{entered, latest};
use super::pool::{self, Question};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, mentorships, people, waits};
use crate::mentorships::recipient_names;
use crate::people::{died_out, none_of};
use crate::scope::beneficiaries::visible as visible_beneficiaries;
use crate::sight::Own;
use crate::tx::Tx;
use chrono::{Months, NaiveDate};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, OrganizationId, ProgramId};
use domain::matching::{Barrier, BarrierCount, MatchingRules, Pool, Wait, preview, waiting_since};
use shape::{card, filter};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Rules that an item shows at most, those that exclude most mentors.
const BLOCKING_TOLD: usize = 5;

/// A beneficiary without a mentor.
#[card]
pub struct WaitingCard {
    /// The beneficiary without a mentor.
    pub beneficiary_id: BeneficiaryId,
    /// The name of the beneficiary.
    #[schema(max_length = 1000, example = "Морозова Алёна Сергеевна")]
    pub beneficiary_name: String,
    /// The organization responsible for the beneficiary.
    pub organization_id: OrganizationId,
    /// The program of the waiting list.
    pub program_id: ProgramId,
    /// The day since which the beneficiary waits. Absent if they do not wait: nobody recorded it, or they have
    /// finished the program.
    pub since: Option<NaiveDate>,
    /// The number of days waited; 0 if the beneficiary does not wait.
    #[schema(minimum = 0, maximum = 100_000, example = 75)]
    pub waiting_days: i64,
    /// The priority of the beneficiary; 0 is the least urgent.
    #[schema(minimum = 0, maximum = 31, example = 9)]
    pub priority: i64,
    /// The rules that keep the beneficiary from having any mentor.
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
    /// The number of possible mentors.
    #[schema(minimum = 0, maximum = 10_000_000, example = 3)]
    pub possible_mentors: i64,
    /// The rules that exclude most mentors, the most first.
    #[schema(max_items = 5)]
    pub blocking: Vec<BarrierCount>,
}

impl Card for WaitingCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}

/// Parameters of the waiting list in figures.
#[filter]
pub struct WaitingFilter {
    /// The program of the waiting list.
    #[param(value_type = ProgramId, required = true)]
    pub program_id: Option<ProgramId>,
    /// Only beneficiaries for whom this organization is responsible.
    pub organization_id: Option<OrganizationId>,
}

/// Filters of the waiting list.
#[filter]
pub struct WaitingListFilter {
    /// The program of the waiting list.
    #[param(value_type = ProgramId, required = true)]
    pub program_id: Option<ProgramId>,
    /// Only beneficiaries for whom this organization is responsible.
    pub organization_id: Option<OrganizationId>,
    /// `true`: only beneficiaries who wait. `false`: only those who do not.
    pub waiting: Option<bool>,
}

/// A beneficiary without a mentor in a program.
struct Unmentored {
    id: BeneficiaryId,
    organization_id: OrganizationId,
    since: Option<NaiveDate>,
}

impl Unmentored {
    /// The order of the list: the longest wait first, those who do not wait last.
    fn key(&self) -> Key {
        (self.since.is_none(), self.since, self.id.into())
    }
}

type Key = (bool, Option<NaiveDate>, Uuid);

/// The key of a place in the list. None for a place that no list has produced; the page then begins at the start.
fn key_of(place: &Place) -> Option<Key> {
    let since = place.text.as_ref().map(|it| it.parse()).transpose().ok()?;
    Some((since.is_none(), since, place.id))
}

/// All visible beneficiaries without an unended mentorship in the program, with the organization responsible for
/// each.
async fn without_mentor(
    tx: &mut Tx<'_>,
    program: ProgramId,
    organization: Option<OrganizationId>,
) -> Result<Vec<(BeneficiaryId, OrganizationId)>, Failure> {
    let (scope, own) = (tx.scope().clone(), Own::of(tx));
    let gone = died_out(tx).await?;
    let rows: Vec<(BeneficiaryId, OrganizationId)> = db!(tx, load, {
        let running = mentorships::table
            .filter(mentorships::program_id.eq(bind(program)))
            .filter(mentorships::ended_on.is_null())
            .select(mentorships::beneficiary_id);
        let mut all = visible_beneficiaries!(scope)
            .filter(people::died_on.is_null())
            .filter(none_of!(&gone))
            .filter(not(beneficiaries::id.eq_any(running)))
            .filter(beneficiaries::id.ne_all(binds(&own.beneficiaries)))
            .select((beneficiaries::id, beneficiaries::organization_id));
        if let Some(organization) = organization {
            all = all.filter(beneficiaries::organization_id.eq(bind(organization)));
        }
        all
    })?;
    Ok(rows)
}

/// Adds the day since which each beneficiary waits. A rule decides who waits, so the list is ordered here, not by the
/// database.
async fn with_wait(
    tx: &mut Tx<'_>,
    program: ProgramId,
    all: Vec<(BeneficiaryId, OrganizationId)>,
) -> Result<Vec<Unmentored>, Failure> {
    let ids: Vec<BeneficiaryId> = all.iter().map(|it| it.0).collect();
    let (entered, latest) = (entered(tx, program, &ids).await?, latest(tx, program, &ids).await?);
    let unmentored = |(id, organization_id)| {
        let since = waiting_since(entered.get(&id).copied(), latest.get(&id));
        Unmentored { id, organization_id, since }
    };
    Ok(all.into_iter().map(unmentored).collect())
}

/// All beneficiaries without a mentor in a program: those who wait, the longest first, then those who do not.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &WaitingListFilter,
    window: &Window,
) -> Result<Page<WaitingCard>, Failure> {
    let (question, rules) = question_of(tx, filter.program_id).await?;
    let program = question.program_id;
    let unmentored = without_mentor(tx, program, filter.organization_id).await?;
    let mut all = with_wait(tx, program, unmentored).await?;
    all.retain(|it| filter.waiting.is_none_or(|wanted| wanted == it.since.is_some()));
    let after = window.after.as_ref().and_then(key_of);
    all.retain(|it| after.is_none_or(|last| it.key() > last));
    all.sort_unstable_by_key(Unmentored::key);
    let page = window.page(all, |it| Place { text: it.since.map(|day| day.to_string()), id: it.id.into() });
    let ids: Vec<BeneficiaryId> = page.items.iter().map(|it| it.id).collect();
    let pool = pool::load_with_known_mentors(tx, &Question { only: Some(ids.clone()), ..question }).await?;
    let mut names = recipient_names(tx, &ids).await?;
    let items = page.items.into_iter().filter_map(|it| {
        let name = names.remove(&it.id).unwrap_or_default();
        shown(&pool, &rules, program, it, name)
    });
    Ok(Page { items: items.collect(), next: page.next })
}

fn shown(
    pool: &Pool,
    rules: &MatchingRules,
    program_id: ProgramId,
    it: Unmentored,
    beneficiary_name: String,
) -> Option<WaitingCard> {
    let who = pool.beneficiary_ix(it.id)?;
    let profile = pool.beneficiary(who)?;
    let seen = preview(rules, pool, who, 0);
    let mut blocking: Vec<BarrierCount> = seen.counts.iter().copied().map(BarrierCount::from).collect();
    blocking.sort_by_key(|it| -it.mentors);
    blocking.truncate(BLOCKING_TOLD);
    Some(WaitingCard {
        beneficiary_id: it.id,
        beneficiary_name,
        organization_id: it.organization_id,
        program_id,
        since: it.since,
        waiting_days: profile.waiting_days.into(),
        priority: rules.priority(profile.risk, profile.waiting_days).into(),
        barriers: profile.barriers.all().collect(),
        possible_mentors: seen.possible.into(),
        blocking,
    })
}

/// The number of beneficiaries whom a rule keeps from any mentor.
#[card]
pub struct BlockedCount {
    /// The rule that excludes.
    pub barrier: Barrier,
    /// The number of beneficiaries without a possible mentor for whom this rule excludes every mentor, or the
    /// beneficiary. Other rules may apply too.
    #[schema(minimum = 0, maximum = 10_000_000, example = 4)]
    pub beneficiaries: i64,
}

/// Figures of the waiting list of a program.
#[card]
pub struct WaitingSummary {
    /// The program of the waiting list.
    pub program_id: ProgramId,
    /// The number of beneficiaries without a mentor in the program, waiting or not.
    #[schema(minimum = 0, maximum = 10_000_000, example = 52)]
    pub without_mentor: i64,
    /// The number of those who wait.
    #[schema(minimum = 0, maximum = 10_000_000, example = 40)]
    pub waiting: i64,
    /// The number of those who wait and have no possible mentor.
    #[schema(minimum = 0, maximum = 10_000_000, example = 5)]
    pub without_candidate: i64,
    /// The median of days waited; absent if nobody waits.
    #[schema(minimum = 0, maximum = 100_000, example = 61)]
    pub median_waiting_days: Option<i64>,
    /// The number of beneficiaries who got a mentor within the last 12 months.
    #[schema(minimum = 0, maximum = 10_000_000, example = 22)]
    pub matched: i64,
    /// The median of days from the beginning of the wait to the first day with a mentor; absent if nobody got one.
    #[schema(minimum = 0, maximum = 100_000, example = 38)]
    pub median_days_to_match: Option<i64>,
    /// The rules that exclude most of those without a possible mentor, the most first.
    #[schema(max_items = 40)]
    pub blocking: Vec<BlockedCount>,
}

impl Card for WaitingSummary {}

/// The period of the figures about new mentorships.
const LOOKED_BACK: Months = Months::new(12);

/// Computes the figures of a program's waiting list. It judges every pair, so it must run outside of the worker
/// threads.
pub async fn summary(tx: &mut Tx<'_>, filter: &WaitingFilter) -> Result<WaitingSummary, Failure> {
    let (question, rules) = question_of(tx, filter.program_id).await?;
    let question = Question { organization_id: filter.organization_id, ..question };
    let pool = pool::load(tx, &question).await?;
    let mut waited = Vec::new();
    let mut blocked: BTreeMap<Barrier, i64> = BTreeMap::new();
    let mut without_candidate = 0;
    for (who, profile) in pool.waiting().filter(|it| !it.1.barriers.has(Barrier::NotWaiting)) {
        waited.push(i64::from(profile.waiting_days));
        let seen = preview(&rules, &pool, who, 0);
        if seen.possible > 0 {
            continue;
        }
        without_candidate += 1;
        let mentors = u32::try_from(pool.mentors().len()).unwrap_or(u32::MAX);
        for (barrier, _) in seen.counts.iter().filter(|it| it.1 == mentors) {
            *blocked.entry(*barrier).or_default() += 1;
        }
    }
    let unmentored = without_mentor(tx, question.program_id, filter.organization_id).await?;
    let matched = days_to_match(tx, question.program_id, filter.organization_id).await?;
    let mut blocking: Vec<BlockedCount> =
        blocked.into_iter().map(|(barrier, beneficiaries)| BlockedCount { barrier, beneficiaries }).collect();
    blocking.sort_by_key(|it| -it.beneficiaries);
    let count = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
    Ok(WaitingSummary {
        program_id: question.program_id,
        without_mentor: count(unmentored.len()),
        waiting: count(waited.len()),
        without_candidate,
        median_waiting_days: median(waited),
        matched: count(matched.len()),
        median_days_to_match: median(matched),
        blocking,
    })
}

/// The median; of an even number of values, the lower of the two middle ones.
pub fn median(mut all: Vec<i64>) -> Option<i64> {
    all.sort_unstable();
    all.get(all.len().checked_sub(1)? / 2).copied()
}

/// The days from the beginning of the wait to the first mentorship after it. Only mentorships that began within the
/// period count.
async fn days_to_match(
    tx: &mut Tx<'_>,
    program: ProgramId,
    organization: Option<OrganizationId>,
) -> Result<Vec<i64>, Failure> {
    let since = tx.today().checked_sub_months(LOOKED_BACK).unwrap_or(tx.today());
    let scope = tx.scope().clone();
    let rows: Vec<(BeneficiaryId, NaiveDate, NaiveDate)> = db!(tx, load, {
        let seen = visible_beneficiaries!(scope).select(beneficiaries::id);
        let mut all = waits::table
            .inner_join(beneficiaries::table)
            .inner_join(mentorships::table.on(mentorships::beneficiary_id.eq(waits::beneficiary_id)))
            .filter(waits::program_id.eq(bind(program)))
            .filter(mentorships::program_id.eq(bind(program)))
            .filter(mentorships::starts_on.assume_not_null().ge(waits::since))
            .filter(waits::beneficiary_id.eq_any(seen))
            .select((waits::beneficiary_id, waits::since, mentorships::starts_on.assume_not_null()))
            .order(mentorships::starts_on.assume_not_null())
            .into_boxed();
        if let Some(organization) = organization {
            all = all.filter(beneficiaries::organization_id.eq(bind(organization)));
        }
        all
    })?;
    let mut first: HashMap<BeneficiaryId, (NaiveDate, NaiveDate)> = HashMap::new();
    for (who, began, starts_on) in rows {
        first.entry(who).or_insert((began, starts_on));
    }
    let lately = first.into_values().filter(|it| it.1 >= since);
    Ok(lately.map(|(began, starts_on)| starts_on.signed_duration_since(began).num_days()).collect())
}

/// Puts a beneficiary back on the waiting list when their mentor is replaced. The day of the proposal counts as the
/// beginning, unless another day is on record (002 §3.10).
pub(crate) async fn wait_again(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    program: ProgramId,
    since: NaiveDate,
) -> Result<(), Failure> {
    let one = waits::table.find((bind(program), bind(of)));
    let is_there: bool = db!(tx, get_result, diesel::select(exists(one)))?;
    if is_there {
        return Ok(());
    }
    let (it, records) = Wait { program_id: program, since }.again(of).into_parts();
    let row = (
        waits::program_id.eq(bind(it.program_id)),
        waits::beneficiary_id.eq(bind(of)),
        waits::since.eq(it.since),
    );
    let rows = db!(tx, execute, diesel::insert_into(waits::table).values(row))?;
    tx.established(rows, records)
}
