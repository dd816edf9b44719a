//! The waiting list in figures. They are remembered as long as no fact about their rows has come, and computed off the worker
//! threads, once for all who ask the same.
use super::list::count_unmentored;
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, mentorships, waits};
use crate::matching::candidates::question_of;
use crate::matching::pool::remembered::{Latest, last_place, told_since};
use crate::matching::pool::{self, Question};
use crate::scope::beneficiaries::visible as visible_beneficiaries;
use crate::sight::Own;
use crate::tx::Tx;
use chrono::{Months, NaiveDate};
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::change::SubjectKind;
use domain::base::id::{BeneficiaryId, EditionId, OrganizationId, ProgramId};
use domain::matching::{Barrier, MatchingRules, Pool, Tally};
use shape::{card, filter};
use std::collections::{BTreeMap, HashMap};

/// Parameters of the waiting list in figures.
#[filter]
pub struct WaitingFilter {
    /// The program of the waiting list.
    #[param(value_type = ProgramId, required = true)]
    pub program_id: Option<ProgramId>,
    /// Only beneficiaries for whom this organization is responsible.
    pub organization_id: Option<OrganizationId>,
}

/// The number of beneficiaries whom a rule keeps from any mentor.
#[card]
#[derive(Clone)]
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
#[derive(Clone)]
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

/// Rows that reads of figures wait for, see [`crate::db::Region::read_remembered`].
#[derive(Debug)]
pub enum Figures {}

/// Answers that the memory holds at most.
const REMEMBERED: usize = 64;

/// Kinds of things of which figures are made.
const MADE_OF: [SubjectKind; 21] = [
    SubjectKind::Organization,
    SubjectKind::Program,
    SubjectKind::Edition,
    SubjectKind::Course,
    SubjectKind::Municipality,
    SubjectKind::Person,
    SubjectKind::Family,
    SubjectKind::Beneficiary,
    SubjectKind::RegisterEntry,
    SubjectKind::RegisterMerge,
    SubjectKind::Representative,
    SubjectKind::Case,
    SubjectKind::Application,
    SubjectKind::Mentor,
    SubjectKind::RemovalGround,
    SubjectKind::Training,
    SubjectKind::Mentorship,
    SubjectKind::JointActivity,
    SubjectKind::Choice,
    SubjectKind::Veto,
    SubjectKind::MatchingRules,
];

/// A question with the reach of the one who asks. Callers who reach the same rows get the same answer.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    program_id: ProgramId,
    edition_id: EditionId,
    as_of: NaiveDate,
    organization_id: Option<OrganizationId>,
    reach: [Scope; 3],
    own: Vec<BeneficiaryId>,
}

impl Asked {
    fn of(tx: &Tx<'_>, question: &Question) -> Self {
        let scopes = [tx.scope().clone(), tx.scope_of(Right::ReadMentors), tx.scope_of(Right::ReadVetoes)];
        Self {
            program_id: question.program_id,
            edition_id: question.edition.id,
            as_of: question.as_of,
            organization_id: question.organization_id,
            // The account itself opens only files and lists open to everybody.
            reach: scopes.map(|it| Scope { somebody: None, ..it }),
            own: Own::of(tx).beneficiaries,
        }
    }
}

/// The figures of a program's waiting list. Computing them is refused on a worker thread.
pub async fn summary(tx: &mut Tx<'_>, filter: &WaitingFilter) -> Result<WaitingSummary, Failure> {
    let (question, rules) = question_of(tx, filter.program_id).await?;
    let question = Question { organization_id: filter.organization_id, ..question };
    let asked = Asked::of(tx, &question);
    let core = tx.core.clone();
    let memory = core.memory.of::<Latest<Asked, WaitingSummary, REMEMBERED>>();
    let place = last_place(tx).await?;
    if let Some((known, figures)) = memory.find(&asked)
        && told_since(tx, known, place, &MADE_OF).await?.is_empty()
    {
        if place > known {
            memory.keep(asked, place, figures.clone());
        }
        return Ok(figures);
    }
    tx.must_be_apart()?;
    let figures = computed(tx, &question, &rules).await?;
    memory.keep(asked, place, figures.clone());
    Ok(figures)
}

async fn computed(
    tx: &mut Tx<'_>,
    question: &Question,
    rules: &MatchingRules,
) -> Result<WaitingSummary, Failure> {
    let (program, organization) = (question.program_id, question.organization_id);
    let pool = pool::load_with_known_mentors(tx, question).await?;
    let Waits { waited, without_candidate, blocking } = Waits::of(rules, &pool);
    drop(pool);
    let matched = days_to_match(tx, program, organization).await?;
    let count = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
    Ok(WaitingSummary {
        program_id: program,
        without_mentor: count_unmentored(tx, program, organization).await?,
        waiting: count(waited.len()),
        without_candidate,
        median_waiting_days: median(waited),
        matched: count(matched.len()),
        median_days_to_match: median(matched),
        blocking,
    })
}

/// The waits of a pool, and what stands in their way.
struct Waits {
    waited: Vec<i64>,
    without_candidate: i64,
    blocking: Vec<BlockedCount>,
}

impl Waits {
    fn of(rules: &MatchingRules, pool: &Pool) -> Self {
        let (mut waited, mut without_candidate) = (Vec::new(), 0);
        let mut blocked: BTreeMap<Barrier, i64> = BTreeMap::new();
        let mentors = u32::try_from(pool.mentors().len()).unwrap_or(u32::MAX);
        let mut tally = Tally::new(rules, pool);
        for (who, profile) in pool.waiting().filter(|it| !it.1.barriers.has(Barrier::NotWaiting)) {
            waited.push(i64::from(profile.waiting_days));
            let counted = tally.of(who);
            if counted.possible > 0 {
                continue;
            }
            without_candidate += 1;
            for (barrier, _) in counted.counts.iter().filter(|it| it.1 == mentors) {
                *blocked.entry(*barrier).or_default() += 1;
            }
        }
        let blocked =
            blocked.into_iter().map(|(barrier, beneficiaries)| BlockedCount { barrier, beneficiaries });
        let mut blocking: Vec<BlockedCount> = blocked.collect();
        blocking.sort_by_key(|it| -it.beneficiaries);
        Self { waited, without_candidate, blocking }
    }
}

/// The period of the figures about new mentorships.
const LOOKED_BACK: Months = Months::new(12);

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
