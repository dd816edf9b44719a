//! The overview of a case: everything that the page of a case shows, in one answer.
//!
//! It is a union of cards and lists, each under its own right and scope: nothing is in it that its own address would not show. A
//! part whose right the caller lacks is absent.
use crate::accompaniment::case_problems::{self, CaseProblemCard};
use crate::accompaniment::cases::{self, CaseCard};
use crate::accompaniment::monthly_records::{self, MonthlyRecordCard, MonthlyRecordsOfCase};
use crate::accompaniment::plans::{self, PlanCard, PlanFilter};
use crate::accompaniment::tasks::{self, TaskCard, TaskFilter};
use crate::engine::card::Card;
use crate::engine::failure::Failure;
use crate::engine::page::Window;
use crate::entry::{self, EntryCard};
use crate::mentorships::{self, MentorshipCard, MentorshipFilter};
use crate::people::{self, BeneficiaryCard, ConsentFilter, PersonCard, PersonalConsentCard};
use crate::sight::{first_rows, under};
use crate::tx::Tx;
use domain::accompaniment::case_contacts::CaseContactForm;
use domain::accompaniment::life_periods::LifePeriodForm;
use domain::accompaniment::plans::PlanState;
use domain::accompaniment::snapshots::SnapshotForm;
use domain::accompaniment::tasks::TaskState;
use domain::base::access::{Permission, Right};
use domain::base::change::Subject;
use domain::base::entry::Entry;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::ListOrder;
use domain::base::id::{BeneficiaryId, CaseId};
use domain::help::needs::{NeedFilter, NeedForm, NeedState};
use domain::help::service_deliveries::ServiceDeliveryForm;
use domain::people::consents::ConsentState;
use shape::card;
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use uuid::Uuid;

/// Everything that the page of a case shows. A part whose right the caller lacks is absent.
#[card]
pub struct CaseOverview {
    /// The version of the case. It stands before the dot of the `ETag` header, whose digest changes with any part.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The case: `GET /cases/{id}`.
    pub case: CaseCard,
    /// The beneficiary: `GET /beneficiaries/{id}`.
    pub beneficiary: Option<BeneficiaryCard>,
    /// The person, or those members of the family whom the caller sees: `GET /people/{id}`.
    #[schema(max_items = 30)]
    pub people: Option<Vec<PersonCard>>,
    /// The latest contacts.
    #[schema(schema_with = contacts)]
    pub contacts: Option<Vec<EntryCard<CaseContactForm>>>,
    /// The latest snapshots of the life situation.
    #[schema(schema_with = snapshots)]
    pub snapshots: Option<Vec<EntryCard<SnapshotForm>>>,
    /// Periods of the life.
    #[schema(schema_with = life_periods)]
    pub life_periods: Option<Vec<EntryCard<LifePeriodForm>>>,
    /// Problems that are not resolved, the newest entry first, at most 50: `GET /cases/{id}/problems`.
    #[schema(max_items = 50)]
    pub problems: Option<Vec<CaseProblemCard>>,
    /// Needs that have not ended.
    #[schema(schema_with = needs)]
    pub needs: Option<Vec<EntryCard<NeedForm>>>,
    /// The latest deliveries of services.
    #[schema(schema_with = deliveries)]
    pub service_deliveries: Option<Vec<EntryCard<ServiceDeliveryForm>>>,
    /// Tasks of the case that are open or reported, the earliest last day first, at most 50: `GET /tasks`.
    #[schema(max_items = 50)]
    pub tasks: Option<Vec<TaskCard>>,
    /// Open plans of the beneficiary, the newest first, at most 50: `GET /beneficiaries/{id}/plans`.
    #[schema(max_items = 50)]
    pub plans: Option<Vec<PlanCard>>,
    /// Monthly records, the latest month first, at most 12: `GET /cases/{id}/monthly-records`.
    #[schema(max_items = 12)]
    pub monthly_records: Option<Vec<MonthlyRecordCard>>,
    /// Mentorships of the beneficiary, the newest first, at most 50: `GET /mentorships`.
    #[schema(max_items = 50)]
    pub mentorships: Option<Vec<MentorshipCard>>,
    /// Consents of the beneficiary that are in force, the newest first: `GET /beneficiaries/{id}/consents`.
    #[schema(max_items = 200)]
    pub consents: Option<Vec<PersonalConsentCard>>,
}

/// Contacts in an overview.
const CONTACTS: usize = 5;
/// Snapshots in an overview.
const SNAPSHOTS: usize = 2;
/// Periods of life in an overview.
const LIFE_PERIODS: usize = 50;
/// Needs in an overview.
const NEEDS: usize = 50;
/// Deliveries in an overview.
const DELIVERIES: usize = 5;
/// Monthly records in an overview.
const MONTHLY_RECORDS: i64 = 12;
/// Consents of which those in force are shown: as many as a page has at most.
const CONSENTS: i64 = 200;

/// The cards of entries are in the contract by the entries themselves.
fn cards_of<F: Entry>(at_most: usize, text: &str) -> RefOr<Schema> {
    let card = Ref::from_schema_name(F::ABOUT.card);
    ArrayBuilder::new().items(card).max_items(Some(at_most)).description(Some(text)).build().into()
}
fn contacts() -> RefOr<Schema> {
    let text = "The latest contacts that count, the latest day first: `GET /cases/{id}/case-contacts`.";
    cards_of::<CaseContactForm>(CONTACTS, text)
}
fn snapshots() -> RefOr<Schema> {
    let text = "The latest snapshots that count, the latest day first: `GET /cases/{id}/snapshots`.";
    cards_of::<SnapshotForm>(SNAPSHOTS, text)
}
fn life_periods() -> RefOr<Schema> {
    let text = "Periods of the beneficiary's life, the latest first: `GET /beneficiaries/{id}/life-periods`.";
    cards_of::<LifePeriodForm>(LIFE_PERIODS, text)
}
fn needs() -> RefOr<Schema> {
    let text = "Needs that have not ended, the latest day first: `GET /cases/{id}/needs?state=open,in_work`.";
    cards_of::<NeedForm>(NEEDS, text)
}
fn deliveries() -> RefOr<Schema> {
    let text =
        "The latest deliveries that count, the latest day first: `GET /cases/{id}/service-deliveries`.";
    cards_of::<ServiceDeliveryForm>(DELIVERIES, text)
}

impl Card for CaseOverview {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn personal(&self) -> Vec<Subject> {
        fn of<T: Card>(part: Option<&Vec<T>>) -> impl Iterator<Item = Subject> {
            part.into_iter().flatten().flat_map(Card::personal)
        }
        let mut all = self.case.personal();
        all.extend(self.beneficiary.iter().flat_map(Card::personal));
        all.extend(of(self.people.as_ref()));
        all.extend(of(self.contacts.as_ref()).chain(of(self.snapshots.as_ref())));
        all.extend(of(self.life_periods.as_ref()).chain(of(self.problems.as_ref())));
        all.extend(of(self.needs.as_ref()).chain(of(self.service_deliveries.as_ref())));
        all.extend(of(self.tasks.as_ref()).chain(of(self.mentorships.as_ref())));
        all.extend(of(self.monthly_records.as_ref()));
        all.extend(of(self.plans.as_ref()).chain(of(self.consents.as_ref())));
        all
    }
}

/// The overview of a case.
pub async fn overview(tx: &mut Tx<'_>, id: CaseId) -> Result<CaseOverview, Failure> {
    let case = cases::card(tx, id).await?;
    let (of, version) = (case.beneficiary_id, case.version);
    let read = async |tx: &mut Tx<'_>| people::beneficiary_card(tx, of).await;
    Ok(CaseOverview {
        version,
        case,
        beneficiary: under(tx, Right::ReadBeneficiaries, read).await?,
        people: people_behind(tx, of).await?,
        contacts: latest(tx, id, CONTACTS, &Default::default()).await?,
        snapshots: latest(tx, id, SNAPSHOTS, &Default::default()).await?,
        life_periods: latest(tx, of, LIFE_PERIODS, &Default::default()).await?,
        needs: latest(tx, id, NEEDS, &open_ones()).await?,
        service_deliveries: latest(tx, id, DELIVERIES, &Default::default()).await?,
        problems: unresolved(tx, id).await?,
        tasks: unfinished(tx, id).await?,
        plans: open_plans(tx, of).await?,
        monthly_records: records_of(tx, id).await?,
        mentorships: mentorships_of(tx, of).await?,
        consents: consents_in_force(tx, of).await?,
    })
}

async fn people_behind(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Option<Vec<PersonCard>>, Failure> {
    if !tx.may(Right::ReadPeople) {
        return Ok(None);
    }
    let mut seen = Vec::new();
    for id in people::people_of(tx, of).await? {
        let read = async |tx: &mut Tx<'_>| people::person_card(tx, id).await;
        seen.extend(under(tx, Right::ReadPeople, read).await?);
    }
    Ok(Some(seen))
}

/// The first entries of a kind under a case or a beneficiary.
async fn latest<F: Entry>(
    tx: &mut Tx<'_>,
    parent: impl Into<Uuid>,
    limit: usize,
    filter: &F::Filter,
) -> Result<Option<Vec<EntryCard<F>>>, Failure> {
    let window = Window { after: None, limit: i64::try_from(limit).map_err(Failure::broken)? };
    let parent = Some(parent.into());
    let list = async |tx: &mut Tx<'_>, _: &Window| entry::list::<F>(tx, parent, filter, &window).await;
    first_rows(tx, F::Read::RIGHT, list).await
}

fn open_ones() -> NeedFilter {
    NeedFilter { state: Some(AnyOf::from_iter(NeedState::unended())), ..NeedFilter::default() }
}

async fn unresolved(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<Vec<CaseProblemCard>>, Failure> {
    let list = async |tx: &mut Tx<'_>, window: &Window| case_problems::list_unresolved(tx, id, window).await;
    first_rows(tx, Right::ReadCases, list).await
}

async fn unfinished(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<Vec<TaskCard>>, Failure> {
    let state = Some(AnyOf::from_iter([TaskState::Open, TaskState::Reported]));
    let sort = Some(ListOrder::EarliestFirst);
    let filter = TaskFilter { state, case_id: Some(id), sort, ..Default::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| tasks::list(tx, &filter, window).await;
    first_rows(tx, Right::ReadTasks, list).await
}

async fn open_plans(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Option<Vec<PlanCard>>, Failure> {
    let filter = PlanFilter { state: Some(AnyOf::from_iter([PlanState::Open])), ..Default::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| plans::of_beneficiary(tx, of, &filter, window).await;
    first_rows(tx, Right::ReadPlans, list).await
}

async fn records_of(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<Vec<MonthlyRecordCard>>, Failure> {
    let (every, window) = (MonthlyRecordsOfCase::default(), Window { after: None, limit: MONTHLY_RECORDS });
    let list = async |tx: &mut Tx<'_>, _: &Window| monthly_records::of_case(tx, id, &every, &window).await;
    first_rows(tx, Right::ReadMonthlyRecords, list).await
}

async fn mentorships_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Option<Vec<MentorshipCard>>, Failure> {
    let filter = MentorshipFilter { beneficiary_id: Some(of), ..Default::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| mentorships::list(tx, &filter, window).await;
    first_rows(tx, Right::ReadMentorships, list).await
}

async fn consents_in_force(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
) -> Result<Option<Vec<PersonalConsentCard>>, Failure> {
    let (every, window) = (ConsentFilter::default(), Window { after: None, limit: CONSENTS });
    let list =
        async |tx: &mut Tx<'_>, _: &Window| people::list_personal_consents(tx, of, &every, &window).await;
    let mut found = first_rows(tx, Right::ReadConsents, list).await?;
    if let Some(all) = &mut found {
        all.retain(|it| it.state == ConsentState::InForce);
    }
    Ok(found)
}
