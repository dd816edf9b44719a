//! Mentors in the database: applications, trainings, removals, eligibility.
//!
//! - [`applications`]: from draft to decision, with deadlines. [`courses`] and [`trainings`]: courses and their completion.
//! - [`removals`]: grounds, removals, liftings. `documents`: the last day on which all documents of a mentor are valid.
//!
//! Invariant: a person has at most one row of mentors, and at most one open application in the region.
mod actions;
pub mod applications;
pub mod courses;
mod documents;
mod eligibility;
pub mod removals;
mod saving;
pub mod trainings;

pub use documents::{RECKONED_AT_ONCE, reckon};
pub use eligibility::{eligibility, facts};
use saving::NOTE;
pub use saving::save_edited;

pub(crate) use eligibility::facts_in;
use eligibility::{profiles, program_of};
use shape::{card, filter};

use crate::engine::card::{Card, cards};
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{DaysAhead, Page, Place, Window};
use crate::engine::schema::{mentor_applications, mentors, people};
use crate::people::{Human, Part, is_named, no_self_is_dead};
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::{NOT_YOURS, OWN, Right, Scope};
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{ApplicationId, EditionId, MentorId, OrganizationId, PersonId};
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::mentors::{
    ApplicationDocument, Eligibility, ExpiringDocument, Mentor, MentorBackground, MentorForm, Removal,
};
use std::collections::HashSet;

/// A mentor as every endpoint returns it. Participants of a mentorship see only the name, the backgrounds and the
/// organization.
#[card]
pub struct MentorCard {
    /// The id of the mentor.
    pub id: MentorId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The family name, given name and patronymic.
    #[schema(max_length = 310, example = "Морозова Алёна Сергеевна")]
    pub name: String,
    /// The institution that approved the mentor.
    pub organization_id: OrganizationId,
    /// The backgrounds of the mentor: codes of the catalogue `mentor-backgrounds`.
    #[schema(max_items = 12)]
    pub backgrounds: Vec<MentorBackground>,
    /// The person who is the mentor; only staff see it.
    pub person_id: Option<PersonId>,
    /// The organization that the mentor represents; only staff see it.
    pub ngo_id: Option<OrganizationId>,
    /// The approved application; only staff see it.
    pub application_id: Option<ApplicationId>,
    /// The day of the approval; only staff see it.
    pub approved_on: Option<NaiveDate>,
    /// The number of mentorships that the mentor can have active at a time; only staff see it.
    #[schema(minimum = 1, maximum = 3, example = 1)]
    pub capacity: Option<i32>,
    /// The highest risk level of a case that the mentor is qualified for, 0 to 3; only staff see it.
    #[schema(minimum = 0, maximum = 3, example = 1)]
    pub qualified_risk_level: Option<i32>,
    /// The documents on record; only staff see them.
    #[schema(max_items = 20)]
    pub documents: Option<Vec<ApplicationDocument>>,
    /// Documents that expire within 30 days or have expired, the earliest first; only staff see them.
    #[schema(max_items = 20)]
    pub documents_expiring: Option<Vec<ExpiringDocument>>,
    /// A note for specialists; only staff see it.
    pub note: Option<Note>,
    /// The removal (отстранение) in force; only staff see it.
    pub removal: Option<Removal>,
    /// Orders that this caller may send to the mentor now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the mentor was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { MentorCard in "mentors" about Mentor; }

/// Eligibility is computed for a day, so it has no version. The function that makes it notes the read.
impl Card for Eligibility {}

/// Filters of the list of mentors.
#[filter]
pub struct MentorFilter {
    /// Only mentors that this institution approved.
    pub organization_id: Option<OrganizationId>,
    /// Only mentors that represent this organization.
    pub ngo_id: Option<OrganizationId>,
    /// Only mentors with a document that expires within this number of days (1 to 365) or has expired. Mentors whose
    /// documents the caller may not see are left out, and so are the dead.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 365, example = 30)]
    pub documents_expire_within_days: Option<DaysAhead>,
    /// Only the mentor who is this person. Mentors whose person the caller may not see are left out.
    pub person_id: Option<PersonId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mentors)]
struct Row {
    id: MentorId,
    version: i64,
    person_id: PersonId,
    organization_id: OrganizationId,
    ngo_id: Option<OrganizationId>,
    application_id: ApplicationId,
    approved_on: NaiveDate,
    capacity: i32,
    backgrounds: Json<Vec<MentorBackground>>,
    documents: Json<Vec<ApplicationDocument>>,
    note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
    documents_valid_until: Option<NaiveDate>,
    documents_edition_id: Option<EditionId>,
    qualified_risk_level: i32,
}

/// The visible mentors. Every query begins here. A scope reaches:
/// - mentors of its institutions: those that approved, and those that the mentor represents;
/// - mentors of its programs and territories;
/// - mentors of the pairs that a tutor or a coordinator follows;
/// - the caller as a mentor.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = mentors::table.inner_join(people::table).into_boxed();
        if !$scope.everything {
            let of_programs = mentor_applications::table
                .filter(among(mentor_applications::program_id, &$scope.programs))
                .select(mentor_applications::id);
            let coordinates = !$scope.programs.is_empty();
            let followed = $crate::scope::mentorships::mentors_followed!($scope);
            all = all.filter(
                among(mentors::organization_id, &$scope.organizations)
                    .or_by(among(mentors::ngo_id.assume_not_null(), &$scope.organizations))
                    .or_by(when(coordinates, mentors::application_id.eq_any(of_programs)))
                    .or_by(within(people::residence, &$scope.territories))
                    .or_by(when($crate::scope::mentorships::follows(&$scope), mentors::id.eq_any(followed)))
                    .or_by(among(mentors::id, $scope.mentor.as_slice()))
                    .or_by(among(mentors::person_id, $scope.person.as_slice())),
            );
        }
        all
    }};
}

/// The mentors for whom a scope answers, as `answers` asks of one: those whom its institutions or programs approved, and
/// never the caller.
macro_rules! answered {
    ($scope:expr) => {{
        use $crate::engine::column::bind;
        use $crate::engine::schema::{mentor_applications, mentors};
        use $crate::scope::{Way, among, when};
        let mut all = mentors::table.into_boxed();
        if !$scope.everything {
            let of_programs = mentor_applications::table
                .filter(among(mentor_applications::program_id, &$scope.programs))
                .select(mentor_applications::id);
            let coordinated = when(!$scope.programs.is_empty(), mentors::application_id.eq_any(of_programs));
            all = all.filter(among(mentors::organization_id, &$scope.organizations).or_by(coordinated));
        }
        if let Some(own) = $scope.own_mentor {
            all = all.filter(mentors::id.ne(bind(own)));
        }
        all
    }};
}
use answered;

fn missing(id: MentorId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Mentor, id)))
}

/// Whether the right of this transaction reaches the mentor.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: MentorId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(mentors::id.eq(bind(id))))))?)
}

/// The mentors that the caller sees, without the caller as a mentor. None: all of them.
pub(crate) async fn seen_ids(tx: &mut Tx<'_>) -> Result<Option<HashSet<MentorId>>, Failure> {
    let scope = tx.scope_of(Right::ReadMentors);
    if scope.everything && scope.own_mentor.is_none() {
        return Ok(None);
    }
    let found: Vec<MentorId> = db!(tx, load, visible!(scope).select(mentors::id))?;
    Ok(Some(found.into_iter().filter(|it| scope.own_mentor != Some(*it)).collect()))
}

/// The mentors whom the caller's institution or program approved. None: all of them.
pub(crate) async fn answered_ids(tx: &mut Tx<'_>) -> Result<Option<HashSet<MentorId>>, Failure> {
    let scope = tx.scope_of(Right::ReadMentors);
    if scope.everything {
        return Ok(None);
    }
    let of_programs = mentor_applications::table
        .filter(among(mentor_applications::program_id, &scope.programs))
        .select(mentor_applications::id);
    let approved = among(mentors::organization_id, &scope.organizations)
        .or_by(when(!scope.programs.is_empty(), mentors::application_id.eq_any(of_programs)));
    let found: Vec<MentorId> = db!(tx, load, mentors::table.filter(approved).select(mentors::id))?;
    Ok(Some(found.into_iter().collect()))
}

/// Those of the given mentors whom the right of this transaction reaches.
pub(crate) async fn reached(tx: &mut Tx<'_>, ids: &[MentorId]) -> Result<HashSet<MentorId>, Failure> {
    let scope = tx.scope().clone();
    let some = mentors::id.eq_any(binds(ids));
    let found: Vec<MentorId> = db!(tx, load, visible!(scope).filter(some).select(mentors::id))?;
    Ok(found.into_iter().collect())
}

/// The names of those of the given mentors whom the right of this transaction reaches.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[MentorId]) -> Result<Vec<(MentorId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), mentors::id.eq_any(binds(ids)));
    let found: Vec<(MentorId, Human)> =
        db!(tx, load, visible!(scope).filter(some).select((mentors::id, Human::as_select())))?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

/// Refuses as «not found» a mentor that the right of this transaction does not reach.
pub(crate) async fn must_reach(tx: &mut Tx<'_>, id: MentorId) -> Result<(), Failure> {
    if reaches(tx, id).await? { Ok(()) } else { Err(missing(id)) }
}

/// Refuses records against a mentor as «not found», except for staff of the institution or the program that approved.
/// An institution that only receives the mentor learns nothing of them, nor does the mentor.
async fn must_answer_for(tx: &mut Tx<'_>, id: MentorId) -> Result<Mentor, Failure> {
    let (it, _) = row(tx, id).await?;
    if !answers(tx, &it).await? || tx.scope().own_mentor == Some(id) {
        return Err(missing(id));
    }
    whole(tx, it).await
}

/// Whether the scope belongs to the institution or the program that approved the mentor.
async fn answers(tx: &mut Tx<'_>, it: &Row) -> Result<bool, Failure> {
    let scope = tx.scope();
    if scope.everything || scope.organizations.contains(&it.organization_id) {
        return Ok(true);
    }
    let program = program_of(tx, it.application_id).await?;
    Ok(tx.scope().programs.contains(&program))
}

/// Refuses statements of a mentor about themselves, except to the mentor and to those who approved the mentor.
pub(crate) async fn must_speak_for(tx: &mut Tx<'_>, id: MentorId) -> Result<(), Failure> {
    let (it, _) = row(tx, id).await?;
    if tx.scope().mentor == Some(id) || answers(tx, &it).await? {
        return Ok(());
    }
    Err(NOT_YOURS.refuse().into())
}

/// The part of a scope that the account has as staff, without its part as a participant.
fn of_staff(scope: &Scope) -> Scope {
    Scope { person: None, mentor: None, beneficiaries: Vec::new(), tutor: None, ..scope.clone() }
}

/// Those of the given mentors whom the caller sees as staff, not as a participant.
async fn as_staff(tx: &mut Tx<'_>, ids: &[MentorId]) -> Result<HashSet<MentorId>, Failure> {
    let scope = tx.scope().clone();
    let staff = of_staff(&scope);
    if staff == scope {
        return Ok(ids.iter().copied().collect());
    }
    let seen: Vec<MentorId> =
        db!(tx, load, visible!(staff).filter(mentors::id.eq_any(binds(ids))).select(mentors::id))?;
    Ok(seen.into_iter().collect())
}

async fn cards(tx: &mut Tx<'_>, rows: Vec<(Row, Human)>) -> Result<Vec<MentorCard>, Failure> {
    let ids: Vec<MentorId> = rows.iter().map(|(it, _)| it.id).collect();
    let whole = as_staff(tx, &ids).await?;
    let of: Vec<&Row> = rows.iter().map(|(it, _)| it).filter(|it| whole.contains(&it.id)).collect();
    let mut expiring = documents::expiring(tx, &of).await?;
    let mut removed = removals::standing(tx, &ids).await?;
    let card = |(it, human): (Row, Human)| {
        let expiring = whole.contains(&it.id).then(|| expiring.remove(&it.id).unwrap_or_default());
        let removal = removed.remove(&it.id);
        shown(tx, expiring, it, removal, &human)
    };
    tx.readable(rows.into_iter().map(card))
}

/// The card of a mentor. `expiring` is set only for staff, so it decides whether the members for staff are filled.
fn shown(
    tx: &Tx<'_>,
    expiring: Option<Vec<ExpiringDocument>>,
    it: Row,
    removal: Option<Removal>,
    human: &Human,
) -> Result<MentorCard, Failure> {
    let (version, created_at, updated_at) = (it.version, it.created_at, it.updated_at);
    let mentor = mentor(tx, it, removal)?;
    let staff = expiring.as_ref().map(|_| ());
    Ok(MentorCard {
        id: mentor.id,
        version,
        name: human.full_name(),
        organization_id: mentor.organization_id,
        backgrounds: mentor.form.backgrounds,
        person_id: staff.map(|()| mentor.person_id),
        ngo_id: staff.and(mentor.form.ngo_id),
        application_id: staff.map(|()| mentor.application_id),
        approved_on: staff.map(|()| mentor.approved_on),
        capacity: staff.map(|()| mentor.form.capacity),
        qualified_risk_level: staff.map(|()| mentor.form.qualified_risk_level),
        documents: staff.map(|()| mentor.form.documents),
        documents_expiring: expiring,
        note: staff.and(mentor.form.note),
        removal: staff.and(mentor.removal),
        available_actions: None,
        created_at,
        updated_at,
    })
}

/// The mentor with the removal in force, if there is one.
async fn whole(tx: &mut Tx<'_>, it: Row) -> Result<Mentor, Failure> {
    let removal = removals::standing(tx, &[it.id]).await?.remove(&it.id);
    mentor(tx, it, removal)
}

fn mentor(tx: &Tx<'_>, it: Row, removal: Option<Removal>) -> Result<Mentor, Failure> {
    let note = tx.core.keys.open_some(NOTE, it.id, it.note)?;
    Ok(Mentor {
        id: it.id,
        person_id: it.person_id,
        organization_id: it.organization_id,
        application_id: it.application_id,
        approved_on: it.approved_on,
        form: MentorForm {
            capacity: it.capacity,
            qualified_risk_level: it.qualified_risk_level,
            backgrounds: it.backgrounds.0,
            ngo_id: it.ngo_id,
            documents: it.documents.0,
            note,
        },
        removal,
    })
}

async fn row(tx: &mut Tx<'_>, id: MentorId) -> Result<(Row, Human), Failure> {
    let scope = tx.scope().clone();
    db!(
        tx,
        first,
        visible!(scope).filter(mentors::id.eq(bind(id))).select((Row::as_select(), Human::as_select()))
    )
    .optional()?
    .ok_or_else(|| missing(id))
}

/// The card of one mentor.
pub async fn card(tx: &mut Tx<'_>, id: MentorId) -> Result<MentorCard, Failure> {
    let found = row(tx, id).await?;
    let mut card = cards(tx, vec![found]).await?.pop().ok_or_else(|| missing(id))?;
    card.available_actions = Some(actions::of_mentor(tx, &card).await?);
    Ok(card)
}

/// Mentors that the caller may see, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &MentorFilter,
    window: &Window,
) -> Result<Page<MentorCard>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let asks_hidden = filter.documents_expire_within_days.is_some() || filter.person_id.is_some();
    let scope = if asks_hidden { of_staff(&scope) } else { scope };
    // The filters and the order of a page, over those mentors.
    macro_rules! page_of {
        ($seen:expr) => {
            db!(tx, load, {
                let mut all = $seen
                    .select((Row::as_select(), Human::as_select()))
                    .order(mentors::id.desc())
                    .limit(window.fetch());
                if let Some(after) = window.after_id() {
                    all = all.filter(mentors::id.lt(bind(after)));
                }
                if let Some(organization) = filter.organization_id {
                    all = all.filter(mentors::organization_id.eq(bind(organization)));
                }
                if let Some(ngo) = filter.ngo_id {
                    all = all.filter(mentors::ngo_id.eq(bind(Some(ngo))));
                }
                if let Some(person) = filter.person_id {
                    all = all.filter(mentors::person_id.eq(bind(person)));
                }
                if let Some(days) = filter.documents_expire_within_days {
                    let others = diesel::alias!(mentors as expiring);
                    // A list, which is read by the index of these days.
                    let valid_until = others.field(mentors::documents_valid_until);
                    let expiring = others.filter(valid_until.le(days.last_day(today)));
                    all = all.filter(mentors::id.eq_any(expiring.select(others.field(mentors::id))));
                    all = all.filter(people::died_on.is_null()).filter(no_self_is_dead());
                }
                all
            })?
        };
    }
    let rows: Vec<(Row, Human)> = match of_one_institution(&scope) {
        // Two walks, each along its index. One over both would sort all mentors of the institution.
        Some(own) => {
            macro_rules! theirs {
                ($way:expr) => {
                    mentors::table.inner_join(people::table).filter($way.eq(bind(own))).into_boxed()
                };
            }
            let mut rows: Vec<(Row, Human)> = page_of!(theirs!(mentors::organization_id));
            let sent: Vec<(Row, Human)> = page_of!(theirs!(mentors::ngo_id.assume_not_null()));
            rows.extend(sent.into_iter().filter(|it| it.0.organization_id != own));
            window.first_of(rows, false, |it| it.0.id)
        }
        None => page_of!(visible!(scope)),
    };
    let items = cards(tx, rows).await?;
    Ok(window.page(items, |it| Place::id(it.id)))
}

/// The institution of a scope that reaches the rows of one institution alone.
fn of_one_institution(scope: &Scope) -> Option<OrganizationId> {
    let of = |it: OrganizationId| Scope {
        organizations: vec![it],
        somebody: scope.somebody,
        granted: scope.granted.clone(),
        own_mentor: scope.own_mentor,
        is_narrowed: scope.is_narrowed,
        ..Scope::default()
    };
    scope.organizations.first().copied().filter(|it| *scope == of(*it))
}

/// Mentors that the caller sees with these words in their names, the newest first, each with the name.
pub(crate) async fn named(
    tx: &mut Tx<'_>,
    parts: &[Part],
    limit: i64,
) -> Result<Vec<(MentorId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(MentorId, Human)> = db!(tx, load, {
        let mut all = visible!(scope).order(mentors::id.desc()).limit(limit);
        for part in parts {
            all = all.filter(is_named!(mentors::person_id, SubjectKind::Person, part));
        }
        all.select((mentors::id, Human::as_select()))
    })?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

/// Loads a mentor that a rule will change. The organization that a mentor represents may read the entry but not
/// change it.
pub async fn load(tx: &mut Tx<'_>, id: MentorId) -> Result<Mentor, Failure> {
    let (it, _) = row(tx, id).await?;
    tx.expect(it.version)?;
    if tx.scope().own_mentor == Some(id) {
        return Err(OWN.refuse().into());
    }
    if !answers(tx, &it).await? {
        return Err(NOT_YOURS.refuse().into());
    }
    whole(tx, it).await
}

/// Loads a mentor for whom the caller answers, for rules about records against the mentor.
pub async fn answered_for(tx: &mut Tx<'_>, id: MentorId) -> Result<Mentor, Failure> {
    must_answer_for(tx, id).await
}

/// Loads a mentor for a rule about something else. The caller's scope does not limit it.
pub async fn found(tx: &mut Tx<'_>, id: MentorId) -> Result<Mentor, Failure> {
    let it: Row = db!(tx, first, mentors::table.find(bind(id)).select(Row::as_select()))?;
    whole(tx, it).await
}
