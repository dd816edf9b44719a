//! The register in the database: entries, their removal and restoration.
//!
//! - `one_person`: the records of one person, for rules that count what a person has once.
//! - `standing`: what the register tells other areas about somebody.
//! - `merges`, `candidates`, `scans`, `searches`: as in the domain. `counting`: the people on the register by a member.
//!
//! Those who keep the register see every entry; others see those of the beneficiaries that they see.
pub mod candidates;
mod counting;
pub mod merges;
pub(crate) mod one_person;
pub mod scans;
pub mod searches;
mod standing;

pub use counting::{RegisterCountQuestion, counts};
pub use standing::{AccompanyingCard, must_have_no_other_account};
pub(crate) use standing::{day_of_removal, is_removed, must_be_on_it};

use crate::engine::card::cards;
use crate::engine::column::{bind, binds, each};
use crate::engine::conn::{Conn, db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, organizations, people, register_entries, register_merges};
use crate::engine::statement::Statement;
use crate::people::{Human, lives_of};
use crate::scope::beneficiaries::visible_of;
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{exists, max, not};
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, OrganizationId, RegisterEntryId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Oktmo};
use domain::people::BeneficiaryCategory;
use domain::people::register::actions::RegisterEntryOffers;
use domain::people::register::*;
use shape::{card, filter};
use standing::{accompanying, open_cases};
use std::collections::HashMap;

/// An entry of the register, as every endpoint returns it.
#[card]
pub struct RegisterEntryCard {
    /// The id of the entry.
    pub id: RegisterEntryId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The number in the register of the region.
    #[schema(min_length = 1, max_length = 20, example = "2838")]
    pub number: String,
    /// The state.
    pub state: RegisterState,
    /// Whether the entry was found to be a second one of a person, and is merged into another.
    pub is_merged: bool,
    /// The entry into which it is merged, if the caller sees that.
    pub merged_into_id: Option<RegisterEntryId>,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The full name.
    #[schema(min_length = 1, max_length = 302, example = "Морозова Алёна Сергеевна")]
    pub name: String,
    /// The date of birth.
    pub birth_date: NaiveDate,
    /// The category.
    pub category: BeneficiaryCategory,
    /// The organization responsible.
    pub organization_id: OrganizationId,
    /// The territory in which the person lives.
    pub territory: Oktmo,
    /// The day of the removal from the register.
    pub removed_on: Option<NaiveDate>,
    /// The reason for the removal.
    pub removal_reason: Option<RegisterRemovalReason>,
    /// The latest reason in words: of the removal, or of the restoration after it.
    pub note: Option<Note>,
    /// The organizations with an open case of the person under any record, the earliest case first. Absent in lists.
    #[schema(max_items = 50)]
    pub cases: Option<Vec<AccompanyingCard>>,
    /// Orders that this caller may send to the entry now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the person came onto the register.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { RegisterEntryCard in "register-entries" about RegisterEntry; }

/// Filters of the list of entries.
#[filter]
pub struct RegisterFilter {
    /// Only entries in this state.
    pub state: Option<AnyOf<RegisterState>>,
    /// Only the entry with this number.
    #[param(minimum = 1, maximum = 1_000_000_000, example = 2838)]
    pub number: Option<i64>,
    /// Only the entry of this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// `true`: only entries that are merged into another. `false`: only all others.
    pub merged: Option<bool>,
}

const NOTE: &str = "register_entries.note";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = register_entries)]
struct Row {
    id: RegisterEntryId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    number: i64,
    state: RegisterState,
    removed_on: Option<NaiveDate>,
    removal_reason: Option<RegisterRemovalReason>,
    note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = beneficiaries)]
struct Recipient {
    category: BeneficiaryCategory,
    organization_id: OrganizationId,
    territory: Oktmo,
}

type Named = (Row, Recipient, Human);

macro_rules! columns {
    () => {
        (Row::as_select(), Recipient::as_select(), Human::as_select())
    };
}

/// The entries that a scope reaches. Every query for entries begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let all = beneficiaries::table
            .inner_join(people::table)
            .inner_join(register_entries::table.on(register_entries::beneficiary_id.eq(beneficiaries::id)))
            .into_boxed();
        visible_of!(all, $scope)
    }};
}
use visible;

/// The condition that an entry is merged into another.
macro_rules! merged {
    () => {
        exists(
            register_merges::table
                .filter(register_merges::other_entry_id.eq(register_entries::id))
                .filter(register_merges::reversed_at.is_null()),
        )
    };
}
use merged;

/// Whether the caller keeps the register: the administrator of the region, or an organization to which the region entrusted it.
pub(crate) async fn keeps(tx: &mut Tx<'_>) -> Result<bool, Failure> {
    let scope = tx.scope();
    // A narrowed key reaches nothing beyond its institutions, also where one of them keeps the register.
    if scope.everything || scope.is_narrowed || scope.organizations.is_empty() {
        return Ok(scope.everything);
    }
    let keeping = organizations::table
        .filter(organizations::id.eq_any(binds(&scope.organizations)))
        .filter(organizations::keeps_register.eq(true));
    Ok(db!(tx, get_result, diesel::select(exists(keeping)))?)
}

/// Refuses an order of somebody who does not keep the register.
pub async fn must_keep(tx: &mut Tx<'_>) -> Result<(), Failure> {
    if keeps(tx).await? { Ok(()) } else { Err(NOT_KEEPER.refuse().into()) }
}

/// The rows that the right of this transaction reaches in the register.
async fn reach(tx: &mut Tx<'_>) -> Result<Scope, Failure> {
    Ok(if keeps(tx).await? { Scope::everything() } else { tx.scope().clone() })
}

fn missing(id: RegisterEntryId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::RegisterEntry, id)))
}

async fn named(tx: &mut Tx<'_>, id: RegisterEntryId, scope: &Scope) -> Result<Named, Failure> {
    db!(tx, first, visible!(scope).filter(register_entries::id.eq(bind(id))).select(columns!()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the entry.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: RegisterEntryId) -> Result<bool, Failure> {
    let scope = reach(tx).await?;
    is_found(named(tx, id, &scope).await)
}

/// The numbers of those of the given entries that the right of this transaction reaches.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[RegisterEntryId],
) -> Result<Vec<(RegisterEntryId, String)>, Failure> {
    let (scope, some) = (reach(tx).await?, register_entries::id.eq_any(binds(ids)));
    let columns = (register_entries::id, register_entries::number);
    let found: Vec<(RegisterEntryId, i64)> = db!(tx, load, visible!(scope).filter(some).select(columns))?;
    Ok(found.into_iter().map(|(id, number)| (id, format!("№ {number}"))).collect())
}

/// The card of one entry.
pub async fn card(tx: &mut Tx<'_>, id: RegisterEntryId) -> Result<RegisterEntryCard, Failure> {
    let scope = reach(tx).await?;
    let row = named(tx, id, &scope).await?;
    let it = whole(tx, &row.0)?;
    let of = row.0.beneficiary_id;
    let (open_cases, cases) = (open_cases(tx, of).await?, accompanying(tx, of).await?);
    let is_keeper = scope.everything;
    let card = shown(tx, vec![row], &scope).await?.pop().ok_or_else(|| missing(id))?;
    let offers = RegisterEntryOffers { it, is_keeper, is_merged: card.is_merged, open_cases };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::RegisterEntry, id)).await?;
    Ok(RegisterEntryCard { cases: Some(cases), available_actions: Some(actions), ..card })
}

/// Entries that the caller sees, the latest beneficiary first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &RegisterFilter,
    window: &Window,
) -> Result<Page<RegisterEntryCard>, Failure> {
    let scope = reach(tx).await?;
    let mut rows: Vec<Named> = Vec::new();
    for state in each(filter.state.as_ref()) {
        rows.extend(rows_in(tx, &scope, filter, state, window).await?);
    }
    let rows = window.first_of(rows, false, |it| it.0.beneficiary_id);
    let page = window.page(rows, |it| Place::id(it.0.beneficiary_id));
    Ok(Page { items: shown(tx, page.items, &scope).await?, next: page.next })
}

async fn rows_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &RegisterFilter,
    state: Option<RegisterState>,
    window: &Window,
) -> Result<Vec<Named>, Failure> {
    Ok(db!(tx, load, {
        let mut all = visible!(scope).select(columns!()).limit(window.fetch());
        // The keeper of the register walks its index; an institution begins with its beneficiaries.
        all = match scope.everything {
            true => all.order(register_entries::beneficiary_id.desc()),
            false => all.order(beneficiaries::id.desc()),
        };
        if let Some(after) = window.after_id() {
            all = match scope.everything {
                true => all.filter(register_entries::beneficiary_id.lt(bind(after))),
                false => all.filter(beneficiaries::id.lt(bind(after))),
            };
        }
        if let Some(state) = state {
            all = all.filter(register_entries::state.eq(bind(state)));
        }
        if let Some(number) = filter.number {
            all = all.filter(register_entries::number.eq(number));
        }
        if let Some(of) = filter.beneficiary_id {
            all = all.filter(register_entries::beneficiary_id.eq(bind(of)));
        }
        match filter.merged {
            Some(true) => all = all.filter(merged!()),
            Some(false) => all = all.filter(not(merged!())),
            None => {}
        }
        all
    })?)
}

/// The cards of rows that the caller sees.
async fn shown(tx: &mut Tx<'_>, rows: Vec<Named>, scope: &Scope) -> Result<Vec<RegisterEntryCard>, Failure> {
    let ids: Vec<RegisterEntryId> = rows.iter().map(|it| it.0.id).collect();
    let merges = register_merges::table
        .filter(register_merges::other_entry_id.eq_any(binds(&ids)))
        .filter(register_merges::reversed_at.is_null())
        .select((register_merges::other_entry_id, register_merges::entry_id));
    let merged: Vec<(RegisterEntryId, RegisterEntryId)> = db!(tx, load, merges)?;
    let merged: HashMap<RegisterEntryId, RegisterEntryId> = merged.into_iter().collect();
    let firsts: Vec<RegisterEntryId> = merged.values().copied().collect();
    let seen: Vec<RegisterEntryId> = match firsts.is_empty() {
        true => Vec::new(),
        false => {
            let some = register_entries::id.eq_any(binds(&firsts));
            db!(tx, load, visible!(scope).filter(some).select(register_entries::id))?
        }
    };
    let card = |(it, of, human): Named| {
        let into = merged.get(&it.id).copied();
        Ok(RegisterEntryCard {
            id: it.id,
            version: it.version,
            number: it.number.to_string(),
            state: it.state,
            is_merged: into.is_some(),
            merged_into_id: into.filter(|it| seen.contains(it)),
            beneficiary_id: it.beneficiary_id,
            name: human.full_name(),
            birth_date: human.birth_date,
            category: of.category,
            organization_id: of.organization_id,
            territory: of.territory,
            removed_on: it.removed_on,
            removal_reason: it.removal_reason,
            note: tx.core.keys.open_some(NOTE, it.id, it.note)?,
            cases: None,
            available_actions: None,
            created_at: it.created_at,
            updated_at: it.updated_at,
        })
    };
    tx.readable(rows.into_iter().map(card))
}

fn whole(tx: &Tx<'_>, it: &Row) -> Result<RegisterEntry, Failure> {
    let note = tx.core.keys.open_some(NOTE, it.id, it.note.as_ref())?;
    Ok(match it.removed_on.zip(it.removal_reason) {
        Some((removed_on, reason)) => RegisterEntry::Removed(Removed { id: it.id, removed_on, reason, note }),
        None => RegisterEntry::Active(Active { id: it.id }),
    })
}

/// Loads an entry that a rule will change, and what a removal needs.
pub async fn load(tx: &mut Tx<'_>, id: RegisterEntryId) -> Result<(RegisterEntry, RemovalFacts), Failure> {
    must_keep(tx).await?;
    let (row, ..) = named(tx, id, &Scope::everything()).await?;
    tx.expect(row.version)?;
    let open_cases = open_cases(tx, row.beneficiary_id).await?;
    let lives = lives_of(tx, row.beneficiary_id).await?;
    let is_merged = one_person::of(tx, row.beneficiary_id).await?.is_second();
    Ok((whole(tx, &row)?, RemovalFacts { open_cases, lives, is_merged }))
}

/// Puts a person who has become a beneficiary onto the register.
pub(super) async fn enter(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<(), Failure> {
    let (it, records) = Entered::enter(tx.mint(), of).into_parts();
    let row = (
        register_entries::id.eq(bind(it.id)),
        register_entries::version.eq(1),
        register_entries::beneficiary_id.eq(bind(it.beneficiary_id)),
        register_entries::number.eq(next_number(tx).await?),
        register_entries::state.eq(bind(RegisterState::Active)),
        register_entries::created_at.eq(bind(tx.now())),
        register_entries::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(register_entries::table).values(row))?;
    tx.established(rows, records)
}

/// A number that no entry has. On PostgreSQL a sequence gives it, so that writers do not wait for each other; SQLite has one writer.
async fn next_number(tx: &mut Tx<'_>) -> Result<i64, Failure> {
    if matches!(tx.conn, Conn::Sqlite(_)) {
        let last: Option<i64> =
            db!(tx, first, register_entries::table.select(max(register_entries::number)))?;
        return Ok(last.unwrap_or_default() + 1);
    }
    #[derive(QueryableByName)]
    struct Next {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        number: i64,
    }
    let next = Statement::default().text("SELECT nextval('register_numbers') AS number");
    let next: Next = db!(tx, get_result, next)?;
    Ok(next.number)
}

/// Saves a removal.
pub async fn save_removed(tx: &mut Tx<'_>, change: Changed<Removed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let note = tx.core.keys.seal_some(NOTE, it.id, it.note.as_ref())?;
    let kept = (Some(it.removed_on), Some(it.reason), note);
    set_state(tx, it.id, RegisterState::Removed, kept, records).await
}

/// Saves a restoration, with its reason.
pub async fn save_restored(tx: &mut Tx<'_>, change: Changed<Active>, reason: &Note) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let note = tx.core.keys.seal_some(NOTE, it.id, Some(reason))?;
    set_state(tx, it.id, RegisterState::Active, (None, None, note), records).await
}

type Kept = (Option<NaiveDate>, Option<RegisterRemovalReason>, Option<String>);

async fn set_state(
    tx: &mut Tx<'_>,
    id: RegisterEntryId,
    state: RegisterState,
    (removed_on, reason, note): Kept,
    records: Vec<domain::base::change::NewFact>,
) -> Result<(), Failure> {
    let set = (
        register_entries::version.eq(register_entries::version + 1),
        register_entries::state.eq(bind(state)),
        register_entries::removed_on.eq(removed_on),
        register_entries::removal_reason.eq(bind(reason)),
        register_entries::note.eq(bind(note)),
        register_entries::updated_at.eq(bind(tx.now())),
    );
    let one = register_entries::table.find(bind(id));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)?;
    let one = register_entries::table.find(bind(id)).select(register_entries::beneficiary_id);
    let of: BeneficiaryId = db!(tx, first, one)?;
    tx.above().register_changed(tx, of).await
}
