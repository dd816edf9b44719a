//! Help as the person reads it, the representative of a child, an adult of a family, and the guardianship: needs, services, referrals,
//! urgent aid, documents and stays, each without the words of staff. Of crises there are the own reports alone.
use crate::accompaniment::shared_cases::lend;
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, cases, people};
use crate::entry::{self, EntryCard};
use crate::help::crises::{self, CrisisCard, CrisisFilter};
use crate::help::emergency_aids::{self, Recipient, SharedAid};
use crate::help::referrals::{self, OwnReferral};
use crate::help::shared_help::{self, SharedDelivery, SharedDocument, SharedNeed};
use crate::help::stays::{self, OwnStay};
use crate::people::{life_of, lives_of, one_person, people_of, representatives_of};
use crate::sight::first_rows;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::snapshots::LifeDomain;
use domain::base::access::{Right, Role};
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Entry;
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId};
use domain::base::text::{Note, Oktmo};
use domain::help::documents::DocumentAssistanceForm;
use domain::help::needs::{NeedForm, NeedState, NeedUrgency, UnmetReason};
use domain::help::own_help::{Beside, HelpReader};
use domain::help::service_deliveries::ServiceDeliveryForm;
use domain::help::stock::UrgentAidKind;
use domain::people::Life;
use domain::people::consents::CasePart;
use shape::card;

/// Cases whose help is told at most, the latest of them.
const LATEST_CASES: usize = 50;
/// Rows of a list after which no more are sought. The page that reaches them is told whole.
const TOLD: usize = 200;
/// Rows that are read at once.
const PAGE: i64 = 50;

/// A need as the person reads it.
#[card]
pub struct OwnNeed {
    /// The day on which the need became known.
    pub noticed_on: NaiveDate,
    /// The domain of life.
    pub domain: LifeDomain,
    /// The need in words. Absent for a representative.
    pub text: Option<Note>,
    /// The need in the words of the person. Absent for a representative.
    pub in_the_persons_words: Option<Note>,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// The day until which the need is to be met.
    pub due_on: Option<NaiveDate>,
    /// The state.
    pub state: NeedState,
    /// The reason for which the need was not met.
    pub unmet_reason: Option<UnmetReason>,
    /// The day on which the need ended.
    pub ended_on: Option<NaiveDate>,
}

impl OwnNeed {
    fn of(it: SharedNeed, reader: HelpReader) -> Self {
        let has_words = reader.reads_words();
        Self {
            noticed_on: it.noticed_on,
            domain: it.domain,
            text: has_words.then_some(it.text),
            in_the_persons_words: it.in_the_persons_words.filter(|_| has_words),
            urgency: it.urgency,
            due_on: it.due_on,
            state: it.state,
            unmet_reason: it.unmet_reason,
            ended_on: it.ended_on,
        }
    }
}

/// The lists of which there may be more than is told: earlier rows, which the organization that accompanies can tell.
#[card]
pub struct MoreHelp {
    /// Whether there may be more needs.
    pub needs: bool,
    /// Whether there may be more services that were given.
    pub service_deliveries: bool,
    /// Whether there may be more referrals.
    pub referrals: bool,
    /// Whether there is more urgent aid.
    pub emergency_aids: bool,
    /// Whether there may be more help with documents.
    pub documents: bool,
    /// Whether there are more stays.
    pub stays: bool,
}

/// The help of a beneficiary, as the person reads it, the representative of a child, an adult of a family, or the guardianship. The latest
/// 200 rows of each list are told at least.
#[card]
pub struct OwnHelp {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// Needs, those of the latest case first.
    #[schema(max_items = 250)]
    pub needs: Vec<OwnNeed>,
    /// Services that were given.
    #[schema(max_items = 250)]
    pub service_deliveries: Vec<SharedDelivery>,
    /// Referrals to other organizations.
    #[schema(max_items = 200)]
    pub referrals: Vec<OwnReferral>,
    /// Urgent aid, the latest first.
    #[schema(max_items = 200)]
    pub emergency_aids: Vec<SharedAid>,
    /// Help with documents.
    #[schema(max_items = 250)]
    pub documents: Vec<SharedDocument>,
    /// Stays, the latest first.
    #[schema(max_items = 200)]
    pub stays: Vec<OwnStay>,
    /// The lists of which there may be more.
    pub more: MoreHelp,
    /// The latest crises that the caller has reported, with their progress; `GET /crises` has the rest. Absent for guardianship, which reads
    /// that list.
    #[schema(max_items = 50)]
    pub reported_crises: Option<Vec<CrisisCard>>,
}

impl OwnHelp {
    /// Leaves out which organizations help, but for the one that accompanies.
    fn hide_organizations(&mut self) {
        for it in &mut self.service_deliveries {
            (it.provider_organization_id, it.provider_text, it.provider_kind) = (None, None, None);
        }
        for it in &mut self.referrals {
            it.to_organization_id = None;
        }
        for it in &mut self.emergency_aids {
            it.organization_id = None;
        }
    }
}

impl Card for OwnHelp {
    fn personal(&self) -> Vec<Subject> {
        let own = Subject::new(SubjectKind::Beneficiary, self.beneficiary_id);
        std::iter::once(own).chain(self.reported_crises.iter().flatten().flat_map(Card::personal)).collect()
    }
}

/// The caller as a reader of the help of a beneficiary with these records. Not found: a caller who is none.
async fn reader(
    tx: &mut Tx<'_>,
    id: BeneficiaryId,
    records: &[BeneficiaryId],
) -> Result<HelpReader, Failure> {
    let one = beneficiaries::table.left_join(people::table).filter(beneficiaries::id.eq(bind(id)));
    let one = one.select((beneficiaries::territory, people::birth_date.nullable()));
    let found: Option<(Oktmo, Option<NaiveDate>)> = db!(tx, first, one).optional()?;
    let (territory, born_on) = found.ok_or(Failure::NotFound(None))?;
    let (scope, today) = (tx.scope().clone(), tx.today());
    let person = tx.caller().filter(|it| it.is(Role::Mentee)).and_then(|it| it.person);
    let mut represents = false;
    if person.is_some() {
        let all = representatives_of(tx, id).await?;
        represents = all.iter().any(|it| Some(it.person_id) == person && it.holds(today));
    }
    let died_on = lives_of(tx, id).await?.died_on();
    let life = born_on.map(|born_on| Life { born_on, died_on });
    let mut is_grown = false;
    if let (None, Some(person)) = (&life, person) {
        // No authority is asked of the members of a family: each of its adults acts for it.
        represents = people_of(tx, id).await?.contains(&person);
        let own = life_of(tx, person).await?;
        is_grown = !own.are_over() && !own.has_minors(today);
    }
    let is_own = records.iter().any(|it| scope.beneficiaries.contains(it));
    let beside = Beside { is_own, represents, is_grown, guards: territory.is_in(&scope.territories) };
    HelpReader::of(beside, life, today).ok_or(Failure::NotFound(None))
}

/// The help of a beneficiary, as the caller reads it.
pub async fn of_beneficiary(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<OwnHelp, Failure> {
    let records = one_person::of(tx, id).await?.records();
    let reader = reader(tx, id, &records).await?;
    let parts = reader.parts();
    let theirs = cases::table.filter(cases::beneficiary_id.eq_any(binds(&records))).order(cases::id.desc());
    let theirs = theirs.select((cases::id, cases::organization_id));
    let mut lines: Vec<(CaseId, OrganizationId)> = db!(tx, load, theirs)?;
    let has_earlier = lines.len() > LATEST_CASES;
    lines.truncate(LATEST_CASES);
    let is_told = |kind: UrgentAidKind| reader.reads_aid(kind) && kind.is_told_to(&parts);
    let (emergency_aids, more_aids) =
        emergency_aids::told(tx, Recipient::Of(&records), is_told, TOLD).await?;
    let reads_stay = |kind, purpose| reader.reads_stay(kind, purpose);
    let (stays, more_stays) = stays::of_person(tx, &records, reads_stay, TOLD).await?;
    let mut help = OwnHelp {
        beneficiary_id: id,
        needs: Vec::new(),
        service_deliveries: Vec::new(),
        referrals: Vec::new(),
        emergency_aids,
        documents: Vec::new(),
        stays,
        more: MoreHelp {
            needs: has_earlier,
            service_deliveries: has_earlier,
            referrals: has_earlier,
            emergency_aids: more_aids,
            documents: has_earlier,
            stays: more_stays,
        },
        reported_crises: None,
    };
    for (case, of) in lines {
        let before = lend(tx, of);
        let added = add_case(tx, &mut help, case, (reader, &parts)).await;
        tx.restore_scope(before);
        added?;
    }
    if !reader.reads_organizations() {
        help.hide_organizations();
    }
    if reader != HelpReader::Guardianship {
        help.reported_crises = Some(reported(tx, id).await?);
    }
    Ok(help)
}

/// The pages of a list of a case, the latest first, each read when it is asked for.
#[derive(Default)]
struct Pages {
    after: Option<Place>,
    is_over: bool,
}

impl Pages {
    /// The next page, unless the list is over or so many rows are told already.
    async fn next<F: Entry>(
        &mut self,
        tx: &mut Tx<'_>,
        case: CaseId,
        told: usize,
    ) -> Result<Option<Vec<EntryCard<F>>>, Failure>
    where
        F::Filter: Default,
    {
        if self.is_over || told >= TOLD {
            return Ok(None);
        }
        tx.begin_list();
        let window = Window { after: self.after.take(), limit: PAGE };
        let page = entry::list::<F>(tx, Some(case.into()), &F::Filter::default(), &window).await?;
        self.is_over = page.next.is_none();
        self.after = page.next;
        Ok(Some(page.items))
    }
}

/// Adds the help of a case, read as the organization that accompanies.
async fn add_case(
    tx: &mut Tx<'_>,
    help: &mut OwnHelp,
    case: CaseId,
    (reader, parts): (HelpReader, &[CasePart]),
) -> Result<(), Failure> {
    let mut pages = Pages::default();
    while let Some(mut all) = pages.next::<NeedForm>(tx, case, help.needs.len()).await? {
        all.retain(|it| reader.reads_need(&it.form));
        let told = shared_help::told_needs(tx, all, parts).await?;
        help.needs.extend(told.into_iter().map(|it| OwnNeed::of(it, reader)));
    }
    help.more.needs |= !pages.is_over;
    let mut pages = Pages::default();
    while let Some(all) = pages.next::<ServiceDeliveryForm>(tx, case, help.service_deliveries.len()).await? {
        let told = shared_help::told_deliveries(tx, all, parts, |it| reader.reads_need(it)).await?;
        help.service_deliveries.extend(told.into_iter().map(|it| SharedDelivery { result: None, ..it }));
    }
    help.more.service_deliveries |= !pages.is_over;
    let mut pages = Pages::default();
    while let Some(all) = pages.next::<DocumentAssistanceForm>(tx, case, help.documents.len()).await? {
        help.documents.extend(shared_help::told_documents(tx, all, parts)?);
    }
    help.more.documents |= !pages.is_over;
    let left = TOLD.saturating_sub(help.referrals.len());
    let (told, has_more) = referrals::of_own_case(tx, case, parts, |it| reader.reads_need(it), left).await?;
    help.referrals.extend(told);
    help.more.referrals |= has_more;
    Ok(())
}

/// The latest crises of the beneficiary that the caller has reported. More is told to staff alone, and not here.
async fn reported(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Vec<CrisisCard>, Failure> {
    let filter = CrisisFilter { beneficiary_id: Some(id), ..CrisisFilter::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| own_reports(tx, &filter, window).await;
    Ok(first_rows(tx, Right::ReadCrises, list).await?.unwrap_or_default())
}

/// The first of those crises alone. One that the caller reads as staff takes no place of them.
async fn own_reports(
    tx: &mut Tx<'_>,
    filter: &CrisisFilter,
    window: &Window,
) -> Result<Page<CrisisCard>, Failure> {
    let enough = usize::try_from(window.limit).unwrap_or_default();
    let (mut items, mut window) = (Vec::new(), window.clone());
    loop {
        let page = crises::list(tx, filter, &window).await?;
        items.extend(page.items.into_iter().filter(|it| it.state.is_none()));
        if items.len() >= enough || page.next.is_none() {
            items.truncate(enough);
            return Ok(Page { items, next: None });
        }
        window.after = page.next;
    }
}
