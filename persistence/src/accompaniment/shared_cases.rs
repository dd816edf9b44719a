//! A case as a member of another organization sees it: the granted parts, each read as the organization that accompanies reads it, and
//! nothing else. This is the only way to what a membership, a transfer or a referral grants.
use crate::accompaniment::assessments::{self, AssessmentCard, AssessmentFilter};
use crate::accompaniment::consilia::{ConsiliumInvitation, invitations};
use crate::accompaniment::monthly_records::{self, SharedMonth};
use crate::accompaniment::plans::{self, PlanInForce};
use crate::accompaniment::sharing::reaches_case;
use crate::accompaniment::{case_problems, cases as case_rows, team, transfers};
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::Window;
use crate::engine::schema::{cases, users};
use crate::entry::{self, EntryCard};
use crate::names::Names;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::case_contacts::CaseContactForm;
use domain::accompaniment::case_problems::CaseProblemState;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::cases::grounds::{CaseKind, CaseStage, LegalBasis};
use domain::accompaniment::life_periods::LifePeriodForm;
use domain::accompaniment::snapshots::SnapshotForm;
use domain::base::access::Scope;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Entry;
use domain::base::id::*;
use domain::base::text::Note;
use domain::base::word::Word;
use domain::people::HardshipCause;
use domain::people::consents::CasePart;
use shape::card;
use uuid::Uuid;

/// Rows of a list that a shared case shows at most, the latest of them.
const LATEST: i64 = 20;

/// The beneficiary of a shared case.
#[card]
pub struct SharedIdentity {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The full name of the person, or the name that specialists use for the family.
    #[schema(min_length = 1, max_length = 302, example = "Морозова Алёна Сергеевна")]
    pub name: String,
    /// The birth date of a person.
    pub birth_date: Option<NaiveDate>,
}

/// A problem of a shared case.
#[card]
pub struct SharedProblem {
    /// The state of the problem.
    pub state: CaseProblemState,
    /// The cause of the problem, if it is known.
    pub cause: Option<HardshipCause>,
    /// The problem in words.
    pub text: Note,
    /// The day on which the problem was noticed.
    pub noticed_on: NaiveDate,
}

/// A case as a member of another organization sees it today. A part that is not granted is absent.
#[card]
pub struct SharedCaseCard {
    /// The case.
    pub case_id: CaseId,
    /// The parts that are granted today.
    #[schema(max_items = 8)]
    pub parts: Vec<CasePart>,
    /// The organization that accompanies.
    pub organization_id: OrganizationId,
    /// The name of that organization.
    #[schema(max_length = 1500, example = "Центр «Забота»")]
    pub organization_name: Option<String>,
    /// The account of the specialist in charge.
    pub specialist_user_id: Option<UserId>,
    /// The name of that account.
    #[schema(max_length = 1500, example = "Петрова Елена Викторовна")]
    pub specialist_user_name: Option<String>,
    /// The state of the case.
    pub state: CaseState,
    /// The kind of accompaniment.
    pub kind: CaseKind,
    /// The stage.
    pub stage: CaseStage,
    /// The first day of accompaniment.
    pub opened_on: NaiveDate,
    /// The beneficiary. Of the part `identity`.
    pub identity: Option<SharedIdentity>,
    /// The latest periods of education, work, placement and hobbies. Of the part `life`.
    #[schema(max_items = 20)]
    pub life_periods: Option<Vec<LifePeriodForm>>,
    /// The latest snapshots of the life situation. Of the parts `life`, `health` and `law`, each with its domains; the conclusion needs
    /// all three.
    #[schema(max_items = 20)]
    pub snapshots: Option<Vec<SnapshotForm>>,
    /// Legal bases of the case. Of the part `law`.
    #[schema(max_items = 10)]
    pub legal_bases: Option<Vec<LegalBasis>>,
    /// The latest problems. Of the part `help`.
    #[schema(max_items = 20)]
    pub problems: Option<Vec<SharedProblem>>,
    /// The latest contacts. Of the part `records`.
    #[schema(max_items = 20)]
    pub contacts: Option<Vec<CaseContactForm>>,
    /// The latest signed months. Of the part `records`.
    #[schema(max_items = 12)]
    pub months: Option<Vec<SharedMonth>>,
    /// Open plans with their adopted versions. Of the part `plans`; sections about health and law need their own parts.
    #[schema(max_items = 20)]
    pub plans: Option<Vec<PlanInForce>>,
    /// The latest completed assessments. Of the part `plans`; answers, conclusions and domains need `health` and `law` too.
    #[schema(max_items = 20)]
    pub assessments: Option<Vec<AssessmentCard>>,
    /// Invitations of the caller to planned consilia about the case.
    #[schema(max_items = 50)]
    pub invitations: Vec<ConsiliumInvitation>,
}

impl Card for SharedCaseCard {
    fn personal(&self) -> Vec<Subject> {
        let person = self.identity.as_ref();
        let person = person.map(|it| Subject::new(SubjectKind::Beneficiary, it.beneficiary_id));
        std::iter::once(Subject::new(SubjectKind::Case, self.case_id)).chain(person).collect()
    }
}

/// The parts of a case that the caller sees today: all, where a right reaches the case, otherwise those that teams, transfers and what
/// stands above accompaniment open.
pub(crate) async fn parts(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<CasePart>, Failure> {
    if reaches_case(tx, case).await? {
        return Ok(CasePart::ALL.to_vec());
    }
    let mut parts = team::granted(tx, case).await?;
    parts.extend(transfers::opened(tx, case).await?);
    parts.extend(tx.above().opened_parts(tx, case).await?);
    parts.sort_unstable();
    parts.dedup();
    Ok(parts)
}

/// The case of a membership of the caller, with the parts that the caller sees today.
pub async fn shared_case(tx: &mut Tx<'_>, id: TeamMemberId) -> Result<SharedCaseCard, Failure> {
    // Those who see the membership otherwise read the case itself, or nothing of it any more.
    let case = team::case_of_own(tx, id).await?;
    lent(tx, case.ok_or(Failure::NotFound(None))?).await
}

/// The case of a transfer to an organization of the caller, with the parts that the caller sees: while the answer is awaited, and after
/// the acceptance.
pub async fn transferred_case(tx: &mut Tx<'_>, id: CaseTransferId) -> Result<SharedCaseCard, Failure> {
    // Those who hand the case over read the case itself.
    let case = transfers::case_for_receiver(tx, id).await?;
    lent(tx, case.ok_or(Failure::NotFound(None))?).await
}

/// The granted parts of a case, read as the organization that accompanies reads them.
pub(crate) async fn lent(tx: &mut Tx<'_>, case: CaseId) -> Result<SharedCaseCard, Failure> {
    let parts = parts(tx, case).await?;
    if parts.is_empty() {
        return Err(Failure::NotFound(None));
    }
    let one = cases::table.find(bind(case)).select((cases::organization_id, cases::specialist_user_id));
    let (of, specialist): (OrganizationId, Option<UserId>) = db!(tx, first, one)?;
    let name = match specialist {
        Some(it) => db!(tx, first, users::table.find(bind(it)).select(users::name)).optional()?,
        None => None,
    };
    let named = Names::of(tx, [Subject::new(SubjectKind::Organization, of)]).await?;
    let before = lend(tx, of);
    let read = read(tx, case, parts).await;
    tx.restore_scope(before);
    let organization_name = named.name(SubjectKind::Organization, of.into()).map(str::to_owned);
    Ok(SharedCaseCard { specialist_user_name: name, organization_name, ..read? })
}

/// Reads and enters from now on as an organization that accompanies. The caller sees of its case what is granted. Returns the old scope.
pub(crate) fn lend(tx: &mut Tx<'_>, of: OrganizationId) -> Scope {
    let lent = Scope { somebody: tx.scope().somebody, organizations: vec![of], ..Scope::default() };
    tx.use_scope(lent)
}

async fn read(tx: &mut Tx<'_>, id: CaseId, parts: Vec<CasePart>) -> Result<SharedCaseCard, Failure> {
    let has = |it: CasePart| parts.contains(&it);
    let case = case_rows::card(tx, id).await?;
    // Data of the person belong to another case since this one was closed.
    let is_open = case.state == CaseState::Open;
    let of = case.beneficiary_id;
    let birth_date = case_rows::born_on(tx, of).await?;
    let identity = SharedIdentity { beneficiary_id: of, name: case.beneficiary_name, birth_date };
    Ok(SharedCaseCard {
        case_id: id,
        organization_id: case.organization_id,
        organization_name: None,
        specialist_user_id: case.specialist_user_id,
        specialist_user_name: None,
        state: case.state,
        kind: case.kind,
        stage: case.stage,
        opened_on: case.opened_on,
        identity: has(CasePart::Identity).then_some(identity),
        life_periods: match has(CasePart::Life) {
            true => where_read(latest_shown::<LifePeriodForm>(tx, of.into()).await)?,
            false => None,
        },
        snapshots: snapshots(tx, id, &parts).await?,
        legal_bases: has(CasePart::Law).then_some(case.legal_bases),
        problems: match has(CasePart::Help) {
            true => Some(problems(tx, id, has(CasePart::Health)).await?),
            false => None,
        },
        contacts: match has(CasePart::Records) {
            true => {
                let all = latest_shown::<CaseContactForm>(tx, id.into()).await?;
                Some(all.into_iter().map(|it| it.seen_by(&parts)).collect())
            }
            false => None,
        },
        months: match has(CasePart::Records) {
            true => Some(monthly_records::granted(tx, id, &parts).await?),
            false => None,
        },
        plans: match has(CasePart::Plans) {
            true if is_open => Some(plans::in_force(tx, (id, of), &parts).await?),
            true => Some(Vec::new()),
            false => None,
        },
        assessments: match has(CasePart::Plans) {
            true if is_open => assessed(tx, of, &parts).await?,
            true => Some(Vec::new()),
            false => None,
        },
        invitations: invitations(tx, &[id], has(CasePart::Records)).await?,
        parts,
    })
}

/// The result of a list that the institution that accompanies may not read: another one may be responsible.
fn where_read<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Ok(all) => Ok(Some(all)),
        Err(Failure::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The latest entries under a parent. A caller of this function who shows some of them discloses these.
pub(crate) async fn latest<F: Entry>(
    tx: &mut Tx<'_>,
    under: Uuid,
    filter: &F::Filter,
) -> Result<Vec<EntryCard<F>>, Failure> {
    tx.begin_list();
    let window = Window { after: None, limit: LATEST };
    Ok(entry::list::<F>(tx, Some(under), filter, &window).await?.items)
}

/// The latest entries under a parent, all of them shown. Each is a read that the journal records.
async fn latest_shown<F>(tx: &mut Tx<'_>, under: Uuid) -> Result<Vec<F>, Failure>
where
    F: Entry,
    F::Filter: Default,
{
    let all = latest::<F>(tx, under, &F::Filter::default()).await?;
    tx.disclose(all.iter().flat_map(Card::personal))?;
    Ok(all.into_iter().map(|it| it.form).collect())
}

/// The latest assessments that are completed. Without the parts `health` and `law` only their totals are told: answers and domains tell of
/// both.
async fn assessed(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    parts: &[CasePart],
) -> Result<Option<Vec<AssessmentCard>>, Failure> {
    let window = Window { after: None, limit: LATEST };
    let page = assessments::list(tx, of, &AssessmentFilter::default(), &window).await;
    let Some(page) = where_read(page)? else { return Ok(None) };
    let mut all: Vec<AssessmentCard> = page.items.into_iter().filter(|it| it.scores.is_some()).collect();
    tx.disclose(all.iter().flat_map(Card::personal))?;
    if !(parts.contains(&CasePart::Health) && parts.contains(&CasePart::Law)) {
        for it in &mut all {
            (it.answers, it.conclusion) = (None, None);
            it.scores.iter_mut().for_each(|it| it.domains.clear());
        }
    }
    Ok(Some(all))
}

async fn problems(tx: &mut Tx<'_>, id: CaseId, with_health: bool) -> Result<Vec<SharedProblem>, Failure> {
    let window = Window { after: None, limit: LATEST };
    let page = case_problems::list(tx, id, &window).await?;
    tx.disclose(page.items.iter().flat_map(Card::personal))?;
    let problem = |it: case_problems::CaseProblemCard| SharedProblem {
        state: it.state,
        cause: it.cause.filter(|cause| with_health || !cause.is_of_health()),
        text: it.text,
        noticed_on: it.noticed_on,
    };
    Ok(page.items.into_iter().map(problem).collect())
}

/// The latest snapshots, with what the granted parts tell of each. `None` if no part of them is granted.
async fn snapshots(
    tx: &mut Tx<'_>,
    id: CaseId,
    parts: &[CasePart],
) -> Result<Option<Vec<SnapshotForm>>, Failure> {
    let of_snapshots = [CasePart::Life, CasePart::Health, CasePart::Law];
    if !of_snapshots.iter().any(|it| parts.contains(it)) {
        return Ok(None);
    }
    let all = latest_shown::<SnapshotForm>(tx, id.into()).await?;
    Ok(Some(all.into_iter().filter_map(|it| it.seen_by(parts)).collect()))
}
