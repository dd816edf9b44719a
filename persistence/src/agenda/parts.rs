//! The parts of the agenda that ask a list with filters of their own.
use crate::accompaniment::cases::{self, CaseCard, CaseFilter};
use crate::accompaniment::consilia::{self, ConsiliumCard, ConsiliumFilter};
use crate::accompaniment::monthly_records::{self, MonthlyRecordCard, MonthlyRecordFilter};
use crate::accompaniment::plans::{self, PlanCard, PlanReviewFilter};
use crate::accompaniment::tasks::{self, TaskCard, TaskFilter};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::entry::{self, EntryCard};
use crate::help::documents::{self, DeskDocument};
use crate::help::intake_requests::{self, IntakeRequestCard};
use crate::help::needs::{self, DueNeedFilter};
use crate::help::place_requests::{self, PlaceRequestCard, PlaceRequestFilter};
use crate::help::referrals::{self, ReferralCard};
use crate::matching::rounds::{self, MatchingRoundCard, MatchingRoundFilter};
use crate::mentors::applications::{self, ApplicationCard, ApplicationFilter};
use crate::mentors::{self, MentorCard, MentorFilter};
use crate::mentorships::meetings::{self, MeetingCard, MeetingFilter};
use crate::mentorships::requests::{self, RequestCard, RequestFilter};
use crate::mentorships::{self, MentorshipCard, MentorshipFilter};
use crate::partnership::council_meetings::{self, CouncilMeetingCard};
use crate::people::register::candidates::{self, RegisterCandidateCard, RegisterCandidateFilter};
use crate::people::{self, AccessRequestCard, AccessRequestFilter};
use crate::sight;
use crate::tx::Tx;
use chrono::NaiveDate;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::consilia::ConsiliumState;
use domain::accompaniment::monthly_records::MonthlyRecordState;
use domain::accompaniment::tasks::MyTasks;
use domain::base::access::Right;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::ListOrder;
use domain::base::id::UserId;
use domain::base::month::Month;
use domain::help::needs::NeedForm;
use domain::help::place_requests::PlaceRequestState;
use domain::matching::RoundState;
use domain::mentors::ApplicationState;
use domain::mentorships::meetings::{HomeworkState, MeetingState};
use domain::mentorships::requests::RequestState;
use domain::partnership::community::nominations::{NominationFilter, NominationForm, NominationState};
use domain::partnership::ideas::{IdeaFilter, IdeaForm, IdeaState};
use domain::people::register::candidates::RegisterCandidateState;

/// Days ahead within which something ends or expires.
pub(super) const ENDING: &str = "30";

/// The rows of a list under the right that it needs; none for a caller without it.
pub(super) async fn under<T>(
    tx: &mut Tx<'_>,
    right: Right,
    list: impl AsyncFnOnce(&mut Tx<'_>, &Window) -> Result<Page<T>, Failure>,
) -> Result<Vec<T>, Failure> {
    Ok(sight::first_rows(tx, right, list).await?.unwrap_or_default())
}

pub(super) async fn planned(
    tx: &mut Tx<'_>,
    mine: Option<bool>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Vec<MeetingCard>, Failure> {
    let (state, sort) = (Some(AnyOf::from_iter([MeetingState::Planned])), Some(ListOrder::EarliestFirst));
    let filter = MeetingFilter { state, mine, from, to, sort, ..Default::default() };
    under(tx, Right::ReadMeetings, async |tx, window| meetings::list(tx, None, &filter, window).await).await
}

pub(super) async fn pairs(tx: &mut Tx<'_>, filter: MentorshipFilter) -> Result<Vec<MentorshipCard>, Failure> {
    under(tx, Right::ReadMentorships, async |tx, window| mentorships::list(tx, &filter, window).await).await
}

pub(super) async fn applications_to_decide(
    tx: &mut Tx<'_>,
    mine: Option<bool>,
) -> Result<Vec<ApplicationCard>, Failure> {
    let state = Some(AnyOf::from_iter([ApplicationState::Submitted, ApplicationState::UnderReview]));
    let sort = Some(ListOrder::EarliestFirst);
    let filter = ApplicationFilter { state, mine, sort, ..Default::default() };
    under(tx, Right::ReadApplications, async |tx, window| applications::list(tx, &filter, window).await).await
}

pub(super) async fn requests_open(tx: &mut Tx<'_>) -> Result<Vec<RequestCard>, Failure> {
    let (state, sort) = (Some(AnyOf::from_iter([RequestState::Open])), Some(ListOrder::EarliestFirst));
    let filter = RequestFilter { state, sort, ..Default::default() };
    under(tx, Right::ReadMeetings, async |tx, window| requests::list(tx, None, &filter, window).await).await
}

pub(super) async fn mentors_expiring(tx: &mut Tx<'_>) -> Result<Vec<MentorCard>, Failure> {
    let filter = MentorFilter { documents_expire_within_days: ENDING.parse().ok(), ..Default::default() };
    under(tx, Right::ReadMentors, async |tx, window| mentors::list(tx, &filter, window).await).await
}

pub(super) async fn homework_open(tx: &mut Tx<'_>, mine: Option<bool>) -> Result<Vec<MeetingCard>, Failure> {
    let homework = Some(AnyOf::from_iter([HomeworkState::Open, HomeworkState::Overdue]));
    let filter = MeetingFilter { homework, mine, sort: Some(ListOrder::EarliestFirst), ..Default::default() };
    under(tx, Right::ReadMeetings, async |tx, window| meetings::list(tx, None, &filter, window).await).await
}

pub(super) async fn cases_in_order(tx: &mut Tx<'_>, filter: CaseFilter) -> Result<Vec<CaseCard>, Failure> {
    let (state, sort) = (Some(AnyOf::from_iter([CaseState::Open])), Some(ListOrder::EarliestFirst));
    let filter = CaseFilter { state, sort, ..filter };
    under(tx, Right::ReadCases, async |tx, window| cases::list(tx, &filter, window).await).await
}

/// Things due in the cases of an institution. A caller of a territory or of the whole region asks the list of cases.
pub(super) async fn cases_due(tx: &mut Tx<'_>, filter: CaseFilter) -> Result<Vec<CaseCard>, Failure> {
    if tx.scope_of(Right::ReadCases).organizations.is_empty() {
        return Ok(Vec::new());
    }
    cases_in_order(tx, filter).await
}

/// Days ahead within which a need is due.
const DUE: &str = "7";

pub(super) async fn due_needs(
    tx: &mut Tx<'_>,
    specialist_user_id: Option<UserId>,
) -> Result<Vec<EntryCard<NeedForm>>, Failure> {
    if tx.scope_of(Right::ReadServices).organizations.is_empty() {
        return Ok(Vec::new());
    }
    let filter =
        DueNeedFilter { due_within_days: DUE.parse().ok(), specialist_user_id, ..Default::default() };
    under(tx, Right::ReadServices, async |tx, window| needs::list(tx, &filter, window).await).await
}

pub(super) async fn documents_due(
    tx: &mut Tx<'_>,
    specialist_user_id: Option<UserId>,
) -> Result<Vec<DeskDocument>, Failure> {
    let read = async |tx: &mut Tx<'_>| {
        tx.begin_list();
        documents::on_desk(tx, specialist_user_id).await
    };
    Ok(sight::under(tx, Right::ReadServices, read).await?.unwrap_or_default())
}

pub(super) async fn consilia_to_close(tx: &mut Tx<'_>) -> Result<Vec<ConsiliumCard>, Failure> {
    if tx.scope_of(Right::ReadConsilia).organizations.is_empty() {
        return Ok(Vec::new());
    }
    let filter =
        ConsiliumFilter { state: Some(AnyOf::from_iter([ConsiliumState::Held])), ..Default::default() };
    under(tx, Right::ReadConsilia, async |tx, window| consilia::list(tx, &filter, window).await).await
}

pub(super) async fn monthly_records_to_sign(
    tx: &mut Tx<'_>,
    specialist_user_id: Option<UserId>,
) -> Result<Vec<MonthlyRecordCard>, Failure> {
    if tx.scope_of(Right::ReadMonthlyRecords).organizations.is_empty() {
        return Ok(Vec::new());
    }
    let now = Month::of(tx.today());
    let state = Some(AnyOf::from_iter([MonthlyRecordState::Draft, MonthlyRecordState::Late]));
    let (from, to) = (Some(now.before(3)), Some(now.before(1)));
    let filter = MonthlyRecordFilter { from, to, state, specialist_user_id, ..Default::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| monthly_records::list(tx, &filter, window).await;
    under(tx, Right::ReadMonthlyRecords, list).await
}

pub(super) async fn plans_to_review(tx: &mut Tx<'_>) -> Result<Vec<PlanCard>, Failure> {
    if tx.scope_of(Right::ReadPlans).organizations.is_empty() {
        return Ok(Vec::new());
    }
    let filter = PlanReviewFilter { overdue: Some(true) };
    under(tx, Right::ReadPlans, async |tx, window| plans::list(tx, &filter, window).await).await
}

pub(super) async fn tasks_to_do(tx: &mut Tx<'_>) -> Result<Vec<TaskCard>, Failure> {
    let (mine, sort) = (Some(MyTasks::ToDo), Some(ListOrder::EarliestFirst));
    let filter = TaskFilter { mine, sort, ..Default::default() };
    under(tx, Right::ReadTasks, async |tx, window| tasks::list(tx, &filter, window).await).await
}

/// A caller whose organizations keep no council reads no list.
pub(super) async fn meetings_of_councils(tx: &mut Tx<'_>) -> Result<Vec<CouncilMeetingCard>, Failure> {
    if tx.scope_of(Right::RunCouncils).organizations.is_empty() {
        return Ok(Vec::new());
    }
    under(tx, Right::ReadPartnership, council_meetings::on_agenda).await
}

/// A caller who answers nothing reads no list.
pub(super) async fn referrals_to_answer(tx: &mut Tx<'_>) -> Result<Vec<ReferralCard>, Failure> {
    if tx.scope_of(Right::AnswerReferrals).is_nothing() {
        return Ok(Vec::new());
    }
    under(tx, Right::ReadServices, async |tx, window| referrals::to_answer(tx, window).await).await
}

/// A caller who refers nobody reads no list.
pub(super) async fn referrals_answered(tx: &mut Tx<'_>) -> Result<Vec<ReferralCard>, Failure> {
    if tx.scope_of(Right::SendReferrals).is_nothing() {
        return Ok(Vec::new());
    }
    under(tx, Right::ReadServices, async |tx, window| referrals::answered(tx, window).await).await
}

/// A caller who checks nothing reads no list.
pub(super) async fn intake_to_check(tx: &mut Tx<'_>) -> Result<Vec<IntakeRequestCard>, Failure> {
    if tx.scope_of(Right::DecideIntake).is_nothing() {
        return Ok(Vec::new());
    }
    under(tx, Right::ReadIntake, async |tx, window| intake_requests::to_check(tx, window).await).await
}

pub(super) async fn intake_to_decide(tx: &mut Tx<'_>) -> Result<Vec<IntakeRequestCard>, Failure> {
    if tx.scope_of(Right::DecideIntake).is_nothing() {
        return Ok(Vec::new());
    }
    under(tx, Right::ReadIntake, async |tx, window| intake_requests::to_decide(tx, window).await).await
}

/// A caller who decides nothing reads no list.
pub(super) async fn access_requests_to_decide(tx: &mut Tx<'_>) -> Result<Vec<AccessRequestCard>, Failure> {
    if tx.scope_of(Right::DecideAccess).is_nothing() {
        return Ok(Vec::new());
    }
    let filter = AccessRequestFilter { to_decide: Some(true) };
    let list =
        async |tx: &mut Tx<'_>, window: &Window| people::list_access_requests(tx, &filter, window).await;
    under(tx, Right::ReadAccessRequests, list).await
}

/// A caller who publishes nothing reads no list.
pub(super) async fn rounds_to_publish(tx: &mut Tx<'_>) -> Result<Vec<MatchingRoundCard>, Failure> {
    if tx.scope_of(Right::RunMatching).is_nothing() {
        return Ok(Vec::new());
    }
    let filter =
        MatchingRoundFilter { state: Some(AnyOf::from_iter([RoundState::Ready])), ..Default::default() };
    under(tx, Right::ReadMatching, async |tx, window| rounds::list(tx, &filter, window).await).await
}

/// A caller who books no bed answers no offer.
pub(super) async fn place_offers(tx: &mut Tx<'_>) -> Result<Vec<PlaceRequestCard>, Failure> {
    if tx.scope_of(Right::BookPlaces).is_nothing() {
        return Ok(Vec::new());
    }
    let state = Some(AnyOf::from_iter([PlaceRequestState::Offered]));
    let filter = PlaceRequestFilter { state, ..Default::default() };
    under(tx, Right::BookPlaces, async |tx, window| place_requests::list(tx, &filter, window).await).await
}

/// The right of the step says which organizations are meant: the region's administrator sends no nomination.
pub(super) async fn nominations_to_send(tx: &mut Tx<'_>) -> Result<Vec<EntryCard<NominationForm>>, Failure> {
    let state = Some(AnyOf::from_iter([NominationState::Draft]));
    let filter = NominationFilter { state, ..Default::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| {
        entry::list::<NominationForm>(tx, None, &filter, window).await
    };
    under(tx, Right::EndorseParticipants, list).await
}

/// A caller whose organizations decide no idea reads no list.
pub(super) async fn ideas_to_decide(tx: &mut Tx<'_>) -> Result<Vec<EntryCard<IdeaForm>>, Failure> {
    if tx.scope_of(Right::RunCouncils).organizations.is_empty() {
        return Ok(Vec::new());
    }
    let state = Some(AnyOf::from_iter([IdeaState::New, IdeaState::Considered]));
    let filter = IdeaFilter { state, ..Default::default() };
    let list =
        async |tx: &mut Tx<'_>, window: &Window| entry::list::<IdeaForm>(tx, None, &filter, window).await;
    under(tx, Right::RunCouncils, list).await
}

/// The list is empty for those who do not keep the register.
pub(super) async fn register_pairs(tx: &mut Tx<'_>) -> Result<Vec<RegisterCandidateCard>, Failure> {
    let state = Some(AnyOf::from_iter([RegisterCandidateState::New]));
    let filter = RegisterCandidateFilter { state, ..Default::default() };
    under(tx, Right::ManageRegister, async |tx, window| candidates::list(tx, &filter, window).await).await
}
