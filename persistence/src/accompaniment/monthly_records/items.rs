//! Everything that happened in a case in a span of days, as its monthly record names it.
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    assessments, beneficiaries, career_activities, case_contacts, case_problem_changes, case_problems,
    case_transfers, cases, consilia, consilium_items, group_meetings, meetings, mentorships, participations,
    plan_results, plans, snapshots, tasks,
};
use crate::people::one_person;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::consilia::{ConsiliumState, ItemState};
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::accompaniment::tasks::{TaskCancellationReason, TaskState};
use domain::accompaniment::transfers::TransferState;
use domain::base::id::{BeneficiaryId, CaseId, MentorshipId, OrganizationId};
use domain::base::moment::Moment;
use domain::mentorships::group_meetings::GroupMeetingState;
use domain::mentorships::meetings::{Direction, MeetingState};
use uuid::Uuid;

/// The case whose items are asked for, and the days of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) case_id: CaseId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) organization_id: OrganizationId,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

/// Mentorships that a transfer has brought to the organization of the case, or taken from it. Their items belong to the case of the
/// organization that they had on the day.
#[derive(Debug, Default)]
struct Handover {
    /// Whether another organization took the case over. Then the beneficiary was this one's until its last day.
    is_given: bool,
    given: Vec<MentorshipId>,
    /// The day on which the case was taken over from another organization.
    received_on: Option<NaiveDate>,
    /// The record of the case that was taken over: the case that goes on may be of another record of the person.
    received_of: Option<BeneficiaryId>,
    /// The mentorships that came with it.
    received: Vec<MentorshipId>,
}

impl Handover {
    async fn of(tx: &mut Tx<'_>, case: CaseId) -> Result<Self, Failure> {
        type Line = (CaseId, Option<NaiveDate>, Json<Vec<MentorshipId>>, BeneficiaryId);
        let accepted = case_transfers::table
            .inner_join(cases::table.on(cases::id.eq(case_transfers::case_id)))
            .filter(case_transfers::state.eq(bind(TransferState::Accepted)))
            .filter(
                case_transfers::case_id.eq(bind(case)).or(case_transfers::next_case_id
                    .is_not_null()
                    .and(case_transfers::next_case_id.assume_not_null().eq(bind(case)))),
            )
            .order(case_transfers::id)
            .select((
                case_transfers::case_id,
                case_transfers::settled_on,
                case_transfers::mentorship_ids,
                cases::beneficiary_id,
            ));
        let lines: Vec<Line> = db!(tx, load, accepted)?;
        let mut it = Self::default();
        for (of, settled_on, mentorships, record) in lines {
            if of == case {
                (it.is_given, it.given) = (true, mentorships.0);
            } else {
                (it.received_on, it.received_of, it.received) = (settled_on, Some(record), mentorships.0);
            }
        }
        Ok(it)
    }
    /// Whether a day is one of the organization that had the case before.
    fn is_before(&self, on: NaiveDate) -> bool {
        self.received_on.is_some_and(|day| on <= day)
    }
    /// Whether something of a mentorship on a day is of the organization which handed it over.
    fn is_of_other(&self, mentorship: MentorshipId, on: NaiveDate) -> bool {
        self.is_before(on) && self.received.contains(&mentorship)
    }
    /// Whether something of a record on a day is of the organization which handed the case of it over.
    fn was_of_other(&self, record: BeneficiaryId, on: NaiveDate) -> bool {
        self.is_before(on) && self.received_of == Some(record)
    }
    /// Whether a result of a plan that was made on that day is a copy, which a transfer makes.
    fn is_copied(&self, on: NaiveDate, plan_made_on: NaiveDate) -> bool {
        self.is_before(on) && self.received_on.is_some_and(|day| plan_made_on >= day)
    }
}

impl Span {
    /// The instants at which its days begin and end.
    fn instants(&self, tx: &Tx<'_>) -> (Moment, Moment) {
        (tx.zone().dawn(self.from), tx.zone().dawn(self.to.succ_opt().unwrap_or(self.to)))
    }
}

type Dated = (Uuid, NaiveDate);
/// Something of a record of the person.
type OfRecord = (Uuid, NaiveDate, BeneficiaryId);

fn item(kind: MonthItemKind, (id, on): Dated) -> MonthItem {
    MonthItem::of(kind, id, on)
}

/// The items of a span, by day.
pub(super) async fn items(tx: &mut Tx<'_>, of: &Span) -> Result<Vec<MonthItem>, Failure> {
    let handover = Handover::of(tx, of.case_id).await?;
    let records = one_person::of(tx, of.beneficiary_id).await?.records();
    let mut all = meetings_of(tx, of, &records, &handover).await?;
    all.extend(group_meetings_of(tx, of, &records, &handover).await?);
    all.extend(contacts_of(tx, of).await?);
    all.extend(of_the_case(tx, of).await?);
    all.extend(tasks_of(tx, of).await?);
    all.extend(decisions_of(tx, of).await?);
    all.extend(of_the_responsible(tx, of, &records, &handover).await?);
    all.extend(tx.above().month_items(tx, of.case_id, (of.from, of.to)).await?);
    all.sort_unstable_by_key(|it| (it.on, it.kind, it.id));
    all.dedup_by_key(|it| (it.on, it.kind, it.id));
    Ok(all)
}

/// The mentorships of the person in the organization of the case, under any record, and those that it has handed over.
macro_rules! pairs {
    ($of:expr, $records:expr, $handover:expr) => {
        mentorships::table
            .filter(mentorships::beneficiary_id.eq_any(binds($records)))
            .filter(
                mentorships::organization_id
                    .eq(bind($of.organization_id))
                    .or(mentorships::id.eq_any(binds(&$handover.given))),
            )
            .select(mentorships::id)
    };
}

async fn meetings_of(
    tx: &mut Tx<'_>,
    of: &Span,
    records: &[BeneficiaryId],
    handover: &Handover,
) -> Result<Vec<MonthItem>, Failure> {
    type Line = (Uuid, MentorshipId, MeetingState, Moment, Option<i32>, Option<Json<Vec<Direction>>>);
    let (begin, end) = of.instants(tx);
    let theirs = meetings::table
        .filter(meetings::mentorship_id.eq_any(pairs!(of, records, handover)))
        .filter(meetings::at.ge(bind(begin)).and(meetings::at.lt(bind(end))))
        .filter(meetings::annulment_reason.is_null())
        .select((
            meetings::id,
            meetings::mentorship_id,
            meetings::state,
            meetings::at,
            meetings::minutes,
            meetings::held_directions,
        ));
    let lines: Vec<Line> = db!(tx, load, theirs)?;
    let zone = tx.zone();
    let shown = |(id, pair, state, at, minutes, directions): Line| {
        let kind = match state {
            MeetingState::Held => MonthItemKind::MeetingHeld,
            MeetingState::Missed => MonthItemKind::MeetingMissed,
            MeetingState::Planned | MeetingState::Cancelled => return None,
        };
        let directions = directions.map(|it| it.0).unwrap_or_default();
        let on = zone.day(at);
        let it = MonthItem { minutes, directions, ..item(kind, (id, on)) };
        (!handover.is_of_other(pair, on)).then_some(it)
    };
    Ok(lines.into_iter().filter_map(shown).collect())
}

async fn group_meetings_of(
    tx: &mut Tx<'_>,
    of: &Span,
    records: &[BeneficiaryId],
    handover: &Handover,
) -> Result<Vec<MonthItem>, Failure> {
    let (begin, end) = of.instants(tx);
    let theirs = participations::table
        .inner_join(group_meetings::table)
        .filter(participations::mentorship_id.eq_any(pairs!(of, records, handover)))
        .filter(participations::attended.eq(Some(true)))
        .filter(group_meetings::at.ge(bind(begin)).and(group_meetings::at.lt(bind(end))))
        .filter(group_meetings::state.eq(bind(GroupMeetingState::Held)))
        .filter(group_meetings::annulment_reason.is_null())
        .select((
            group_meetings::id,
            participations::mentorship_id,
            group_meetings::at,
            group_meetings::minutes,
        ));
    let lines: Vec<(Uuid, MentorshipId, Moment, Option<i32>)> = db!(tx, load, theirs)?;
    let zone = tx.zone();
    let shown = |(id, pair, at, minutes): (Uuid, MentorshipId, Moment, Option<i32>)| {
        let on = zone.day(at);
        let it = MonthItem { minutes, ..item(MonthItemKind::GroupMeeting, (id, on)) };
        (!handover.is_of_other(pair, on)).then_some(it)
    };
    Ok(lines.into_iter().filter_map(shown).collect())
}

async fn contacts_of(tx: &mut Tx<'_>, of: &Span) -> Result<Vec<MonthItem>, Failure> {
    let theirs = case_contacts::table
        .filter(case_contacts::case_id.eq(bind(of.case_id)))
        .filter(case_contacts::held_on.ge(of.from).and(case_contacts::held_on.le(of.to)))
        .filter(case_contacts::annulment_reason.is_null())
        .select((case_contacts::id, case_contacts::held_on, case_contacts::reached, case_contacts::minutes));
    let lines: Vec<(Uuid, NaiveDate, bool, Option<i32>)> = db!(tx, load, theirs)?;
    let shown = |(id, on, reached, minutes)| {
        let kind = if reached { MonthItemKind::Contact } else { MonthItemKind::ContactAttempt };
        MonthItem { minutes, ..item(kind, (id, on)) }
    };
    Ok(lines.into_iter().map(shown).collect())
}

/// Snapshots, problems and their changes.
async fn of_the_case(tx: &mut Tx<'_>, of: &Span) -> Result<Vec<MonthItem>, Failure> {
    let taken = snapshots::table
        .filter(snapshots::case_id.eq(bind(of.case_id)))
        .filter(snapshots::taken_on.ge(of.from).and(snapshots::taken_on.le(of.to)))
        .filter(snapshots::annulment_reason.is_null())
        .select((snapshots::id, snapshots::taken_on));
    let noticed = case_problems::table
        .filter(case_problems::case_id.eq(bind(of.case_id)))
        .filter(case_problems::noticed_on.ge(of.from).and(case_problems::noticed_on.le(of.to)))
        .select((case_problems::id, case_problems::noticed_on));
    let theirs =
        case_problems::table.filter(case_problems::case_id.eq(bind(of.case_id))).select(case_problems::id);
    let changed = case_problem_changes::table
        .filter(case_problem_changes::problem_id.eq_any(theirs))
        .filter(case_problem_changes::changed_on.ge(of.from).and(case_problem_changes::changed_on.le(of.to)))
        .select((case_problem_changes::problem_id, case_problem_changes::changed_on));
    let (taken, noticed, changed): (Vec<Dated>, Vec<Dated>, Vec<Dated>) =
        (db!(tx, load, taken)?, db!(tx, load, noticed)?, db!(tx, load, changed)?);
    let all = taken.into_iter().map(|it| item(MonthItemKind::Snapshot, it));
    let all = all.chain(noticed.into_iter().map(|it| item(MonthItemKind::ProblemNoticed, it)));
    Ok(all.chain(changed.into_iter().map(|it| item(MonthItemKind::ProblemChanged, it))).collect())
}

/// Tasks that were given or done. One that was cancelled was given all the same, but for a mistake.
async fn tasks_of(tx: &mut Tx<'_>, of: &Span) -> Result<Vec<MonthItem>, Failure> {
    type Line = (Uuid, Moment, TaskState, Option<NaiveDate>, Option<TaskCancellationReason>);
    let theirs = tasks::table.filter(tasks::case_id.assume_not_null().eq(bind(of.case_id))).select((
        tasks::id,
        tasks::created_at,
        tasks::state,
        tasks::settled_on,
        tasks::cancellation_reason,
    ));
    let lines: Vec<Line> = db!(tx, load, theirs)?;
    let zone = tx.zone();
    let shown = |(id, given_at, state, settled_on, cancelled): Line| {
        let done = settled_on.filter(|_| state == TaskState::Done);
        let given = item(MonthItemKind::TaskGiven, (id, zone.day(given_at)));
        let given = Some(given).filter(|_| cancelled != Some(TaskCancellationReason::Mistake));
        [given, done.map(|on| item(MonthItemKind::TaskDone, (id, on)))]
    };
    let all = lines.into_iter().flat_map(shown).flatten();
    Ok(all.filter(|it| of.from <= it.on && it.on <= of.to).collect())
}

async fn decisions_of(tx: &mut Tx<'_>, of: &Span) -> Result<Vec<MonthItem>, Failure> {
    let (begin, end) = of.instants(tx);
    let theirs = consilium_items::table
        .inner_join(consilia::table.on(consilia::id.eq(consilium_items::consilium_id)))
        .filter(consilium_items::case_id.eq(bind(of.case_id)))
        .filter(consilium_items::state.eq(bind(ItemState::Resolved)))
        .filter(consilia::state.eq(bind(ConsiliumState::Closed)))
        .filter(consilia::held_at.assume_not_null().ge(bind(begin)))
        .filter(consilia::held_at.assume_not_null().lt(bind(end)))
        .select((consilium_items::id, consilia::held_at.assume_not_null()));
    let lines: Vec<(Uuid, Moment)> = db!(tx, load, theirs)?;
    let zone = tx.zone();
    Ok(lines.into_iter().map(|(id, at)| item(MonthItemKind::Decision, (id, zone.day(at)))).collect())
}

/// The records of the person for which the organization of the case is responsible. That of a case which it handed over was its own until
/// then.
async fn served(
    tx: &mut Tx<'_>,
    of: &Span,
    records: &[BeneficiaryId],
    handover: &Handover,
) -> Result<Vec<BeneficiaryId>, Failure> {
    let own = beneficiaries::table
        .filter(beneficiaries::id.eq_any(binds(records)))
        .filter(beneficiaries::organization_id.eq(bind(of.organization_id)));
    let mut own: Vec<BeneficiaryId> = db!(tx, load, own.select(beneficiaries::id))?;
    if handover.is_given && !own.contains(&of.beneficiary_id) {
        own.push(of.beneficiary_id);
    }
    Ok(own)
}

/// Assessments, encounters with work and results of plans under any record of the person: of the organization that is responsible for that
/// record, or whose plan it is. Another one that accompanies the same person does not learn of them by its months.
async fn of_the_responsible(
    tx: &mut Tx<'_>,
    of: &Span,
    records: &[BeneficiaryId],
    handover: &Handover,
) -> Result<Vec<MonthItem>, Failure> {
    let served = served(tx, of, records, handover).await?;
    let assessed = assessments::table
        .filter(assessments::beneficiary_id.eq_any(binds(&served)))
        .filter(assessments::assessed_on.ge(of.from).and(assessments::assessed_on.le(of.to)))
        .filter(assessments::scores.is_not_null().and(assessments::annulment_reason.is_null()))
        .select((assessments::id, assessments::assessed_on, assessments::beneficiary_id));
    let met = career_activities::table
        .filter(career_activities::beneficiary_id.eq_any(binds(&served)))
        .filter(career_activities::held_on.ge(of.from).and(career_activities::held_on.le(of.to)))
        .filter(career_activities::annulment_reason.is_null())
        .select((career_activities::id, career_activities::held_on, career_activities::beneficiary_id));
    // A transfer copies results to the plans of the organization that takes over. They stay those of the one before.
    let results = plan_results::table
        .inner_join(plans::table.on(plans::id.eq(plan_results::plan_id)))
        .filter(plans::beneficiary_id.eq_any(binds(records)))
        .filter(plans::organization_id.eq(bind(of.organization_id)))
        .filter(plan_results::happened_on.ge(of.from).and(plan_results::happened_on.le(of.to)))
        .select((plan_results::id, plan_results::happened_on, plans::created_at));
    let results: Vec<(Uuid, NaiveDate, Moment)> = db!(tx, load, results)?;
    let zone = tx.zone();
    let results =
        results.into_iter().filter(|it| !handover.is_copied(it.1, zone.day(it.2))).map(|it| (it.0, it.1));
    let (assessed, met): (Vec<OfRecord>, Vec<OfRecord>) = match served.is_empty() {
        true => (Vec::new(), Vec::new()),
        false => (db!(tx, load, assessed)?, db!(tx, load, met)?),
    };
    let own = |it: &OfRecord| !handover.was_of_other(it.2, it.1);
    let assessed = assessed.into_iter().filter(own);
    let all = assessed.map(|it| item(MonthItemKind::Assessment, (it.0, it.1)));
    let met = met.into_iter().filter(own);
    let all = all.chain(met.map(|it| item(MonthItemKind::CareerActivity, (it.0, it.1))));
    Ok(all.chain(results.map(|it| item(MonthItemKind::PlanResult, it))).collect())
}
