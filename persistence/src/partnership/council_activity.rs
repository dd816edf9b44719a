//! The work of a council in a period, computed at each read.
use crate::engine::card::Card;
use crate::engine::column::{Json, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{council_meetings, decisions, events, tasks};
use crate::partnership::councils;
use crate::sight::must_see;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::accompaniment::tasks::TaskState;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::period::must_have_days;
use domain::base::id::{CouncilId, OrganizationId};
use domain::base::moment::CALENDAR;
use domain::partnership::council_activity::by_organization;
use domain::partnership::council_meetings::{CouncilMeetingState, Seat};
use domain::partnership::decisions::DecisionState;
use domain::partnership::events::EventState;
use shape::{card, filter};

/// The question for the work of a council.
#[filter]
pub struct CouncilActivityQuestion {
    /// The first day. Absent: from the beginning.
    pub from: Option<NaiveDate>,
    /// The last day. Absent: until today.
    pub to: Option<NaiveDate>,
}

/// The presence of the members of an organization.
#[card]
pub struct OrganizationPresence {
    /// The organization. Absent: members who come from none.
    pub organization_id: Option<OrganizationId>,
    /// The times that a member of it was present.
    #[schema(minimum = 0, maximum = 1_000_000, example = 3)]
    pub present: i64,
    /// The times that a member of it could have been.
    #[schema(minimum = 0, maximum = 1_000_000, example = 4)]
    pub possible: i64,
}

/// The number of tasks in a state.
#[card]
pub struct TasksInState {
    /// The state.
    pub state: TaskState,
    /// The number.
    #[schema(minimum = 0, maximum = 1_000_000, example = 2)]
    pub count: i64,
}

/// The work of a council in a period.
#[card]
pub struct CouncilActivity {
    /// The council.
    pub council_id: CouncilId,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
    /// The number of meetings held, also of those whose protocol is not signed yet.
    #[schema(minimum = 0, maximum = 100_000, example = 4)]
    pub meetings: i64,
    /// The presence at these meetings, by the organizations of the members. Accounts of other organizations read that of signed minutes alone,
    /// and none where the council does not publish them.
    #[schema(max_items = 200)]
    pub presence: Vec<OrganizationPresence>,
    /// The number of decisions adopted, without cancelled ones.
    #[schema(minimum = 0, maximum = 100_000, example = 2)]
    pub decisions: i64,
    /// The tasks of these decisions, by their states today.
    #[schema(max_items = 10)]
    pub tasks: Vec<TasksInState>,
    /// The number of events that the council has brought about, by their first days, without cancelled ones.
    #[schema(minimum = 0, maximum = 100_000, example = 1)]
    pub events: i64,
}

impl Card for CouncilActivity {}

/// The work of a council.
pub async fn of_council(
    tx: &mut Tx<'_>,
    id: CouncilId,
    asked: &CouncilActivityQuestion,
) -> Result<CouncilActivity, Failure> {
    must_see(tx, Subject::new(SubjectKind::Council, id)).await?;
    let (from, to) = (asked.from, asked.to.unwrap_or(tx.today()));
    must_have_days(from, to)?;
    let first = from.unwrap_or(CALENDAR.0);
    let held = council_meetings::table
        .filter(council_meetings::council_id.eq(bind(id)))
        .filter(council_meetings::held_on.assume_not_null().between(first, to))
        .select((council_meetings::state, council_meetings::seats));
    let held: Vec<(CouncilMeetingState, Json<Vec<Seat>>)> = db!(tx, load, held)?;
    let council = councils::found(tx, id).await?;
    let inside = tx.scope_of(Right::ReadPartnershipInside);
    let is_own = inside.answers_for(council.organization_id);
    // Minutes that nobody has signed are read inside alone, and so is who was there.
    let is_told =
        |it: &CouncilMeetingState| is_own || (council.publishes && *it == CouncilMeetingState::Closed);
    let told = held.iter().filter(|it| is_told(&it.0)).flat_map(|it| &it.1.0);
    let shares = by_organization(told.map(|it| (it.presence, it.organization_id)));
    let presence = shares.into_iter().map(|(organization_id, share)| OrganizationPresence {
        organization_id,
        present: share.present,
        possible: share.possible,
    });
    let presence: Vec<OrganizationPresence> = presence.collect();
    let (decisions, tasks) = decided(tx, id, (first, to)).await?;
    let meetings = i64::try_from(held.len()).unwrap_or(i64::MAX);
    let brought_about = events::table
        .filter(events::council_id.eq(bind(Some(id))))
        .filter(events::starts_on.between(first, to))
        .filter(events::state.ne(bind(EventState::Cancelled)))
        .filter(events::annulment_reason.is_null());
    let events: i64 = db!(tx, first, brought_about.select(count_star()))?;
    Ok(CouncilActivity { council_id: id, from, to, meetings, presence, decisions, tasks, events })
}

/// The number of decisions that stand, and of their tasks.
async fn decided(
    tx: &mut Tx<'_>,
    id: CouncilId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<(i64, Vec<TasksInState>), Failure> {
    let adopted = || {
        decisions::table
            .filter(decisions::council_id.eq(bind(id)))
            .filter(decisions::state.eq(bind(DecisionState::Adopted)))
            .filter(decisions::adopted_on.between(first, last))
    };
    let count: i64 = db!(tx, first, adopted().select(count_star()))?;
    let theirs = || {
        tasks::table
            .filter(tasks::source_id.assume_not_null().eq_any(adopted().select(decisions::id)))
            .group_by(tasks::state)
            .select((tasks::state, count_star()))
    };
    let told: Vec<(TaskState, i64)> = db!(tx, load, theirs())?;
    Ok((count, told.into_iter().map(|(state, count)| TasksInState { state, count }).collect()))
}
