//! Searches of the register in the database. The question is not kept, only its author, its purpose and the number of those who were found.
use super::{keeps, one_person};
use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, organizations, people, register_entries, register_searches};
use crate::people::Human;
use crate::people::match_keys::SNILS;
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::TimeDelta;
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, OrganizationId, PersonId, RegisterEntryId, RegisterSearchId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Oktmo, Phone, Title};
use domain::base::word::fold;
use domain::people::BeneficiaryCategory;
use domain::people::register::RegisterState;
use domain::people::register::searches::*;
use domain::region::organizations::Contacts;
use shape::card;
use std::collections::HashMap;

/// Somebody whom a search has found: that the person is on the register, and where to ask.
#[card]
pub struct RegisterFindCard {
    /// The entry.
    pub entry_id: RegisterEntryId,
    /// Its number in the register.
    #[schema(min_length = 1, max_length = 20, example = "2838")]
    pub number: String,
    /// The category.
    pub category: BeneficiaryCategory,
    /// The municipality in which the person lives.
    pub municipality: Oktmo,
    /// The organization responsible.
    pub organization_id: OrganizationId,
    /// The name of that organization.
    #[schema(max_length = 1500, example = "Центр «Надежда»")]
    pub organization_name: Title,
    /// Its telephones.
    #[schema(max_items = 5)]
    pub phones: Vec<Phone>,
}

/// A search of the register. The answer to the order shows those who were found; afterwards only their number is told.
#[card]
pub struct RegisterSearchCard {
    /// The id of the search.
    pub id: RegisterSearchId,
    /// The account that searched.
    pub user_id: UserId,
    /// The purpose.
    pub purpose: RegisterSearchPurpose,
    /// The purpose in words.
    pub note: Option<Note>,
    /// The number of people who were found.
    #[schema(minimum = 0, maximum = 10, example = 1)]
    pub found: i32,
    /// Those who were found. Absent but in the answer to the order.
    #[schema(max_items = 10)]
    pub entries: Option<Vec<RegisterFindCard>>,
    /// The moment of the search.
    pub created_at: Moment,
}

impl Card for RegisterSearchCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/register-searches/{}", self.id))
    }
}

const NOTE: &str = "register_searches.note";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = register_searches)]
struct Row {
    id: RegisterSearchId,
    user_id: UserId,
    purpose: RegisterSearchPurpose,
    note: Option<String>,
    found: i32,
    created_at: Moment,
}

fn missing(id: RegisterSearchId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::RegisterSearch, id)))
}

fn shown(tx: &Tx<'_>, it: Row) -> Result<RegisterSearchCard, Failure> {
    Ok(RegisterSearchCard {
        id: it.id,
        user_id: it.user_id,
        purpose: it.purpose,
        note: tx.core.keys.open_some(NOTE, it.id, it.note)?,
        found: it.found,
        entries: None,
        created_at: it.created_at,
    })
}

/// The card of one search: of the own account, or any for those who keep the register.
pub async fn card(tx: &mut Tx<'_>, id: RegisterSearchId) -> Result<RegisterSearchCard, Failure> {
    let one = register_searches::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let is_own = tx.caller().is_some_and(|it| it.user == row.user_id) && !tx.scope().is_nothing();
    if is_own || keeps(tx).await? { shown(tx, row) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the search.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: RegisterSearchId) -> Result<bool, Failure> {
    is_found(card(tx, id).await)
}

/// Searches of the own account, or of all accounts for those who keep the register, the newest first.
pub async fn list<F>(tx: &mut Tx<'_>, _: &F, window: &Window) -> Result<Page<RegisterSearchCard>, Failure> {
    let (keeps, user) = (keeps(tx).await?, tx.author()?);
    let rows: Vec<Row> = db!(tx, load, {
        let all = register_searches::table.select(Row::as_select()).order(register_searches::id.desc());
        let mut all = all.limit(window.fetch()).into_boxed();
        if !keeps {
            all = all.filter(register_searches::user_id.eq(bind(user)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(register_searches::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

/// The people with exactly these data.
async fn exactly(tx: &mut Tx<'_>, order: &RegisterSearchOrder) -> Result<Vec<PersonId>, Failure> {
    if let Some(snils) = &order.snils {
        let key = tx.core.keys.blind(SNILS, snils.as_str());
        let one = people::table.filter(people::snils_key.eq(bind(Some(key)))).select(people::id);
        return Ok(db!(tx, load, one)?);
    }
    let Some(born) = order.birth_date else { return Ok(Vec::new()) };
    let born = people::table.filter(people::birth_date.eq(born));
    let all: Vec<(PersonId, Human)> = db!(tx, load, born.select((people::id, Human::as_select())))?;
    let names = [&order.family_name, &order.given_name, &order.patronymic];
    let name: Vec<&str> = names.into_iter().flatten().map(|it| it.as_str()).collect();
    let asked = fold(&name.join(" "));
    Ok(all.into_iter().filter(|it| fold(&it.1.full_name()) == asked).map(|it| it.0).collect())
}

/// The entries of these people. A second record of a person is told as the first one.
async fn entries_of(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<Vec<RegisterFindCard>, Failure> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let own = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq_any(binds(people)))
        .select(beneficiaries::id)
        .order(beneficiaries::id);
    let own: Vec<BeneficiaryId> = db!(tx, load, own)?;
    let mut firsts: Vec<BeneficiaryId> = Vec::new();
    for it in own {
        firsts.extend(one_person::of(tx, it).await?.records().first());
    }
    firsts.sort_unstable();
    firsts.dedup();
    firsts.truncate(FOUND);
    if firsts.is_empty() {
        return Ok(Vec::new());
    }
    type Told = (RegisterEntryId, i64, BeneficiaryCategory, Oktmo, OrganizationId);
    let all = register_entries::table
        .inner_join(beneficiaries::table)
        .filter(beneficiaries::id.eq_any(binds(&firsts)))
        .filter(register_entries::state.eq(bind(RegisterState::Active)))
        .order(register_entries::number)
        .select((
            register_entries::id,
            register_entries::number,
            beneficiaries::category,
            beneficiaries::territory,
            beneficiaries::organization_id,
        ));
    let all: Vec<Told> = db!(tx, load, all)?;
    let asked: Vec<OrganizationId> = all.iter().map(|it| it.4).collect();
    let responsible = organizations::table.filter(organizations::id.eq_any(binds(&asked)));
    let responsible: Vec<(OrganizationId, Title, Json<Contacts>)> =
        db!(tx, load, responsible.select((organizations::id, organizations::name, organizations::contacts)))?;
    let mut responsible: HashMap<OrganizationId, (Title, Vec<Phone>)> =
        responsible.into_iter().map(|(id, name, it)| (id, (name, it.0.phones))).collect();
    let card = |(entry_id, number, category, territory, organization_id): Told| {
        let (organization_name, phones) = responsible.get_mut(&organization_id)?.clone();
        let municipality = Oktmo::new(territory.municipality());
        let number = number.to_string();
        Some(RegisterFindCard {
            entry_id,
            number,
            category,
            municipality,
            organization_id,
            organization_name,
            phones,
        })
    };
    Ok(all.into_iter().filter_map(card).collect())
}

/// Searches the register for the exact data. It bounds itself by no sight: this is the way to somebody whom the caller does not see.
/// Each find is journaled as a read.
pub async fn find(
    tx: &mut Tx<'_>,
    order: &RegisterSearchOrder,
) -> Result<(Vec<RegisterFindCard>, i64), Failure> {
    let user = tx.author()?;
    let since = tx.now().plus(TimeDelta::hours(-24));
    let lately = register_searches::table
        .filter(register_searches::user_id.eq(bind(user)))
        .filter(register_searches::created_at.gt(bind(since)));
    let lately: i64 = db!(tx, get_result, lately.count())?;
    if lately >= SEARCHES_A_DAY {
        return Ok((Vec::new(), lately));
    }
    let before = tx.use_scope(Scope::everything());
    let found = async {
        let people = exactly(tx, order).await?;
        entries_of(tx, &people).await
    }
    .await;
    tx.restore_scope(before);
    let found = found?;
    tx.disclose(found.iter().map(|it| Subject::new(SubjectKind::RegisterEntry, it.entry_id)))?;
    Ok((found, lately))
}

/// Saves a search, and answers it with those who were found.
pub async fn save_made(
    tx: &mut Tx<'_>,
    change: Changed<Searched>,
    entries: Vec<RegisterFindCard>,
) -> Result<RegisterSearchCard, Failure> {
    let (it, records) = change.into_parts();
    let user_id = tx.author()?;
    let found = i32::try_from(it.found.len()).map_err(Failure::broken)?;
    let row = (
        register_searches::id.eq(bind(it.id)),
        register_searches::user_id.eq(bind(user_id)),
        register_searches::purpose.eq(bind(it.purpose)),
        register_searches::note.eq(bind(tx.core.keys.seal_some(NOTE, it.id, it.note.as_ref())?)),
        register_searches::found.eq(found),
        register_searches::created_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(register_searches::table).values(row))?;
    tx.established(rows, records)?;
    let (id, purpose, note, created_at) = (it.id, it.purpose, it.note, tx.now());
    Ok(RegisterSearchCard { id, user_id, purpose, note, found, entries: Some(entries), created_at })
}
