//! Needs, services, urgent aid and documents of a case as a member of another organization sees them: of the part `help`, each read as the
//! organization that accompanies reads it. Needs about health and law need their own parts, and so do services, aid and documents.
use crate::accompaniment::shared_cases::{latest, lend, parts};
use crate::accompaniment::sharing::organization_of;
use crate::accompaniment::{team, transfers};
use crate::engine::card::Card;
use crate::engine::failure::Failure;
use crate::entry::{self, EntryCard};
use crate::help::emergency_aids::{self, Recipient, SharedAid};
use crate::tx::Tx;
use chrono::NaiveDate;
use domain::accompaniment::snapshots::LifeDomain;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{CaseId, CaseTransferId, NeedId, OrganizationId, ServiceStandardId, TeamMemberId};
use domain::base::text::{Note, Title};
use domain::base::word::Word;
use domain::help::documents::{
    DocumentAssistanceFilter, DocumentAssistanceForm, DocumentState, PersonalDocument,
};
use domain::help::needs::{NeedFilter, NeedForm, NeedSource, NeedState, NeedUrgency, UnmetReason};
use domain::help::service_deliveries::{ServiceDeliveryFilter, ServiceDeliveryForm};
use domain::help::service_standards::ServiceStandardForm;
use domain::help::stock::UrgentAidKind;
use domain::people::consents::CasePart;
use domain::region::organizations::OrganizationKind;
use shape::card;
use std::collections::{BTreeSet, HashMap};

/// Urgent aids that are told at most, the latest of them.
const LATEST_AIDS: usize = 20;

/// A need of a shared case.
#[card]
pub struct SharedNeed {
    /// The id of the need, by which a delivery names it.
    pub id: NeedId,
    /// The day on which the need became known.
    pub noticed_on: NaiveDate,
    /// The domain of life.
    pub domain: LifeDomain,
    /// The need in words.
    pub text: Note,
    /// The need in the words of the person.
    pub in_the_persons_words: Option<Note>,
    /// The source, unless it is of a part that is not granted.
    pub source: Option<NeedSource>,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// The day until which the need is to be met.
    pub due_on: Option<NaiveDate>,
    /// The standard of the service that the need asks for.
    pub standard_id: Option<ServiceStandardId>,
    /// The state.
    pub state: NeedState,
    /// The reason for which the need was not met.
    pub unmet_reason: Option<UnmetReason>,
    /// The result in words.
    pub result: Option<Note>,
    /// The day on which the need ended.
    pub ended_on: Option<NaiveDate>,
}

impl SharedNeed {
    fn of(id: NeedId, it: NeedForm, parts: &[CasePart]) -> Self {
        Self {
            id,
            source: it.source_told_to(parts),
            noticed_on: it.noticed_on,
            domain: it.domain,
            text: it.text,
            in_the_persons_words: it.in_the_persons_words,
            urgency: it.urgency,
            due_on: it.due_on,
            standard_id: it.standard_id,
            state: it.state,
            unmet_reason: it.unmet_reason,
            result: it.result,
            ended_on: it.ended_on,
        }
    }
}

/// A delivery of a service in a shared case.
#[card]
pub struct SharedDelivery {
    /// The standard by which the service was given.
    pub standard_id: ServiceStandardId,
    /// The organization that gave the service.
    pub provider_organization_id: Option<OrganizationId>,
    /// The name of a provider without a record.
    pub provider_text: Option<Title>,
    /// The kind of that provider.
    pub provider_kind: Option<OrganizationKind>,
    /// The day of the delivery.
    pub delivered_on: NaiveDate,
    /// The volume, in units of the standard.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub volume: Option<i32>,
    /// The minutes.
    #[schema(minimum = 1, maximum = 10_000, example = 60)]
    pub minutes: Option<i32>,
    /// The result in words.
    pub result: Option<Note>,
}

impl From<ServiceDeliveryForm> for SharedDelivery {
    fn from(it: ServiceDeliveryForm) -> Self {
        Self {
            standard_id: it.standard_id,
            provider_organization_id: it.provider_organization_id,
            provider_text: it.provider_text,
            provider_kind: it.provider_kind,
            delivered_on: it.delivered_on,
            volume: it.volume,
            minutes: it.minutes,
            result: it.result,
        }
    }
}

/// Help with a document in a shared case: without its number and the obstacles.
#[card]
pub struct SharedDocument {
    /// The kind of the document.
    pub kind: PersonalDocument,
    /// The document in words.
    pub name: Option<Title>,
    /// The state of the help.
    pub state: DocumentState,
    /// The day on which the help was found to be needed.
    pub noticed_on: NaiveDate,
    /// The day until which the document is wanted.
    pub due_on: Option<NaiveDate>,
    /// The day of issue.
    pub issued_on: Option<NaiveDate>,
    /// The last day on which the document is valid.
    pub valid_until: Option<NaiveDate>,
}

impl From<DocumentAssistanceForm> for SharedDocument {
    fn from(it: DocumentAssistanceForm) -> Self {
        Self {
            kind: it.kind,
            name: it.name,
            state: it.state,
            noticed_on: it.noticed_on,
            due_on: it.due_on,
            issued_on: it.issued_on,
            valid_until: it.valid_until,
        }
    }
}

/// Needs, services, urgent aid and documents of a case as a member of another organization sees them today.
#[card]
pub struct SharedHelp {
    /// The case.
    pub case_id: CaseId,
    /// The latest needs that are told, the latest day first.
    #[schema(max_items = 20)]
    pub needs: Vec<SharedNeed>,
    /// Those of the latest 20 deliveries of services that are told, the latest day first.
    #[schema(max_items = 20)]
    pub service_deliveries: Vec<SharedDelivery>,
    /// The latest urgent aid that is told, the latest day first.
    #[schema(max_items = 20)]
    pub emergency_aids: Vec<SharedAid>,
    /// Those of the latest 20 documents that are told, the latest day first.
    #[schema(max_items = 20)]
    pub documents: Vec<SharedDocument>,
}

impl Card for SharedHelp {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Case, self.case_id)]
    }
}

/// The help in the case of a membership of the caller.
pub async fn of_membership(tx: &mut Tx<'_>, id: TeamMemberId) -> Result<SharedHelp, Failure> {
    let case = team::case_of_own(tx, id).await?;
    lent(tx, case.ok_or(Failure::NotFound(None))?).await
}

/// The help in the case of a transfer to an organization of the caller.
pub async fn of_transfer(tx: &mut Tx<'_>, id: CaseTransferId) -> Result<SharedHelp, Failure> {
    let case = transfers::case_for_receiver(tx, id).await?;
    lent(tx, case.ok_or(Failure::NotFound(None))?).await
}

/// The help in a case of which the part `help` is granted to the caller today.
pub(crate) async fn lent(tx: &mut Tx<'_>, case: CaseId) -> Result<SharedHelp, Failure> {
    let parts = parts(tx, case).await?;
    if !parts.contains(&CasePart::Help) {
        return Err(Failure::NotFound(None));
    }
    let of = organization_of(tx, case).await?;
    let before = lend(tx, of);
    let read = read(tx, case, &parts).await;
    tx.restore_scope(before);
    read
}

async fn read(tx: &mut Tx<'_>, case: CaseId, parts: &[CasePart]) -> Result<SharedHelp, Failure> {
    let domains: AnyOf<LifeDomain> =
        LifeDomain::ALL.iter().copied().filter(|it| it.is_told_to(parts)).collect();
    let filter = NeedFilter { domain: Some(domains), ..NeedFilter::default() };
    let needs = latest::<NeedForm>(tx, case.into(), &filter).await?;
    let needs = told_needs(tx, needs, parts).await?;
    let every = ServiceDeliveryFilter::default();
    let service_deliveries = latest::<ServiceDeliveryForm>(tx, case.into(), &every).await?;
    let service_deliveries = told_deliveries(tx, service_deliveries, parts, |_| true).await?;
    let is_told = |kind: UrgentAidKind| kind.is_told_to(parts);
    let aids = emergency_aids::told(tx, Recipient::Case(case), is_told, LATEST_AIDS).await?;
    let every = DocumentAssistanceFilter::default();
    let documents = latest::<DocumentAssistanceForm>(tx, case.into(), &every).await?;
    let (emergency_aids, documents) = (aids.0, told_documents(tx, documents, parts)?);
    Ok(SharedHelp { case_id: case, needs, service_deliveries, emergency_aids, documents })
}

/// Those of the needs that are told to somebody to whom these parts of their case are granted, `help` among them. Each is a read that the
/// journal records.
pub(crate) async fn told_needs(
    tx: &mut Tx<'_>,
    all: Vec<EntryCard<NeedForm>>,
    parts: &[CasePart],
) -> Result<Vec<SharedNeed>, Failure> {
    let standards = standards(tx, all.iter().filter_map(|it| it.form.standard_id)).await?;
    let is_told = |it: &EntryCard<NeedForm>| {
        let standard = it.form.standard_id.and_then(|id| standards.get(&id));
        it.form.is_told_to(standard, parts)
    };
    let told: Vec<EntryCard<NeedForm>> = all.into_iter().filter(is_told).collect();
    tx.disclose(told.iter().flat_map(Card::personal))?;
    Ok(told.into_iter().map(|it| SharedNeed::of(it.id, it.form, parts)).collect())
}

/// Those of the needs that are of the case, stand, and are told to somebody with these parts, `help` among them.
pub(crate) async fn told_among(
    tx: &mut Tx<'_>,
    case: CaseId,
    ids: &[NeedId],
    parts: &[CasePart],
) -> Result<Vec<NeedId>, Failure> {
    let found = entry::those::<NeedForm>(tx, ids.to_vec()).await?;
    let standards = standards(tx, found.iter().filter_map(|it| it.form.standard_id)).await?;
    let is_told = |it: &&EntryCard<NeedForm>| {
        let standard = it.form.standard_id.and_then(|id| standards.get(&id));
        let is_of_case = it.parent_id() == Some(case.into()) && it.annulment.is_none();
        is_of_case && it.form.is_told_to(standard, parts)
    };
    Ok(found.iter().filter(is_told).map(|it| it.id).collect())
}

/// Those of the deliveries that are told to somebody with these parts: their services are, and all their needs are told and read. Each is a
/// read that the journal records.
pub(super) async fn told_deliveries(
    tx: &mut Tx<'_>,
    all: Vec<EntryCard<ServiceDeliveryForm>>,
    parts: &[CasePart],
    is_read: impl Fn(&NeedForm) -> bool,
) -> Result<Vec<SharedDelivery>, Failure> {
    let needs: BTreeSet<NeedId> = all.iter().flat_map(|it| it.form.need_ids.iter().copied()).collect();
    let needs = entry::those::<NeedForm>(tx, needs.into_iter().collect()).await?;
    let of_needs = needs.iter().filter_map(|it| it.form.standard_id);
    let standards = standards(tx, all.iter().map(|it| it.form.standard_id).chain(of_needs)).await?;
    let standard = |id: Option<ServiceStandardId>| id.and_then(|id| standards.get(&id));
    let told: BTreeSet<NeedId> = needs
        .iter()
        .filter(|it| is_read(&it.form) && it.form.is_told_to(standard(it.form.standard_id), parts))
        .map(|it| it.id)
        .collect();
    let is_told = |it: &EntryCard<ServiceDeliveryForm>| {
        let is_service_told = standard(Some(it.form.standard_id)).is_some_and(|it| it.is_told_to(parts));
        is_service_told && it.form.need_ids.iter().all(|it| told.contains(it))
    };
    let all: Vec<EntryCard<ServiceDeliveryForm>> = all.into_iter().filter(is_told).collect();
    tx.disclose(all.iter().flat_map(Card::personal))?;
    Ok(all.into_iter().map(|it| it.form.into()).collect())
}

/// Those of the documents that are told to somebody with these parts. Each is a read that the journal records.
pub(super) fn told_documents(
    tx: &Tx<'_>,
    mut all: Vec<EntryCard<DocumentAssistanceForm>>,
    parts: &[CasePart],
) -> Result<Vec<SharedDocument>, Failure> {
    all.retain(|it| it.form.kind.is_told_to(parts));
    tx.disclose(all.iter().flat_map(Card::personal))?;
    Ok(all.into_iter().map(|it| it.form.into()).collect())
}

/// The standards with these ids.
async fn standards(
    tx: &mut Tx<'_>,
    ids: impl Iterator<Item = ServiceStandardId>,
) -> Result<HashMap<ServiceStandardId, ServiceStandardForm>, Failure> {
    let ids: BTreeSet<ServiceStandardId> = ids.collect();
    let found = entry::those::<ServiceStandardForm>(tx, ids.into_iter().collect()).await?;
    Ok(found.into_iter().map(|it| (it.id, it.form)).collect())
}
