//! Pages of the waiting list: those who wait, the longest first, then those who do not. A person with several records waits once; the
//! others stand among those who do not wait, with the barrier that tells it. The dead, and those who are removed from the register, are in
//! neither part.
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{
    beneficiaries, families, mentorships, people, person_records, register_entries, waiting,
};
use crate::matching::candidates::question_of;
use crate::matching::pool::{self, Question};
use crate::mentorships::recipient_names;
use crate::people::{died_out, no_record_is_dead, none_of};
use crate::scope::beneficiaries::visible_of;
use crate::scope::mentorships::knows;
use crate::sight::Own;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, FamilyId, OrganizationId, ProgramId};
use domain::matching::{Barrier, BarrierCount, Counted, MatchingRules, Pool, Tally};
use domain::people::register::RegisterState;
use shape::{card, filter};
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

/// The place after which a page begins, in one of the two parts of the list.
#[derive(Debug, Clone, Copy)]
enum After {
    Waiting(NaiveDate, Uuid),
    Rest(Uuid),
}

impl After {
    /// None for a place that no list has produced; the page then begins at the start.
    fn of(place: &Place) -> Option<Self> {
        match &place.text {
            Some(since) => Some(Self::Waiting(since.parse().ok()?, place.id)),
            None => Some(Self::Rest(place.id)),
        }
    }
}

/// Those whom the list may show to its reader.
struct By {
    scope: Scope,
    own: Vec<BeneficiaryId>,
    gone: Vec<FamilyId>,
    /// The institutions that are responsible for all who are listed; none: others may be listed too. The walk is then one along
    /// the rows of these institutions.
    institutions: Option<Vec<OrganizationId>>,
}

impl By {
    /// A reader who sees by several ways, or by a territory, has no index to walk along. The walk may pass very many others, so
    /// it goes on off the worker threads.
    async fn of(tx: &mut Tx<'_>, asked: Option<OrganizationId>) -> Result<Self, Failure> {
        let scope = tx.scope().clone();
        let is_wider = scope.everything
            || knows(&scope)
            || !(scope.programs.is_empty() && scope.territories.is_empty() && scope.beneficiaries.is_empty());
        let institutions =
            asked.map(|it| vec![it]).or_else(|| (!is_wider).then(|| scope.organizations.clone()));
        if institutions.is_none() && !scope.everything {
            tx.must_be_apart()?;
        }
        Ok(Self { scope, own: Own::of(tx).beneficiaries, gone: died_out(tx).await?, institutions })
    }
}

/// Condition on beneficiaries: the person is not removed from the register. The first record stands for all of them, and a second one is
/// never removed by itself.
macro_rules! on_register {
    () => {
        not(exists(
            register_entries::table
                .filter(register_entries::beneficiary_id.eq(beneficiaries::id))
                .filter(register_entries::state.eq(bind(RegisterState::Removed))),
        ))
        .and(not(exists(
            person_records::table
                .inner_join(
                    register_entries::table.on(register_entries::beneficiary_id.eq(person_records::first_id)),
                )
                .filter(person_records::beneficiary_id.eq(beneficiaries::id))
                .filter(register_entries::state.eq(bind(RegisterState::Removed))),
        )))
    };
}

/// The rows of a boxed query over beneficiaries that belong to the list and its figures: living, not removed from the register, and not the
/// caller's own.
macro_rules! listed {
    ($all:expr, $by:expr, $organization:expr) => {{
        let mut all = visible_of!($all, $by.scope)
            .filter(people::died_on.is_null())
            .filter(no_record_is_dead())
            .filter(none_of!(&$by.gone))
            .filter(on_register!())
            .filter(beneficiaries::id.ne_all(binds(&$by.own)));
        if let Some(organization) = $organization {
            all = all.filter(beneficiaries::organization_id.eq(bind(organization)));
        }
        all
    }};
}

/// Condition on beneficiaries: nobody is their mentor in the program, under any record of the person.
macro_rules! unmentored {
    ($program:expr) => {
        not(exists(
            mentorships::table
                .filter(mentorships::beneficiary_id.eq(beneficiaries::id))
                .filter(mentorships::program_id.eq(bind($program)))
                .filter(mentorships::ended_on.is_null()),
        ))
        .and(not(exists(
            person_records::table
                .inner_join(mentorships::table.on(mentorships::beneficiary_id.eq(person_records::record_id)))
                .filter(person_records::beneficiary_id.eq(beneficiaries::id))
                .filter(mentorships::program_id.eq(bind($program)))
                .filter(mentorships::ended_on.is_null()),
        )))
    };
}

/// Condition on beneficiaries: the person does not wait in the program under another record.
macro_rules! counted {
    ($program:expr) => {
        not(exists(
            person_records::table
                .inner_join(waiting::table.on(waiting::beneficiary_id.eq(person_records::record_id)))
                .filter(person_records::beneficiary_id.eq(beneficiaries::id))
                .filter(person_records::record_id.ne(beneficiaries::id))
                .filter(waiting::program_id.eq(bind($program))),
        ))
    };
}

/// Those who wait, the longest first: a walk along an index.
async fn who_wait(
    tx: &mut Tx<'_>,
    filter: &WaitingListFilter,
    program: ProgramId,
    after: Option<(NaiveDate, Uuid)>,
    most: i64,
) -> Result<Vec<Unmentored>, Failure> {
    let by = By::of(tx, filter.organization_id).await?;
    let rows: Vec<(BeneficiaryId, OrganizationId, NaiveDate)> = db!(tx, load, {
        let with_people = beneficiaries::table.left_join(people::table).left_join(families::table);
        let all = waiting::table.inner_join(with_people).into_boxed();
        let mut all = listed!(all, by, filter.organization_id)
            .filter(waiting::program_id.eq(bind(program)))
            .order((waiting::since, waiting::beneficiary_id))
            .limit(most)
            .select((beneficiaries::id, beneficiaries::organization_id, waiting::since));
        if let Some(only) = &by.institutions {
            all = all.filter(waiting::organization_id.eq_any(binds(only)));
        }
        if let Some((since, id)) = after {
            // The first condition is the beginning of the walk, the second cuts its first day.
            all = all.filter(waiting::since.ge(since));
            let later = waiting::beneficiary_id.gt(bind::<_, BeneficiaryId>(id.into()));
            all = all.filter(waiting::since.gt(since).or(later));
        }
        all
    })?;
    let one = |(id, organization_id, since)| Unmentored { id, organization_id, since: Some(since) };
    Ok(rows.into_iter().map(one).collect())
}

/// Those without a mentor who do not wait, by id.
async fn the_rest(
    tx: &mut Tx<'_>,
    filter: &WaitingListFilter,
    program: ProgramId,
    after: Option<Uuid>,
    most: i64,
) -> Result<Vec<Unmentored>, Failure> {
    let by = By::of(tx, filter.organization_id).await?;
    let rows: Vec<(BeneficiaryId, OrganizationId)> = db!(tx, load, {
        let all = beneficiaries::table.left_join(people::table).left_join(families::table).into_boxed();
        let waits = waiting::table
            .filter(waiting::beneficiary_id.eq(beneficiaries::id))
            .filter(waiting::program_id.eq(bind(program)));
        let mut all = listed!(all, by, filter.organization_id)
            .filter(unmentored!(program))
            .filter(not(exists(waits)))
            .order(beneficiaries::id)
            .limit(most)
            .select((beneficiaries::id, beneficiaries::organization_id));
        if let Some(id) = after {
            all = all.filter(beneficiaries::id.gt(bind::<_, BeneficiaryId>(id.into())));
        }
        all
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, organization_id)| Unmentored { id, organization_id, since: None })
        .collect())
}

/// The number of visible beneficiaries without a mentor in the program. One who waits under another record is counted there.
pub(super) async fn count_unmentored(
    tx: &mut Tx<'_>,
    program: ProgramId,
    organization: Option<OrganizationId>,
) -> Result<i64, Failure> {
    let by = By::of(tx, organization).await?;
    Ok(db!(tx, first, {
        let all = beneficiaries::table.left_join(people::table).left_join(families::table).into_boxed();
        let all = listed!(all, by, organization).filter(unmentored!(program)).filter(counted!(program));
        all.select(count_star())
    })?)
}

/// All beneficiaries without a mentor in a program: those who wait, the longest first, then those who do not.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &WaitingListFilter,
    window: &Window,
) -> Result<Page<WaitingCard>, Failure> {
    let (question, rules) = question_of(tx, filter.program_id).await?;
    let program = question.program_id;
    let after = window.after.as_ref().and_then(After::of);
    let mut all = Vec::new();
    if filter.waiting != Some(false) && !matches!(after, Some(After::Rest(_))) {
        let after =
            after.and_then(|it| if let After::Waiting(since, id) = it { Some((since, id)) } else { None });
        all = who_wait(tx, filter, program, after, window.fetch()).await?;
    }
    let left = window.fetch() - i64::try_from(all.len()).unwrap_or(i64::MAX);
    if filter.waiting != Some(true) && left > 0 {
        let after = after.and_then(|it| if let After::Rest(id) = it { Some(id) } else { None });
        all.extend(the_rest(tx, filter, program, after, left).await?);
    }
    let page = window.page(all, |it| Place { text: it.since.map(|day| day.to_string()), id: it.id.into() });
    let ids: Vec<BeneficiaryId> = page.items.iter().map(|it| it.id).collect();
    let pool = pool::load_with_known_mentors(tx, &Question { only: Some(ids.clone()), ..question }).await?;
    let mut names = recipient_names(tx, &ids).await?;
    let mut tally = Tally::new(&rules, &pool);
    let items = page.items.into_iter().filter_map(|it| {
        let name = names.remove(&it.id).unwrap_or_default();
        let counted = tally.of(pool.beneficiary_ix(it.id)?);
        shown(&pool, &rules, program, it, name, counted)
    });
    Ok(Page { items: items.collect(), next: page.next })
}

fn shown(
    pool: &Pool,
    rules: &MatchingRules,
    program_id: ProgramId,
    it: Unmentored,
    beneficiary_name: String,
    counted: Counted,
) -> Option<WaitingCard> {
    let profile = pool.beneficiary(pool.beneficiary_ix(it.id)?)?;
    let mut blocking: Vec<BarrierCount> = counted.counts.into_iter().map(BarrierCount::from).collect();
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
        possible_mentors: counted.possible.into(),
        blocking,
    })
}
