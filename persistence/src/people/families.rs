//! Families in the database.
use super::names::{Named, Part, add_names, named, rename};
use super::persons::coordinator;
use super::responsibility::{family_beneficiaries, must_answer_for_family};
use super::upheld::upheld;
use super::{dead_elsewhere, died_elsewhere, no_self_is_dead};
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, families, family_members, people};
use crate::scope::beneficiaries::answered_for;
use crate::scope::{Way, among, when};
use crate::sight::{offered, passes};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{FamilyId, OrganizationId, PersonId};
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::people::consents::HumanFacts;
use domain::people::{
    CHILD_OF_ANOTHER, Family, FamilyForm, FamilyMember, FamilyOffers, FamilyRole, HardshipCause, Life, Lives,
    RiskFlag, has_minor_children,
};
use shape::{card, filter};

/// A family as every endpoint returns it.
#[card]
pub struct FamilyCard {
    /// The id of the family.
    pub id: FamilyId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The institution that put the family on record. Absent if the region, an integration or a coordinator did.
    pub organization_id: Option<OrganizationId>,
    /// The name that specialists use for the family.
    pub name: Title,
    /// Whether the family has children under 18, today. The members on record tell it, where one of them is or was a child.
    pub has_minor_children: bool,
    /// The causes of the family's hardship.
    #[schema(max_items = 12)]
    pub hardship_causes: Vec<HardshipCause>,
    /// The risks that specialists must watch.
    #[schema(max_items = 6)]
    pub risk_flags: Vec<RiskFlag>,
    /// The members of the family.
    #[schema(max_items = 30)]
    pub members: Vec<FamilyMemberCard>,
    /// The member to contact first.
    pub primary_contact_id: Option<PersonId>,
    /// Orders that this caller may send to the family now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the family was put on record.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

/// A member of a family.
#[card]
pub struct FamilyMemberCard {
    /// The person who is the member.
    pub person_id: PersonId,
    /// The role of the person in the family.
    pub role: FamilyRole,
}

cards! { FamilyCard in "families" about Family; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = families)]
struct Row {
    id: FamilyId,
    version: i64,
    organization_id: Option<OrganizationId>,
    name: Title,
    has_minor_children: bool,
    hardship_causes: Json<Vec<HardshipCause>>,
    risk_flags: Json<Vec<RiskFlag>>,
    primary_contact_id: Option<PersonId>,
    created_at: Moment,
    updated_at: Moment,
}

/// The visible families. Every query begins here. A scope reaches:
/// - families that its institution put on record or is responsible for as beneficiaries;
/// - families that are beneficiaries in the territory of a guardianship officer;
/// - families that a coordinator put on record outside of any institution.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = families::table.into_boxed();
        if !$scope.everything {
            let recipients = beneficiaries::table
                .filter(answered_for!($scope))
                .filter(beneficiaries::family_id.is_not_null())
                .select(beneficiaries::family_id.assume_not_null());
            let author = coordinator(&$scope);
            let by_coordinator =
                families::organization_id.is_null().and(families::entered_by.eq(bind(author)));
            all = all.filter(
                among(families::organization_id.assume_not_null(), &$scope.organizations)
                    .or_by(when(author.is_some(), by_coordinator))
                    .or_by(when(answered_for!($scope).is_open(), families::id.eq_any(recipients))),
            );
        }
        all
    }};
}

fn missing(id: FamilyId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Family, id)))
}

/// Whether the right of this transaction reaches the family.
pub(crate) async fn reaches_family(tx: &mut Tx<'_>, id: FamilyId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(families::id.eq(bind(id))))))?)
}

/// The names of those of the given families that the right of this transaction reaches.
pub(crate) async fn family_names(
    tx: &mut Tx<'_>,
    ids: &[FamilyId],
) -> Result<Vec<(FamilyId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), families::id.eq_any(binds(ids)));
    Ok(db!(tx, load, visible!(scope).filter(some).select((families::id, families::name)))?)
}

async fn row(tx: &mut Tx<'_>, id: FamilyId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(families::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// A member of a family, with the life of the person.
type Living = (FamilyMember, Life);

async fn members_of(tx: &mut Tx<'_>, ids: &[FamilyId]) -> Result<Vec<(FamilyId, Living)>, Failure> {
    type Member = (FamilyId, PersonId, FamilyRole, NaiveDate, Option<NaiveDate>);
    let rows: Vec<Member> = db!(
        tx,
        load,
        family_members::table
            .inner_join(people::table)
            .filter(family_members::family_id.eq_any(binds(ids)))
            .order((family_members::family_id, family_members::n))
            .select((
                family_members::family_id,
                family_members::person_id,
                family_members::role,
                people::birth_date,
                people::died_on,
            ))
    )?;
    let living: Vec<PersonId> = rows.iter().filter(|it| it.4.is_none()).map(|it| it.1).collect();
    let elsewhere = died_elsewhere(tx, &living).await?;
    let member = |(family, person_id, role, born_on, died_on): Member| {
        let died_on = died_on.or_else(|| elsewhere.get(&person_id).copied());
        (family, (FamilyMember { person_id, role }, Life { born_on, died_on }))
    };
    Ok(rows.into_iter().map(member).collect())
}

/// Whether a family has children under 18 on a day, by its members.
fn has_children(as_entered: bool, members: &[Living], on: NaiveDate) -> bool {
    let told: Vec<(FamilyRole, Life)> = members.iter().map(|(it, life)| (it.role, *life)).collect();
    has_minor_children(as_entered, &told, on)
}

/// The living members of a family, whether it has children under 18 today, and the member to contact first.
type Household = (Vec<HumanFacts>, bool, Option<PersonId>);

/// A family as a recipient. Rules ask for it, so the caller's scope does not limit it.
pub(crate) async fn household(tx: &mut Tx<'_>, id: FamilyId) -> Result<Household, Failure> {
    let one = families::table.find(bind(id));
    let (as_entered, contact): (bool, Option<PersonId>) =
        db!(tx, first, one.select((families::has_minor_children, families::primary_contact_id)))?;
    let members: Vec<Living> = members_of(tx, &[id]).await?.into_iter().map(|it| it.1).collect();
    let has_minor_children = has_children(as_entered, &members, tx.today());
    let present = members.into_iter().filter(|(_, life)| life.died_on.is_none());
    let human = |(it, life): Living| HumanFacts { person_id: it.person_id, birth_date: life.born_on };
    Ok((present.map(human).collect(), has_minor_children, contact))
}

/// The lives of the members of a family. They decide, and are shown to nobody: the scope of the caller does not bound them.
pub(super) async fn lives_of_family(tx: &mut Tx<'_>, id: FamilyId) -> Result<Lives, Failure> {
    Ok(Lives(members_of(tx, &[id]).await?.into_iter().map(|(_, (_, life))| life).collect()))
}

async fn cards(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<FamilyCard>, Failure> {
    let ids: Vec<FamilyId> = rows.iter().map(|it| it.id).collect();
    let (mut members, today) = (members_of(tx, &ids).await?, tx.today());
    let member = |(FamilyMember { person_id, role }, _): Living| FamilyMemberCard { person_id, role };
    let card = |it: Row| {
        let own: Vec<Living> =
            members.extract_if(.., |(family, _)| *family == it.id).map(|(_, it)| it).collect();
        FamilyCard {
            id: it.id,
            version: it.version,
            organization_id: it.organization_id,
            name: it.name,
            has_minor_children: has_children(it.has_minor_children, &own, today),
            hardship_causes: it.hardship_causes.0,
            risk_flags: it.risk_flags.0,
            members: own.into_iter().map(member).collect(),
            primary_contact_id: it.primary_contact_id,
            available_actions: None,
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    };
    Ok(rows.into_iter().map(card).collect())
}

/// The card of one family.
pub async fn family_card(tx: &mut Tx<'_>, id: FamilyId) -> Result<FamilyCard, Failure> {
    let row = row(tx, id).await?;
    let mut card = cards(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))?;
    let is_answered_for =
        passes(tx, Right::EditPeople, async |tx| must_answer_for_family(tx, id).await).await?;
    let offers = FamilyOffers { is_answered_for };
    card.available_actions = Some(offered(tx, &offers, Subject::new(SubjectKind::Family, id)).await?);
    Ok(card)
}

/// Filters of the list of families.
#[filter]
pub struct FamilyFilter {
    /// Only families that this person is a member of.
    pub person_id: Option<PersonId>,
}

/// Families that the caller sees with these words in their names, the newest first, each with its name.
pub(crate) async fn families_named(
    tx: &mut Tx<'_>,
    parts: &[Part],
    limit: i64,
) -> Result<Vec<(FamilyId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(FamilyId, Title)> = db!(tx, load, {
        let mut all = visible!(scope).order(families::id.desc()).limit(limit);
        for part in parts {
            all = all.filter(families::id.eq_any(named!(SubjectKind::Family, part)));
        }
        all.select((families::id, families::name))
    })?;
    Ok(found.into_iter().map(|(id, it)| (id, it.into())).collect())
}

/// Families that the caller may see, the newest first.
pub async fn list_families(
    tx: &mut Tx<'_>,
    filter: &FamilyFilter,
    window: &Window,
) -> Result<Page<FamilyCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all =
            visible!(scope).select(Row::as_select()).order(families::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(families::id.lt(bind(after)));
        }
        if let Some(person) = filter.person_id {
            let theirs = family_members::table
                .filter(family_members::person_id.eq(bind(person)))
                .select(family_members::family_id);
            all = all.filter(families::id.eq_any(theirs));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: cards(tx, page.items).await?, next: page.next })
}

/// Loads a family that a rule will change.
pub async fn load_family(tx: &mut Tx<'_>, id: FamilyId) -> Result<Family, Failure> {
    let it = row(tx, id).await?;
    must_answer_for_family(tx, id).await?;
    tx.expect(it.version)?;
    let members: Vec<Living> = members_of(tx, &[id]).await?.into_iter().map(|it| it.1).collect();
    let form = FamilyForm {
        name: it.name,
        has_minor_children: has_children(it.has_minor_children, &members, tx.today()),
        hardship_causes: it.hardship_causes.0,
        risk_flags: it.risk_flags.0,
        members: members.into_iter().map(|(it, _)| it).collect(),
        primary_contact_id: it.primary_contact_id,
    };
    Ok(Family { id, form })
}

macro_rules! row {
    ($form:expr, $now:expr) => {
        (
            families::name.eq(bind($form.name.clone())),
            families::has_minor_children.eq($form.has_minor_children),
            families::hardship_causes.eq(bind(Json($form.hardship_causes.clone()))),
            families::risk_flags.eq(bind(Json($form.risk_flags.clone()))),
            families::primary_contact_id.eq(bind($form.primary_contact_id)),
            families::updated_at.eq(bind($now)),
        )
    };
}

/// Saves a new family. It belongs to the caller's institution, if the caller has one.
pub async fn save_family_added(tx: &mut Tx<'_>, change: Changed<Family>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        families::id.eq(bind(it.id)),
        families::version.eq(1),
        families::organization_id.eq(bind(tx.scope().organizations.first().copied())),
        families::entered_by.eq(bind(tx.caller().map(|it| it.user))),
        families::created_at.eq(bind(now)),
    );
    let rows = db!(tx, execute, diesel::insert_into(families::table).values((head, row!(it.form, now))))?;
    insert_members(tx, &it).await?;
    add_names(tx, &[Named::new(SubjectKind::Family, it.id, vec![it.form.name.as_str()])]).await?;
    tx.established(rows, records)
}

/// Saves an edited family. Warns if a consent holds no more by it: who has left the family signs nothing for it.
pub async fn save_family_edited(tx: &mut Tx<'_>, change: Changed<Family>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let recipients = family_beneficiaries(tx, it.id).await?;
    let (upheld, now) = (upheld(tx, &recipients).await?, tx.now());
    let former: Title = db!(tx, first, families::table.find(bind(it.id)).select(families::name))?;
    let named = |name| Named::new(SubjectKind::Family, it.id, vec![name]);
    rename(tx, &named(former.as_str()), &named(it.form.name.as_str())).await?;
    let next = families::version.eq(families::version + 1);
    let rows = db!(
        tx,
        execute,
        prepared(diesel::update(families::table.find(bind(it.id))).set((next, row!(it.form, now))))
    )?;
    let former = family_members::table.filter(family_members::family_id.eq(bind(it.id)));
    db!(tx, execute, diesel::delete(former))?;
    insert_members(tx, &it).await?;
    tx.established(rows, records)?;
    upheld.warn(tx, "/members").await
}

/// The families all of whose members on record have died, under any record. A family without members is none of them.
pub(crate) async fn died_out(tx: &mut Tx<'_>) -> Result<Vec<FamilyId>, Failure> {
    let dead = people::table.filter(people::died_on.is_not_null()).select(people::id);
    let theirs = family_members::table.filter(family_members::person_id.eq_any(dead));
    let mut bereaved: Vec<FamilyId> = db!(tx, load, theirs.select(family_members::family_id).distinct())?;
    let elsewhere: Vec<PersonId> = dead_elsewhere(tx).await?.into_keys().collect();
    if !elsewhere.is_empty() {
        let theirs = family_members::table.filter(family_members::person_id.eq_any(binds(&elsewhere)));
        let more: Vec<FamilyId> = db!(tx, load, theirs.select(family_members::family_id).distinct())?;
        bereaved.extend(more);
        bereaved.sort_unstable();
        bereaved.dedup();
    }
    if bereaved.is_empty() {
        return Ok(bereaved);
    }
    let living: Vec<FamilyId> = db!(
        tx,
        load,
        family_members::table
            .inner_join(people::table)
            .filter(people::died_on.is_null())
            .filter(family_members::person_id.ne_all(binds(&elsewhere)))
            .filter(family_members::family_id.eq_any(binds(&bereaved)))
            .select(family_members::family_id)
            .distinct()
    )?;
    Ok(bereaved.into_iter().filter(|it| !living.contains(it)).collect())
}

/// Condition on beneficiaries: not one of these families.
macro_rules! none_of {
    ($families:expr) => {{
        use $crate::engine::column::binds;
        use $crate::engine::schema::beneficiaries;
        let family = beneficiaries::family_id.assume_not_null();
        beneficiaries::family_id.is_null().or(family.ne_all(binds($families)))
    }};
}
pub(crate) use none_of;

/// Warns of each living child of a family who is a member of another family that the caller sees, and of minor children of whom none is a
/// member. `has_minors`: whether a living member is under 18.
pub async fn warn_of_children(
    tx: &mut Tx<'_>,
    id: FamilyId,
    form: &FamilyForm,
    has_minors: bool,
) -> Result<(), Failure> {
    if let Some(warning) = form.warning(has_minors) {
        tx.warn(warning);
    }
    let members = &form.members;
    let scope = tx.scope_of(Right::ReadPeople);
    let ids: Vec<PersonId> = members.iter().map(|it| it.person_id).collect();
    let elsewhere: Vec<(PersonId, NaiveDate, Option<NaiveDate>)> = db!(tx, load, {
        family_members::table
            .inner_join(people::table)
            .filter(family_members::person_id.eq_any(binds(&ids)))
            .filter(family_members::family_id.ne(bind(id)))
            .filter(family_members::family_id.eq_any(visible!(scope).select(families::id)))
            .filter(no_self_is_dead())
            .select((family_members::person_id, people::birth_date, people::died_on))
    })?;
    let today = tx.today();
    let is_child = |member: &FamilyMember| {
        let lives = elsewhere.iter().filter(|it| it.0 == member.person_id);
        Lives(lives.map(|(_, born_on, died_on)| Life { born_on: *born_on, died_on: *died_on }).collect())
            .has_minors(today)
    };
    for (index, _) in members.iter().enumerate().filter(|(_, it)| is_child(it)) {
        tx.warn(CHILD_OF_ANOTHER.reason().at(format!("/members/{index}/person_id")));
    }
    Ok(())
}

async fn insert_members(tx: &mut Tx<'_>, family: &Family) -> Result<(), Failure> {
    let row = |(n, it): (i32, &FamilyMember)| {
        (
            family_members::family_id.eq(bind(family.id)),
            family_members::n.eq(n),
            family_members::person_id.eq(bind(it.person_id)),
            family_members::role.eq(bind(it.role)),
        )
    };
    let rows: Vec<_> = (0_i32..).zip(&family.form.members).map(row).collect();
    if !rows.is_empty() {
        db!(tx, execute, diesel::insert_into(family_members::table).values(rows))?;
    }
    Ok(())
}
