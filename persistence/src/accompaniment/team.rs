//! Teams of cases in the database.
//!
//! Those who see a case see its team. A member sees the own memberships, and of the case only what `shared_cases` shows. No scope is
//! widened by a membership.
use crate::accompaniment::rules;
use crate::accompaniment::sharing::{
    self, consented, is_staff, organization_of, reaches_case, served, staff,
};
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{case_team_members as team, grants, users};
use crate::names::Names;
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::team::*;
use domain::base::access::{Right, Role};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::people::consents::CasePart;
use shape::{card, filter};
use std::collections::HashMap;

/// A membership in the team of a case, as every endpoint returns it.
#[card]
pub struct TeamMemberCard {
    /// The id of the membership.
    pub id: TeamMemberId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The case.
    pub case_id: CaseId,
    /// The state of the membership today.
    pub state: TeamMemberState,
    /// The account.
    pub user_id: UserId,
    /// The name of the account.
    #[schema(max_length = 1500, example = "Петрова Елена Викторовна")]
    pub user_name: String,
    /// The other organization for which the account reads. Absent: the account serves the organization that accompanies.
    pub organization_id: Option<OrganizationId>,
    /// The name of that organization.
    #[schema(max_length = 1500, example = "Фонд «Опора»")]
    pub organization_name: Option<String>,
    /// The role in the team.
    pub role: TeamRole,
    /// The parts of the case that the account sees by the membership. Empty for the own staff, which sees all.
    #[schema(max_items = 8)]
    pub parts: Vec<CasePart>,
    /// Whether the account adds own contacts to the case too.
    pub level: GrantLevel,
    /// The first day.
    pub since: NaiveDate,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// The consent by which the parts were granted. It, the ground of law and the words of the end are told to those who see the case.
    pub consent_id: Option<ConsentId>,
    /// The ground of law by which they were granted.
    pub legal_ground: Option<Note>,
    /// The file with the ground of law.
    pub ground_file_id: Option<FileId>,
    /// The day on which the membership ended before its last day.
    pub ended_on: Option<NaiveDate>,
    /// The reason for that end.
    pub end_reason: Option<TeamEndReason>,
    /// That reason in words.
    pub end_note: Option<Note>,
    /// Orders that this caller may send to the membership now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the account became a member.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { TeamMemberCard in "case-team-members" about TeamMember; }

/// Filters of the lists of memberships.
#[filter]
pub struct TeamFilter {
    /// `true`: only memberships that run today. `false`: only those that are over.
    pub running: Option<bool>,
}

const LEGAL_GROUND: &str = "case_team_members.legal_ground";
const END_NOTE: &str = "case_team_members.end_note";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = team)]
struct Row {
    id: TeamMemberId,
    version: i64,
    case_id: CaseId,
    user_id: UserId,
    organization_id: Option<OrganizationId>,
    role: TeamRole,
    parts: Json<Vec<CasePart>>,
    until_on: Option<NaiveDate>,
    consent_id: Option<ConsentId>,
    legal_ground: Option<String>,
    ground_file_id: Option<FileId>,
    since_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    end_reason: Option<TeamEndReason>,
    end_note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
    level: GrantLevel,
}

impl Row {
    fn whole(&self, tx: &Tx<'_>) -> Result<TeamMember, Failure> {
        let keys = &tx.core.keys;
        let form = TeamInvitation {
            user_id: self.user_id,
            role: self.role,
            parts: self.parts.0.clone(),
            level: self.level,
            until: self.until_on,
            consent_id: self.consent_id,
            legal_ground: keys.open_some(LEGAL_GROUND, self.id, self.legal_ground.as_ref())?,
            ground_file_id: self.ground_file_id,
        };
        let note = keys.open_some(END_NOTE, self.id, self.end_note.as_ref())?;
        let end = self.ended_on.zip(self.end_reason).map(|(on, reason)| TeamEnd { on, reason, note });
        let Self { id, case_id, organization_id, .. } = *self;
        Ok(TeamMember { id, case_id, organization_id, form, end })
    }
}

fn missing(id: TeamMemberId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::TeamMember, id)))
}

/// The row of one visible membership. Every query for one membership begins here.
async fn row(tx: &mut Tx<'_>, id: TeamMemberId) -> Result<Row, Failure> {
    let one = team::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let is_own = staff(tx).is_some_and(|it| it.user == row.user_id);
    if is_own || reaches_case(tx, row.case_id).await? { Ok(row) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the membership.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: TeamMemberId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

fn is_own(tx: &Tx<'_>, row: &Row) -> bool {
    tx.caller().is_some_and(|it| it.user == row.user_id)
}

/// The parts that a membership of the caller grants by itself today.
async fn held(tx: &mut Tx<'_>, row: &Row) -> Result<Vec<CasePart>, Failure> {
    let served = staff(tx).map(served).unwrap_or_default();
    opened(tx, row, &served).await
}

/// The parts that a membership grants today to an account that serves these organizations.
async fn opened(tx: &mut Tx<'_>, row: &Row, served: &[OrganizationId]) -> Result<Vec<CasePart>, Failure> {
    let held = row.whole(tx)?.parts(tx.today(), |there| served.contains(&there)).to_vec();
    consented(tx, held, row.consent_id).await
}

/// The organizations in which an open account works on cases.
async fn works_for(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<OrganizationId>, Failure> {
    let held = grants::table.inner_join(users::table).filter(users::id.eq(bind(user)));
    let held = held.filter(users::active.eq(true)).select((grants::role, grants::organization_id));
    let held: Vec<(Role, Option<OrganizationId>)> = db!(tx, load, held)?;
    let mut organizations: Vec<OrganizationId> =
        held.into_iter().filter(|it| is_staff(it.0)).filter_map(|it| it.1).collect();
    organizations.sort_unstable();
    Ok(organizations)
}

/// The memberships of an account in the teams of cases that were not ended before their last day.
async fn of_account(tx: &mut Tx<'_>, cases: &[CaseId], user: UserId) -> Result<Vec<Row>, Failure> {
    let own = team::table.filter(team::user_id.eq(bind(user))).filter(team::case_id.eq_any(binds(cases)));
    Ok(db!(tx, load, own.filter(team::ended_on.is_null()).select(Row::as_select()))?)
}

/// Whether an account is on the team of a case for another organization, and something of the case is opened to it today.
pub(crate) async fn works_on(tx: &mut Tx<'_>, case: CaseId, user: UserId) -> Result<bool, Failure> {
    let rows = of_account(tx, &[case], user).await?;
    if rows.iter().all(|it| it.organization_id.is_none()) {
        return Ok(false);
    }
    let served = works_for(tx, user).await?;
    for row in rows {
        if !opened(tx, &row, &served).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The cases on whose teams the caller is for another organization, by the rows alone: a consent may open nothing any more.
pub(crate) async fn cases_joined(tx: &mut Tx<'_>) -> Result<Vec<CaseId>, Failure> {
    let Some(user) = staff(tx).map(|it| it.user) else { return Ok(Vec::new()) };
    let today = tx.today();
    let running = team::table
        .filter(team::user_id.eq(bind(user)))
        .filter(team::organization_id.is_not_null())
        .filter(team::ended_on.is_null())
        .filter(team::until_on.is_null().or(team::until_on.assume_not_null().ge(today)));
    Ok(db!(tx, load, running.select(team::case_id))?)
}

/// The caller's own membership with the parts that it alone grants today. `None` for a membership of somebody else.
pub(crate) async fn own_member(
    tx: &mut Tx<'_>,
    id: TeamMemberId,
) -> Result<Option<(TeamMember, Vec<CasePart>)>, Failure> {
    let row = row(tx, id).await?;
    Ok(if is_own(tx, &row) { Some((row.whole(tx)?, held(tx, &row).await?)) } else { None })
}

/// The case of the caller's own membership that runs today. `None` for a membership of somebody else, or one that is over.
pub(crate) async fn case_of_own(tx: &mut Tx<'_>, id: TeamMemberId) -> Result<Option<CaseId>, Failure> {
    let row = row(tx, id).await?;
    let runs = row.whole(tx)?.state(tx.today()) == TeamMemberState::Running;
    Ok((runs && is_own(tx, &row)).then_some(row.case_id))
}

/// The parts of a case that its team grants to the caller today. Empty for a caller to whom nothing is granted.
pub(crate) async fn granted(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<CasePart>, Failure> {
    let Some(user) = staff(tx).map(|it| it.user) else { return Ok(Vec::new()) };
    let mut parts = Vec::new();
    for row in of_account(tx, &[case], user).await? {
        parts.extend(held(tx, &row).await?);
    }
    Ok(parts)
}

/// Those of the cases of which the team grants something to the caller today.
pub(crate) async fn granting(tx: &mut Tx<'_>, cases: &[CaseId]) -> Result<Vec<CaseId>, Failure> {
    let user = staff(tx).map(|it| it.user).filter(|_| !cases.is_empty());
    let Some(user) = user else { return Ok(Vec::new()) };
    let mut granting = Vec::new();
    for row in of_account(tx, cases, user).await? {
        if !granting.contains(&row.case_id) && !held(tx, &row).await?.is_empty() {
            granting.push(row.case_id);
        }
    }
    Ok(granting)
}

/// Whether the caller may end a membership: as the organization that accompanies, or as the member.
async fn is_theirs(tx: &mut Tx<'_>, it: &TeamMember) -> Result<bool, Failure> {
    let of = organization_of(tx, it.case_id).await?;
    let is_own = staff(tx).is_some_and(|caller| caller.user == it.form.user_id);
    Ok(is_own || tx.scope_of(Right::ManageTeam).answers_for(of))
}

/// The card of one membership.
pub async fn card(tx: &mut Tx<'_>, id: TeamMemberId) -> Result<TeamMemberCard, Failure> {
    let row = row(tx, id).await?;
    let it = row.whole(tx)?;
    let held = if is_own(tx, &row) { Some(held(tx, &row).await?) } else { None };
    let (is_theirs, today) = (is_theirs(tx, &it).await?, tx.today());
    let offers = TeamMemberOffers { it: &it, is_theirs, held: held.as_deref(), today };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::TeamMember, id)).await?;
    let is_inside = reaches_case(tx, row.case_id).await?;
    let card = shown(tx, vec![row], is_inside).await?.pop().ok_or_else(|| missing(id))?;
    Ok(TeamMemberCard { available_actions: Some(actions), ..card })
}

/// The cards of rows that the caller sees. The account is told to all who see the membership; its ground and the words of its
/// end only to those who see the case.
async fn shown(tx: &mut Tx<'_>, rows: Vec<Row>, is_inside: bool) -> Result<Vec<TeamMemberCard>, Failure> {
    let ids: Vec<UserId> = rows.iter().map(|it| it.user_id).collect();
    let accounts = users::table.filter(users::id.eq_any(binds(&ids))).select((users::id, users::name));
    let accounts: Vec<(UserId, String)> = db!(tx, load, accounts)?;
    let accounts: HashMap<UserId, String> = accounts.into_iter().collect();
    let organizations = rows.iter().filter_map(|it| it.organization_id);
    let names = Names::of(tx, organizations.map(|it| Subject::new(SubjectKind::Organization, it))).await?;
    let card = |row: Row| {
        let it = row.whole(tx)?;
        let name = |of: OrganizationId| names.name(SubjectKind::Organization, of.into()).map(str::to_owned);
        let state = it.state(tx.today());
        let (ended_on, end_reason, end_note) = match it.end {
            Some(end) => (Some(end.on), Some(end.reason), end.note),
            None => (None, None, None),
        };
        Ok(TeamMemberCard {
            id: row.id,
            version: row.version,
            case_id: row.case_id,
            state,
            user_id: row.user_id,
            user_name: accounts.get(&row.user_id).cloned().unwrap_or_default(),
            organization_id: row.organization_id,
            organization_name: row.organization_id.and_then(name),
            role: row.role,
            parts: row.parts.0,
            level: row.level,
            since: row.since_on,
            until: row.until_on,
            consent_id: row.consent_id.filter(|_| is_inside),
            legal_ground: it.form.legal_ground.filter(|_| is_inside),
            ground_file_id: row.ground_file_id.filter(|_| is_inside),
            ended_on,
            end_reason,
            end_note: end_note.filter(|_| is_inside),
            available_actions: None,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    tx.readable(rows.into_iter().map(card))
}

/// The first memberships of a case or of an account, by the filter.
macro_rules! listed {
    ($tx:expr, $filter:expr, $window:expr, $column:ident = $id:expr, $is_inside:expr) => {{
        let (today, running) = ($tx.today(), $filter.running);
        let rows: Vec<Row> = db!($tx, load, {
            let mut all = team::table
                .filter(team::$column.eq(bind($id)))
                .select(Row::as_select())
                .order(team::id.desc())
                .limit($window.fetch())
                .into_boxed();
            let lasts = team::until_on.is_null().or(team::until_on.assume_not_null().ge(today));
            let is_over = team::ended_on.is_not_null().or(team::until_on.assume_not_null().lt(today));
            match running {
                Some(true) => all = all.filter(team::ended_on.is_null()).filter(lasts),
                Some(false) => all = all.filter(is_over),
                None => {}
            }
            if let Some(after) = $window.after_id() {
                all = all.filter(team::id.lt(bind(after)));
            }
            all
        })?;
        let page = $window.page(rows, |it| Place::id(it.id));
        Ok(Page { items: shown($tx, page.items, $is_inside).await?, next: page.next })
    }};
}

/// The team of a case, also former members, the newest first.
pub async fn of_case(
    tx: &mut Tx<'_>,
    case: CaseId,
    filter: &TeamFilter,
    window: &Window,
) -> Result<Page<TeamMemberCard>, Failure> {
    if !reaches_case(tx, case).await? {
        return Err(Failure::NotFound(Some(Subject::new(SubjectKind::Case, case))));
    }
    listed!(tx, filter, window, case_id = case, true)
}

/// The caller's own memberships, also past ones, the newest first.
pub async fn own(
    tx: &mut Tx<'_>,
    filter: &TeamFilter,
    window: &Window,
) -> Result<Page<TeamMemberCard>, Failure> {
    let Some(user) = staff(tx).map(|it| it.user) else { return Ok(Page { items: Vec::new(), next: None }) };
    listed!(tx, filter, window, user_id = user, false)
}

/// Facts that the rules need when somebody is taken into the team of a case that the caller sees.
pub async fn facts(
    tx: &mut Tx<'_>,
    (beneficiary_id, of): (BeneficiaryId, OrganizationId),
    case: CaseId,
    form: &TeamInvitation,
) -> Result<TeamFacts, Failure> {
    let organizations = works_for(tx, form.user_id).await?;
    let mut is_member = false;
    for row in of_account(tx, &[case], form.user_id).await? {
        // A membership for an organization that the account has left shows nothing.
        let still_serves = organizations.contains(&row.organization_id.unwrap_or(of));
        is_member |= still_serves && row.whole(tx)?.state(tx.today()) == TeamMemberState::Running;
    }
    let (is_staff, is_own) = (!organizations.is_empty(), organizations.contains(&of));
    let ground = sharing::facts(tx, (beneficiary_id, of), organizations, form.consent_id).await?;
    let longest_months = rules::in_force(tx).await?.team_months;
    Ok(TeamFacts { ground, is_staff, is_own, is_member, longest_months })
}

/// Loads a membership that a rule will change, and whether it is the caller's to end.
pub async fn load(tx: &mut Tx<'_>, id: TeamMemberId) -> Result<(TeamMember, bool), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let it = row.whole(tx)?;
    let is_theirs = is_theirs(tx, &it).await?;
    Ok((it, is_theirs))
}

/// Saves a new membership.
pub async fn save_invited(tx: &mut Tx<'_>, change: Changed<TeamMember>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let ground = tx.core.keys.seal_some(LEGAL_GROUND, it.id, it.form.legal_ground.as_ref())?;
    let row = (
        team::id.eq(bind(it.id)),
        team::version.eq(1),
        team::case_id.eq(bind(it.case_id)),
        team::user_id.eq(bind(it.form.user_id)),
        team::organization_id.eq(bind(it.organization_id)),
        team::role.eq(bind(it.form.role)),
        team::parts.eq(bind(Json(it.form.parts))),
        team::level.eq(bind(it.form.level)),
        team::until_on.eq(it.form.until),
        team::consent_id.eq(bind(it.form.consent_id)),
        team::legal_ground.eq(bind(ground)),
        team::ground_file_id.eq(bind(it.form.ground_file_id)),
        team::since_on.eq(tx.today()),
        team::created_at.eq(bind(tx.now())),
        team::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(team::table).values(row))?;
    tx.established(rows, records)
}

/// Saves the end of a membership. One that has ended stays as it is.
pub async fn save_ended(tx: &mut Tx<'_>, change: Changed<TeamMember>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let note = it.end.as_ref().and_then(|it| it.note.as_ref());
    let set = (
        team::version.eq(team::version + 1),
        team::ended_on.eq(it.end.as_ref().map(|it| it.on)),
        team::end_reason.eq(bind(it.end.as_ref().map(|it| it.reason))),
        team::end_note.eq(bind(tx.core.keys.seal_some(END_NOTE, it.id, note)?)),
        team::updated_at.eq(bind(tx.now())),
    );
    let running = team::table.filter(team::id.eq(bind(it.id))).filter(team::ended_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(running).set(set)))?;
    tx.established(rows, records)
}

/// Ends the memberships of a case that has just closed. The caller's scope does not limit it.
pub(crate) async fn end_with_case(tx: &mut Tx<'_>, case: CaseId) -> Result<(), Failure> {
    let theirs = team::table.filter(team::case_id.eq(bind(case))).filter(team::ended_on.is_null());
    let rows: Vec<Row> = db!(tx, load, theirs.order(team::id).select(Row::as_select()))?;
    end_each(tx, rows, TeamEndReason::CaseClosed).await
}

/// Ends the memberships by a consent that has just been withdrawn. The caller's scope does not limit it.
pub(crate) async fn end_by_withdrawal(tx: &mut Tx<'_>, consent: ConsentId) -> Result<(), Failure> {
    let theirs = team::table.filter(team::consent_id.assume_not_null().eq(bind(consent)));
    let rows: Vec<Row> =
        db!(tx, load, theirs.filter(team::ended_on.is_null()).order(team::id).select(Row::as_select()))?;
    end_each(tx, rows, TeamEndReason::ConsentWithdrawn).await
}

async fn end_each(tx: &mut Tx<'_>, rows: Vec<Row>, reason: TeamEndReason) -> Result<(), Failure> {
    for row in rows {
        if let Some(ended) = row.whole(tx)?.end_by(reason, tx.today()) {
            save_ended(tx, ended).await?;
        }
    }
    Ok(())
}

/// Renews the memberships of other organizations in the case of the organization that takes it over, each for the rest of its term.
pub(crate) async fn renew_with_case(
    tx: &mut Tx<'_>,
    (case, next): (CaseId, CaseId),
    to: OrganizationId,
) -> Result<(), Failure> {
    let theirs = team::table.filter(team::case_id.eq(bind(case))).filter(team::ended_on.is_null());
    let rows: Vec<Row> = db!(tx, load, theirs.order(team::id).select(Row::as_select()))?;
    for row in rows {
        if let Some(renewed) = row.whole(tx)?.renew(tx.mint(), next, to, tx.today()) {
            save_invited(tx, renewed).await?;
        }
    }
    Ok(())
}
