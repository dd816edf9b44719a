//! The people in clubs and groups of volunteers. Staff of the organization sees them, in clubs also guardianship of the territory in which
//! somebody lives, and everybody sees the own membership.
//!
//! - `joining`: who is let in.
//! - this page: cards, the list, the strength of a group, leaving, annulments.
mod joining;

pub use joining::{enter, join_oneself};

pub(crate) use joining::is_member;

use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::community_members as rows;
use crate::entry;
use crate::partnership::community::disclosures::volunteer_consent;
use crate::people::life_of;
use crate::scope::beneficiaries::people_in;
use crate::scope::{Way as _, among, when};
use crate::sight::{is_found, must_see, offered, own_person};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::{NOT_YOURS, Right};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::partnership::community::members::*;
use domain::partnership::community::volunteer_groups::VolunteerGroupForm;
use domain::partnership::words::FEWEST_SHOWN;
use domain::people::{Life, is_minor};
use shape::{card, filter};

/// A membership in a club or in a group of volunteers, as every endpoint returns it.
#[card]
pub struct CommunityMemberCard {
    /// The id of the membership.
    pub id: CommunityMemberId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The club.
    pub club_id: Option<ClubId>,
    /// The group of volunteers.
    pub volunteer_group_id: Option<VolunteerGroupId>,
    /// The organization that keeps it.
    pub organization_id: OrganizationId,
    /// The person.
    pub person_id: PersonId,
    /// The role.
    pub role: CommunityRole,
    /// The first day.
    pub joined_on: NaiveDate,
    /// The last day, after the person has left.
    pub left_on: Option<NaiveDate>,
    /// The reason of the leaving, in words.
    pub reason: Option<Note>,
    /// The signed paper by which somebody has consented to volunteering who is no beneficiary.
    pub consent_file_id: Option<FileId>,
    /// Whether a consent to volunteering is in force today, or a paper stands for it. Only of a minor in a group; absent in lists. Without
    /// it there is no new work.
    pub consented: Option<bool>,
    /// The annulment of the record, which counts no more.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the membership now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of entering.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl CommunityMemberCard {
    fn kind(&self) -> (SubjectKind, &'static str) {
        match self.club_id {
            Some(_) => (SubjectKind::ClubMember, "club-members"),
            None => (SubjectKind::VolunteerGroupMember, "volunteer-group-members"),
        }
    }
}

impl Card for CommunityMemberCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/{}/{}", self.kind().1, self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(self.kind().0, self.id)]
    }
}

/// The number of members of a group of volunteers. Fewer than five are told to its owner only.
#[card]
pub struct VolunteerGroupStrength {
    /// The group.
    pub volunteer_group_id: VolunteerGroupId,
    /// The day: today.
    pub as_of: NaiveDate,
    /// The number of members. Absent where it is hidden.
    #[schema(minimum = 0, maximum = 1_000_000, example = 12)]
    pub members: Option<i64>,
    /// Whether the number is hidden, because it is less than five.
    pub hidden: bool,
}

impl Card for VolunteerGroupStrength {}

/// Filters of the list of members.
#[filter]
pub struct CommunityMemberFilter {
    /// Only members on this day.
    pub on: Option<NaiveDate>,
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
}

const REASON: &str = "community_members.reason";
const ANNULMENT: &str = "community_members.annulment_reason";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = rows)]
struct Row {
    id: CommunityMemberId,
    version: i64,
    club_id: Option<ClubId>,
    volunteer_group_id: Option<VolunteerGroupId>,
    organization_id: OrganizationId,
    person_id: PersonId,
    role: CommunityRole,
    joined_on: NaiveDate,
    left_on: Option<NaiveDate>,
    reason: Option<String>,
    consent_file_id: Option<FileId>,
    annulment_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

/// Those of the memberships that a scope sees. Every query begins here.
macro_rules! visible {
    ($scope:expr, $own:expr) => {{
        let mut all = rows::table.into_boxed();
        if !$scope.everything {
            let living = rows::person_id.eq_any(people_in!($scope.guarded()));
            let of_clubs = rows::club_id.is_not_null().and(living);
            let guarded = when(!$scope.guarded().is_empty(), of_clubs);
            let kept = among(rows::organization_id, &$scope.organizations);
            all = all.filter(kept.or_by(guarded).or_by(among(rows::person_id, &$own)));
        }
        all
    }};
}

fn community(it: &Row) -> Result<Community, Failure> {
    let of = it.club_id.map(Community::Club).or(it.volunteer_group_id.map(Community::VolunteerGroup));
    of.ok_or_else(|| Failure::broken("a membership in nothing"))
}

fn annulment(tx: &Tx<'_>, it: &Row) -> Result<Option<Annulment>, Failure> {
    let reason: Option<Note> = tx.core.keys.open_some(ANNULMENT, it.id, it.annulment_reason.as_ref())?;
    Ok(reason.map(|reason| Annulment { reason }))
}

fn whole(tx: &Tx<'_>, it: &Row) -> Result<CommunityMember, Failure> {
    Ok(CommunityMember {
        id: it.id,
        of: community(it)?,
        organization_id: it.organization_id,
        person_id: it.person_id,
        role: it.role,
        joined_on: it.joined_on,
        left_on: it.left_on,
        reason: tx.core.keys.open_some(REASON, it.id, it.reason.as_ref())?,
        consent_file_id: it.consent_file_id,
        annulment: annulment(tx, it)?,
    })
}

fn shown(tx: &Tx<'_>, it: &Row) -> Result<CommunityMemberCard, Failure> {
    Ok(CommunityMemberCard {
        id: it.id,
        version: it.version,
        club_id: it.club_id,
        volunteer_group_id: it.volunteer_group_id,
        organization_id: it.organization_id,
        person_id: it.person_id,
        role: it.role,
        joined_on: it.joined_on,
        left_on: it.left_on,
        reason: tx.core.keys.open_some(REASON, it.id, it.reason.as_ref())?,
        consent_file_id: it.consent_file_id,
        consented: None,
        annulment: annulment(tx, it)?,
        available_actions: None,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

async fn row(tx: &mut Tx<'_>, kind: SubjectKind, id: CommunityMemberId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let own: Vec<PersonId> = own_person(tx).into_iter().collect();
    let found: Option<Row> =
        db!(tx, first, visible!(scope, own).filter(rows::id.eq(bind(id))).select(Row::as_select()))
            .optional()?;
    let found = found.filter(|it| it.club_id.is_some() == (kind == SubjectKind::ClubMember));
    found.ok_or_else(|| Failure::NotFound(Some(Subject::new(kind, id))))
}

/// Whether the right of this transaction reaches the membership in a club.
pub(crate) async fn reaches_club_member(tx: &mut Tx<'_>, id: CommunityMemberId) -> Result<bool, Failure> {
    is_found(row(tx, SubjectKind::ClubMember, id).await)
}

/// Whether the right of this transaction reaches the membership in a group of volunteers.
pub(crate) async fn reaches_group_member(tx: &mut Tx<'_>, id: CommunityMemberId) -> Result<bool, Failure> {
    is_found(row(tx, SubjectKind::VolunteerGroupMember, id).await)
}

fn is_own(tx: &Tx<'_>, person: PersonId) -> bool {
    tx.caller().is_some_and(|it| it.person == Some(person))
}

/// The card of one membership.
pub async fn member_card(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: CommunityMemberId,
) -> Result<CommunityMemberCard, Failure> {
    let found = row(tx, kind, id).await?;
    let (card, it, today) = (shown(tx, &found)?, whole(tx, &found)?, tx.today());
    let offers = CommunityMemberOffers { it: &it, is_own: is_own(tx, it.person_id) };
    let actions = offered(tx, &offers, Subject::new(kind, id)).await?;
    let is_asked =
        kind == SubjectKind::VolunteerGroupMember && is_minor(life(tx, it.person_id).await?.born_on, today);
    let consented = match is_asked {
        true => Some(volunteer_consent(tx, it.person_id, (today, today)).await?.is_given(it.consent_file_id)),
        false => None,
    };
    Ok(CommunityMemberCard { consented, available_actions: Some(actions), ..card })
}

/// The members of a club or a group whom the caller sees, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    of: Community,
    filter: &CommunityMemberFilter,
    window: &Window,
) -> Result<Page<CommunityMemberCard>, Failure> {
    must_see(tx, subject(of)).await?;
    let scope = tx.scope().clone();
    let own: Vec<PersonId> = own_person(tx).into_iter().collect();
    let found: Vec<Row> = db!(tx, load, {
        let mut all =
            visible!(scope, own).select(Row::as_select()).order(rows::id.desc()).limit(window.fetch());
        all = match of {
            Community::Club(id) => all.filter(rows::club_id.assume_not_null().eq(bind(id))),
            Community::VolunteerGroup(id) => {
                all.filter(rows::volunteer_group_id.assume_not_null().eq(bind(id)))
            }
        };
        all = match filter.annulled {
            Some(true) => all.filter(rows::annulment_reason.is_not_null()),
            _ => all.filter(rows::annulment_reason.is_null()),
        };
        if let Some(on) = filter.on {
            let stays = rows::left_on.is_null().or(rows::left_on.assume_not_null().ge(on));
            all = all.filter(rows::joined_on.le(on)).filter(stays);
        }
        if let Some(after) = window.after_id() {
            all = all.filter(rows::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(found, |it| Place::id(it.id));
    Ok(Page { items: tx.readable(page.items.iter().map(|it| shown(tx, it)))?, next: page.next })
}

fn subject(of: Community) -> Subject {
    match of {
        Community::Club(id) => Subject::new(SubjectKind::Club, id),
        Community::VolunteerGroup(id) => Subject::new(SubjectKind::VolunteerGroup, id),
    }
}

/// The number of members of a group of volunteers today. A small one is hidden for every group, or the hiding would tell which is sensitive.
pub async fn strength(tx: &mut Tx<'_>, id: VolunteerGroupId) -> Result<VolunteerGroupStrength, Failure> {
    must_see(tx, Subject::new(SubjectKind::VolunteerGroup, id)).await?;
    let (today, owner) = (tx.today(), entry::found::<VolunteerGroupForm>(tx, id).await?.form.organization_id);
    let present = rows::table
        .filter(rows::volunteer_group_id.assume_not_null().eq(bind(id)))
        .filter(rows::annulment_reason.is_null())
        .filter(rows::joined_on.le(today))
        .filter(rows::left_on.is_null().or(rows::left_on.assume_not_null().ge(today)));
    let members: i64 = db!(tx, get_result, present.count())?;
    let hidden =
        members < i64::from(FEWEST_SHOWN) && !tx.scope_of(Right::EditPartnershipInside).answers_for(owner);
    let shown = Some(members).filter(|_| !hidden);
    Ok(VolunteerGroupStrength { volunteer_group_id: id, as_of: today, members: shown, hidden })
}

async fn life(tx: &mut Tx<'_>, person: PersonId) -> Result<Life, Failure> {
    let mut lives = life_of(tx, person).await?.0;
    lives.pop().ok_or_else(|| Failure::NotFound(Some(Subject::new(SubjectKind::Person, person))))
}

/// Records that a member has left.
pub async fn leave(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: CommunityMemberId,
    order: &CommunityLeaving,
) -> Result<CommunityMemberCard, Failure> {
    let found = row(tx, kind, id).await?;
    tx.expect(found.version)?;
    let left = whole(tx, &found)?.leave(order, tx.today())?;
    save_left(tx, left).await?;
    member_card(tx, kind, id).await
}

/// Lets the caller leave a club.
pub async fn withdraw(tx: &mut Tx<'_>, id: CommunityMemberId) -> Result<CommunityMemberCard, Failure> {
    let kind = SubjectKind::ClubMember;
    let found = row(tx, kind, id).await?;
    if !is_own(tx, found.person_id) {
        return Err(NOT_YOURS.refuse().into());
    }
    tx.expect(found.version)?;
    let left = whole(tx, &found)?.withdraw(tx.today())?;
    save_left(tx, left).await?;
    member_card(tx, kind, id).await
}

/// Annuls the record of a member.
pub async fn annul_member(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: CommunityMemberId,
    order: &Annulment,
) -> Result<CommunityMemberCard, Failure> {
    let found = row(tx, kind, id).await?;
    tx.expect(found.version)?;
    let (it, records) = whole(tx, &found)?.annul(order)?.into_parts();
    let reason = it.annulment.as_ref().map(|it| &it.reason);
    let set = (
        rows::version.eq(rows::version + 1),
        rows::annulment_reason.eq(bind(tx.core.keys.seal_some(ANNULMENT, it.id, reason)?)),
        rows::updated_at.eq(bind(tx.now())),
    );
    let standing = rows::table.filter(rows::id.eq(bind(it.id))).filter(rows::annulment_reason.is_null());
    let changed = db!(tx, execute, prepared(diesel::update(standing).set(set)))?;
    tx.established(changed, records)?;
    member_card(tx, kind, id).await
}

/// Ends the memberships of somebody who died. The caller's scope does not limit it.
pub(crate) async fn end_by_death(
    tx: &mut Tx<'_>,
    people: &[PersonId],
    died_on: NaiveDate,
) -> Result<(), Failure> {
    let theirs = rows::table
        .filter(rows::person_id.eq_any(binds(people)))
        .filter(rows::left_on.is_null())
        .filter(rows::annulment_reason.is_null())
        .order(rows::id);
    let found: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    for it in found {
        if let Some(ended) = whole(tx, &it)?.end_by_death(died_on) {
            save_left(tx, ended).await?;
        }
    }
    Ok(())
}

async fn save_left(tx: &mut Tx<'_>, change: Changed<CommunityMember>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        rows::version.eq(rows::version + 1),
        rows::left_on.eq(it.left_on),
        rows::reason.eq(bind(tx.core.keys.seal_some(REASON, it.id, it.reason.as_ref())?)),
        rows::updated_at.eq(bind(tx.now())),
    );
    let open = rows::table.filter(rows::id.eq(bind(it.id))).filter(rows::left_on.is_null());
    let changed = db!(tx, execute, prepared(diesel::update(open).set(set)))?;
    tx.established(changed, records)
}
