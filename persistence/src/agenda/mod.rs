//! The agenda: the desk of any role in one answer.
//!
//! It is a union of lists, each under its own right and scope: nothing is in it that its list would not show. A caller without a
//! right has nothing in its part.
use crate::accompaniment::cases::{CaseCard, CaseFilter};
use crate::accompaniment::consilia::ConsiliumCard;
use crate::accompaniment::monthly_records::MonthlyRecordCard;
use crate::accompaniment::plans::{self, PlanCard};
use crate::accompaniment::tasks::TaskCard;
use crate::accompaniment::transfers::{self, CaseTransferCard};
use crate::engine::card::Card;
use crate::engine::failure::Failure;
use crate::entry::EntryCard;
use crate::help::crises::{self, CrisisCard};
use crate::help::documents::DeskDocument;
use crate::help::intake_requests::{self, IntakeRequestCard};
use crate::help::place_requests::PlaceRequestCard;
use crate::help::referrals::ReferralCard;
use crate::help::service_deliveries;
use crate::help::stays::{self, EndingStay};
use crate::matching::rounds::MatchingRoundCard;
use crate::mentors::MentorCard;
use crate::mentors::applications::ApplicationCard;
use crate::mentors::removals::{self, RemovalGroundCard};
use crate::mentorships::meetings::MeetingCard;
use crate::mentorships::requests::RequestCard;
use crate::mentorships::{MentorshipCard, MentorshipFilter};
use crate::partnership::agreements::{self, AgreementCard};
use crate::partnership::council_meetings::CouncilMeetingCard;
use crate::partnership::events::volunteers;
use crate::people::register::candidates::RegisterCandidateCard;
use crate::people::{self, AccessRequestCard, PersonalConsentCard};
use crate::sight;
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use domain::base::access::Right;
use domain::base::change::Subject;
use domain::base::filters::any::AnyOf;
use domain::help::needs::NeedForm;
use domain::help::service_deliveries::ServiceDeliveryForm;
use domain::mentorships::MentorshipState;
use domain::partnership::community::nominations::NominationForm;
use domain::partnership::events::volunteer_work::VolunteerWorkForm;
use domain::partnership::ideas::IdeaForm;
use parts::*;
use shape::{card, filter};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};

mod parts;

/// The question for an agenda.
#[filter]
pub struct AgendaQuestion {
    /// `true`: mentorships, meetings and applications only of the caller, as in their lists. `false`: only all others.
    pub mine: Option<bool>,
}

/// The agenda: things that are due, that wait and that end. Each part has at most 50 rows; the list that it names has the rest.
#[card]
pub struct Agenda {
    /// The day of the region.
    pub today: NaiveDate,
    /// Planned meetings of today, the earliest first: `GET /meetings`.
    #[schema(max_items = 50)]
    pub meetings_today: Vec<MeetingCard>,
    /// Planned meetings of the six days after today, the earliest first: `GET /meetings`.
    #[schema(max_items = 50)]
    pub meetings_this_week: Vec<MeetingCard>,
    /// Planned meetings of earlier days, to be recorded as held, missed or cancelled: `GET /meetings`.
    #[schema(max_items = 50)]
    pub meetings_to_record: Vec<MeetingCard>,
    /// Held meetings whose homework is open or overdue, the earliest first: `GET /meetings`.
    #[schema(max_items = 50)]
    pub homework_open: Vec<MeetingCard>,
    /// Mentorships that have not begun, with the actions that the caller may take: `GET /mentorships`.
    #[schema(max_items = 50)]
    pub mentorships_to_begin: Vec<MentorshipCard>,
    /// Mentorships whose two have not met by the required day: `GET /mentorships`.
    #[schema(max_items = 50)]
    pub mentorships_silent: Vec<MentorshipCard>,
    /// Mentorships whose last day is within 30 days: `GET /mentorships`.
    #[schema(max_items = 50)]
    pub mentorships_ending: Vec<MentorshipCard>,
    /// Applications that await a decision, the earliest first: `GET /mentor-applications`.
    #[schema(max_items = 50)]
    pub applications_to_decide: Vec<ApplicationCard>,
    /// Open requests, the earliest first: `GET /requests`.
    #[schema(max_items = 50)]
    pub requests_open: Vec<RequestCard>,
    /// Open grounds for a removal of a living mentor: `GET /removal-grounds`.
    #[schema(max_items = 50)]
    pub removal_grounds_open: Vec<RemovalGroundCard>,
    /// Mentors with a document that expires within 30 days: `GET /mentors`.
    #[schema(max_items = 50)]
    pub mentors_expiring: Vec<MentorCard>,
    /// Open cases of which no specialist is in charge, the earliest first: `GET /cases`.
    #[schema(max_items = 50)]
    pub cases_unassigned: Vec<CaseCard>,
    /// Open cases of the caller's institution whose next contact is overdue, the earliest first: `GET /cases`.
    #[schema(max_items = 50)]
    pub contacts_due: Vec<CaseCard>,
    /// Open cases of the caller's institution whose next snapshot is overdue, the earliest first: `GET /cases`.
    #[schema(max_items = 50)]
    pub snapshots_due: Vec<CaseCard>,
    /// Open cases of the caller's institution whose contract about housing ends soon or has ended, the earliest first:
    /// `GET /cases?housing_contract_ending=true`.
    #[schema(max_items = 50)]
    pub housing_contracts_ending: Vec<CaseCard>,
    /// Needs of the caller's institution that are due within a week or overdue.
    #[schema(schema_with = needs_due)]
    pub needs_due: Vec<EntryCard<NeedForm>>,
    /// Open cases of the caller's institution with a review that is due, the earliest first: `GET /cases`.
    #[schema(max_items = 50)]
    pub reviews_due: Vec<CaseCard>,
    /// Held consilia of the caller's institution whose protocol is not closed: `GET /consilia?state=held`.
    #[schema(max_items = 50)]
    pub consilia_to_close: Vec<ConsiliumCard>,
    /// Monthly records of the last three months that are over and that nobody has signed, of the caller's institution, the earliest
    /// month first: `GET /monthly-records?state=draft,late`.
    #[schema(max_items = 50)]
    pub monthly_records_to_sign: Vec<MonthlyRecordCard>,
    /// Open plans of the caller's institution whose review is overdue, the earliest first: `GET /plans?overdue=true`.
    #[schema(max_items = 50)]
    pub plans_to_review: Vec<PlanCard>,
    /// Open plans with a submitted version that the caller may approve in person now, the longest waiting first: `versions` begins with it.
    #[schema(max_items = 50)]
    pub plans_to_approve: Vec<PlanCard>,
    /// Transfers that await the answer of the caller's organization: `GET /case-transfers?incoming=true&state=proposed`.
    #[schema(max_items = 50)]
    pub transfers_to_answer: Vec<CaseTransferCard>,
    /// Tasks that wait for the caller, the earliest last day first: open ones given to them or to their institution, or that it has to
    /// answer, and reported ones that they control: `GET /tasks?mine=to_do`.
    #[schema(max_items = 50)]
    pub tasks: Vec<TaskCard>,
    /// Meetings of councils that the caller's organization keeps, the earliest first: planned ones up to a week ahead, and held ones whose
    /// protocol is not signed: `GET /council-meetings?state=planned,held`.
    #[schema(max_items = 50)]
    pub council_meetings: Vec<CouncilMeetingCard>,
    /// Referrals that await the answer of the caller's organization: `GET /referrals?direction=in&state=sent`.
    #[schema(max_items = 50)]
    pub referrals_to_answer: Vec<ReferralCard>,
    /// Referrals of the caller's organization that were accepted, rejected, returned or done within the last 14 days, or that have lapsed
    /// without an answer, the latest first: `GET /referrals?direction=out`.
    #[schema(max_items = 50)]
    pub referrals_answered: Vec<ReferralCard>,
    /// Services that other organizations have recorded in cases of the caller's institution.
    #[schema(schema_with = deliveries_of_others)]
    pub deliveries_of_others: Vec<EntryCard<ServiceDeliveryForm>>,
    /// Requests for help whose check the caller's organization may take up: `GET /intake-requests?state=received,redirected`.
    #[schema(max_items = 50)]
    pub intake_to_check: Vec<IntakeRequestCard>,
    /// Requests for help that the caller's organization checks: `GET /intake-requests?state=checking`.
    #[schema(max_items = 50)]
    pub intake_to_decide: Vec<IntakeRequestCard>,
    /// Requests about a child in danger: for the guardianship those that nobody has decided, at once; for others those that nobody has
    /// taken up and whose chain has come to the caller: `GET /intake-requests?danger_to_child=true`.
    #[schema(max_items = 50)]
    pub intake_in_danger: Vec<IntakeRequestCard>,
    /// Crises that wait for the caller, the earliest first: those to which the chain has come and that nobody has taken up, or about which
    /// nothing is done; those for which the caller is responsible, or whose follow-up is due; and for guardianship those that await its
    /// survey: `GET /crises`.
    #[schema(max_items = 50)]
    pub crises: Vec<CrisisCard>,
    /// Crises with an overdue notice or survey, for heads, directors, administrators and guardianship:
    /// `GET /crises?notice_overdue=true`, `GET /crises?survey_overdue=true`.
    #[schema(max_items = 50)]
    pub crises_overdue: Vec<CrisisCard>,
    /// Documents in open cases of the caller's institution that are wanted or expire within 30 days, or fall due by an age, the earliest
    /// first: `GET /cases/{id}/document-assistance` and `GET /cases/{id}/documents-due`.
    #[schema(max_items = 50)]
    pub documents_due: Vec<DeskDocument>,
    /// Stays in the facilities of the caller's institution whose last day is within a week or has passed, the earliest first:
    /// `GET /stays?state=arrived&ends_within_days=7`.
    #[schema(max_items = 50)]
    pub stays_ending: Vec<EndingStay>,
    /// Agreements in force of the organizations that the caller directs whose last day is within 30 days, the earliest first:
    /// `GET /agreements?ends_within_days=30`.
    #[schema(max_items = 50)]
    pub agreements_ending: Vec<AgreementCard>,
    /// Requests for a place with an offer that waits for the answer of the caller's institution, the most urgent first:
    /// `GET /place-requests?state=offered`.
    #[schema(max_items = 50)]
    pub place_offers_to_answer: Vec<PlaceRequestCard>,
    /// Consents of the caller that await the caller's own signature, the newest first: `GET /beneficiaries/{id}/consents`. That of a
    /// mentorship is signed with it: `mentorships_to_begin`.
    #[schema(max_items = 50)]
    pub consents_to_sign: Vec<PersonalConsentCard>,
    /// Hours of volunteers.
    #[schema(schema_with = volunteer_work_to_confirm)]
    pub volunteer_work_to_confirm: Vec<EntryCard<VolunteerWorkForm>>,
    /// Nominations of the caller's organization.
    #[schema(schema_with = nominations_in_preparation)]
    pub nominations_to_send: Vec<EntryCard<NominationForm>>,
    /// Ideas of the caller's organization.
    #[schema(schema_with = undecided_ideas)]
    pub ideas_to_decide: Vec<EntryCard<IdeaForm>>,
    /// Pairs of entries that may be one person, for those who keep the register, the newest first:
    /// `GET /register-candidates?state=new`.
    #[schema(max_items = 50)]
    pub register_pairs_to_decide: Vec<RegisterCandidateCard>,
    /// Access requests that the caller may decide: `GET /access-requests`.
    #[schema(max_items = 50)]
    pub access_requests_to_decide: Vec<AccessRequestCard>,
    /// Computed rounds that wait for their publication, for a caller who may publish some: `GET /matching-rounds`.
    #[schema(max_items = 50)]
    pub rounds_to_publish: Vec<MatchingRoundCard>,
}

/// The cards of needs are in the contract by their entry.
fn needs_due() -> RefOr<Schema> {
    let card = Ref::from_schema_name(NeedForm::ABOUT.card);
    let text = "Needs in cases of the caller's institution whose last day is within a week or has passed, the earliest first: `GET /needs`.";
    ArrayBuilder::new().items(card).max_items(Some(50)).description(Some(text)).build().into()
}

/// The same of deliveries.
fn deliveries_of_others() -> RefOr<Schema> {
    let card = Ref::from_schema_name(ServiceDeliveryForm::ABOUT.card);
    let text = "Services that members of the team and receivers of referrals have recorded within the last 14 days in cases of the caller's institution, the newest first: `GET /cases/{id}/service-deliveries`.";
    ArrayBuilder::new().items(card).max_items(Some(50)).description(Some(text)).build().into()
}

/// The same of hours of volunteers.
fn volunteer_work_to_confirm() -> RefOr<Schema> {
    let card = Ref::from_schema_name(VolunteerWorkForm::ABOUT.card);
    let text = "Hours of others than the caller at events that the caller's organization holds, alone or together with others, which nobody has confirmed or rejected, the earliest day first: `GET /events/{id}/volunteer-work?state=recorded`.";
    ArrayBuilder::new().items(card).max_items(Some(50)).description(Some(text)).build().into()
}

/// The same of nominations.
fn nominations_in_preparation() -> RefOr<Schema> {
    let card = Ref::from_schema_name(NominationForm::ABOUT.card);
    let text = "Nominations of the caller's organization that are to be sent or withdrawn, the newest first: `GET /nominations?state=draft`.";
    ArrayBuilder::new().items(card).max_items(Some(50)).description(Some(text)).build().into()
}

/// The same of ideas.
fn undecided_ideas() -> RefOr<Schema> {
    let card = Ref::from_schema_name(IdeaForm::ABOUT.card);
    let text = "Ideas of the caller's organization that were not decided, the latest first: `GET /ideas?state=new,considered`.";
    ArrayBuilder::new().items(card).max_items(Some(50)).description(Some(text)).build().into()
}

impl Card for Agenda {
    fn personal(&self) -> Vec<Subject> {
        let meetings =
            [&self.meetings_today, &self.meetings_this_week, &self.meetings_to_record, &self.homework_open];
        let mentorships = [&self.mentorships_to_begin, &self.mentorships_silent, &self.mentorships_ending];
        let mut all: Vec<Subject> = meetings.into_iter().flatten().flat_map(Card::personal).collect();
        all.extend(mentorships.into_iter().flatten().flat_map(Card::personal));
        all.extend(self.applications_to_decide.iter().flat_map(Card::personal));
        all.extend(self.requests_open.iter().flat_map(Card::personal));
        all.extend(self.removal_grounds_open.iter().flat_map(Card::personal));
        all.extend(self.mentors_expiring.iter().flat_map(Card::personal));
        for part in [&self.cases_unassigned, &self.contacts_due, &self.snapshots_due, &self.reviews_due] {
            all.extend(part.iter().flat_map(Card::personal));
        }
        all.extend(self.housing_contracts_ending.iter().flat_map(Card::personal));
        all.extend(self.needs_due.iter().flat_map(Card::personal));
        all.extend(self.consilia_to_close.iter().flat_map(Card::personal));
        all.extend(self.monthly_records_to_sign.iter().flat_map(Card::personal));
        all.extend(self.plans_to_review.iter().chain(&self.plans_to_approve).flat_map(Card::personal));
        all.extend(self.transfers_to_answer.iter().flat_map(Card::personal));
        all.extend(self.tasks.iter().flat_map(Card::personal));
        all.extend(self.referrals_to_answer.iter().chain(&self.referrals_answered).flat_map(Card::personal));
        all.extend(self.deliveries_of_others.iter().flat_map(Card::personal));
        for part in [&self.intake_to_check, &self.intake_to_decide, &self.intake_in_danger] {
            all.extend(part.iter().flat_map(Card::personal));
        }
        all.extend(self.crises.iter().chain(&self.crises_overdue).flat_map(Card::personal));
        all.extend(self.documents_due.iter().flat_map(Card::personal));
        all.extend(self.stays_ending.iter().flat_map(Card::personal));
        all.extend(self.place_offers_to_answer.iter().flat_map(Card::personal));
        all.extend(self.consents_to_sign.iter().flat_map(Card::personal));
        all.extend(self.volunteer_work_to_confirm.iter().flat_map(Card::personal));
        all.extend(self.nominations_to_send.iter().flat_map(Card::personal));
        all.extend(self.register_pairs_to_decide.iter().flat_map(Card::personal));
        all.extend(self.access_requests_to_decide.iter().flat_map(Card::personal));
        all.extend(self.rounds_to_publish.iter().flat_map(Card::personal));
        all
    }
}

/// The agenda of the caller.
pub async fn of_caller(tx: &mut Tx<'_>, asked: &AgendaQuestion) -> Result<Agenda, Failure> {
    let (today, mine) = (tx.today(), asked.mine);
    let day = |days| today.checked_add_days(Days::new(days));
    let unfinished = [MentorshipState::Proposed, MentorshipState::Accepted, MentorshipState::Consented];
    let to_begin = Some(AnyOf::from_iter(unfinished));
    let ending = ENDING.parse().ok();
    let specialist_user_id = tx.caller().filter(|_| mine == Some(true)).map(|it| it.user);
    let due = || CaseFilter { specialist_user_id, ..Default::default() };
    Ok(Agenda {
        today,
        meetings_today: planned(tx, mine, Some(today), Some(today)).await?,
        meetings_this_week: planned(tx, mine, day(1), day(6)).await?,
        meetings_to_record: planned(tx, mine, None, today.pred_opt()).await?,
        homework_open: homework_open(tx, mine).await?,
        mentorships_to_begin: pairs(tx, MentorshipFilter { mine, state: to_begin, ..Default::default() })
            .await?,
        mentorships_silent: pairs(tx, MentorshipFilter { mine, silent: Some(true), ..Default::default() })
            .await?,
        mentorships_ending: pairs(
            tx,
            MentorshipFilter { mine, ends_within_days: ending, ..Default::default() },
        )
        .await?,
        applications_to_decide: applications_to_decide(tx, mine).await?,
        requests_open: requests_open(tx).await?,
        removal_grounds_open: under(tx, Right::ReadRemovals, removals::to_decide).await?,
        mentors_expiring: mentors_expiring(tx).await?,
        cases_unassigned: cases_in_order(tx, CaseFilter { unassigned: Some(true), ..Default::default() })
            .await?,
        contacts_due: cases_due(tx, CaseFilter { contact_overdue: Some(true), ..due() }).await?,
        snapshots_due: cases_due(tx, CaseFilter { snapshot_overdue: Some(true), ..due() }).await?,
        reviews_due: cases_due(tx, CaseFilter { review_due: Some(true), ..due() }).await?,
        housing_contracts_ending: cases_due(tx, CaseFilter { housing_contract_ending: Some(true), ..due() })
            .await?,
        needs_due: due_needs(tx, specialist_user_id).await?,
        consilia_to_close: consilia_to_close(tx).await?,
        monthly_records_to_sign: monthly_records_to_sign(tx, specialist_user_id).await?,
        plans_to_review: plans_to_review(tx).await?,
        plans_to_approve: under(tx, Right::ReadPlans, plans::to_approve).await?,
        transfers_to_answer: under(tx, Right::ReadCases, transfers::to_answer).await?,
        tasks: tasks_to_do(tx).await?,
        council_meetings: meetings_of_councils(tx).await?,
        referrals_to_answer: referrals_to_answer(tx).await?,
        referrals_answered: referrals_answered(tx).await?,
        deliveries_of_others: under(tx, Right::ReadServices, service_deliveries::of_others).await?,
        intake_to_check: intake_to_check(tx).await?,
        intake_to_decide: intake_to_decide(tx).await?,
        intake_in_danger: under(tx, Right::ReadIntake, intake_requests::in_danger).await?,
        crises: sight::under(tx, Right::ReadCrises, crises::waiting).await?.unwrap_or_default(),
        crises_overdue: sight::under(tx, Right::ReadCrises, crises::overdue).await?.unwrap_or_default(),
        documents_due: documents_due(tx, specialist_user_id).await?,
        stays_ending: under(tx, Right::ReadPlaces, stays::ending).await?,
        agreements_ending: under(tx, Right::SignAgreements, agreements::ending).await?,
        place_offers_to_answer: place_offers(tx).await?,
        consents_to_sign: under(tx, Right::ReadConsents, people::consents_to_sign).await?,
        volunteer_work_to_confirm: under(tx, Right::EndorseParticipants, volunteers::hours_to_confirm)
            .await?,
        nominations_to_send: nominations_to_send(tx).await?,
        ideas_to_decide: ideas_to_decide(tx).await?,
        register_pairs_to_decide: register_pairs(tx).await?,
        access_requests_to_decide: access_requests_to_decide(tx).await?,
        rounds_to_publish: rounds_to_publish(tx).await?,
    })
}
