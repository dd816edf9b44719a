//! Merges in the database. Those who keep the register see them.
use super::{candidates, keeps, must_keep, named, one_person};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, people, register_entries, register_merges};
use crate::people::has_died;
use crate::sight::{dangling, is_found, offered};
use crate::tx::{MergedSides, Tx};
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, RegisterEntryId, RegisterMergeId, UserId};
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::people::register::RegisterState;
use domain::people::register::actions::RegisterMergeOffers;
use domain::people::register::merges::*;
use shape::{card, filter};
use uuid::Uuid;

/// Something that was begun while a merge held.
#[card]
pub struct BegunCard {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its id.
    #[schema(value_type = String, format = Uuid, max_length = 36, example = "01980000-0000-7000-8000-000000000015")]
    pub id: Uuid,
}

/// A merge of two entries, as every endpoint returns it.
#[card]
pub struct RegisterMergeCard {
    /// The id of the merge.
    pub id: RegisterMergeId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state.
    pub state: RegisterMergeState,
    /// The first entry.
    pub entry_id: RegisterEntryId,
    /// The second entry, which is merged into the first.
    pub other_entry_id: RegisterEntryId,
    /// The beneficiary of the first entry.
    pub beneficiary_id: BeneficiaryId,
    /// The beneficiary of the second entry.
    pub other_beneficiary_id: BeneficiaryId,
    /// The reason.
    pub reason: Note,
    /// The account that merged them.
    pub merged_by_user_id: UserId,
    /// The moment of the merge.
    pub merged_at: Moment,
    /// The reason for the reversal.
    pub reversal_reason: Option<Note>,
    /// The account that reversed the merge.
    pub reversed_by_user_id: Option<UserId>,
    /// The moment of the reversal.
    pub reversed_at: Option<Moment>,
    /// Everything that was begun under the entries while the merge held, and stays where it is after a reversal. Absent in lists.
    #[schema(max_items = 1000)]
    pub since_merge: Option<Vec<BegunCard>>,
    /// Orders that this caller may send to the merge now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for RegisterMergeCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/register-merges/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let both = [self.entry_id, self.other_entry_id];
        both.map(|it| Subject::new(SubjectKind::RegisterEntry, it)).to_vec()
    }
}

/// Filters of the list of merges.
#[filter]
pub struct RegisterMergeFilter {
    /// Only merges into this entry.
    pub entry_id: Option<RegisterEntryId>,
    /// `true`: only merges that hold. `false`: only those that were reversed.
    pub in_force: Option<bool>,
}

const REASON: &str = "register_merges.reason";
const REVERSAL_REASON: &str = "register_merges.reversal_reason";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = register_merges)]
struct Row {
    id: RegisterMergeId,
    version: i64,
    entry_id: RegisterEntryId,
    other_entry_id: RegisterEntryId,
    beneficiary_id: BeneficiaryId,
    other_beneficiary_id: BeneficiaryId,
    reason: String,
    merged_by: UserId,
    merged_at: Moment,
    reversal_reason: Option<String>,
    reversed_by: Option<UserId>,
    reversed_at: Option<Moment>,
    updated_at: Moment,
}

fn missing(id: RegisterMergeId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::RegisterMerge, id)))
}

async fn row(tx: &mut Tx<'_>, id: RegisterMergeId) -> Result<Row, Failure> {
    let one = register_merges::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    if keeps(tx).await? { Ok(row) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the merge.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: RegisterMergeId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

fn whole(tx: &Tx<'_>, it: &Row) -> Result<RegisterMerge, Failure> {
    if it.reversed_at.is_some() {
        return Ok(RegisterMerge::Reversed);
    }
    let reason = tx.core.keys.open(REASON, it.id.into(), &it.reason)?;
    let (id, entry_id, other_entry_id) = (it.id, it.entry_id, it.other_entry_id);
    let beneficiaries = (it.beneficiary_id, it.other_beneficiary_id);
    Ok(RegisterMerge::InForce(InForce { id, entry_id, other_entry_id, beneficiaries, reason }))
}

/// Whether no later merge of the same person holds.
async fn is_latest(tx: &mut Tx<'_>, it: &Row) -> Result<bool, Failure> {
    let all = one_person::of(tx, it.beneficiary_id).await?.records();
    let later = register_merges::table
        .filter(register_merges::reversed_at.is_null())
        .filter(register_merges::beneficiary_id.eq_any(binds(&all)))
        .filter(register_merges::id.gt(bind(it.id)));
    let later: i64 = db!(tx, get_result, later.count())?;
    Ok(later == 0)
}

fn shown(tx: &Tx<'_>, it: Row) -> Result<RegisterMergeCard, Failure> {
    let state = match it.reversed_at {
        None => RegisterMergeState::InForce,
        Some(_) => RegisterMergeState::Reversed,
    };
    Ok(RegisterMergeCard {
        id: it.id,
        version: it.version,
        state,
        entry_id: it.entry_id,
        other_entry_id: it.other_entry_id,
        beneficiary_id: it.beneficiary_id,
        other_beneficiary_id: it.other_beneficiary_id,
        reason: tx.core.keys.open(REASON, it.id.into(), &it.reason)?,
        merged_by_user_id: it.merged_by,
        merged_at: it.merged_at,
        reversal_reason: tx.core.keys.open_some(REVERSAL_REASON, it.id, it.reversal_reason)?,
        reversed_by_user_id: it.reversed_by,
        reversed_at: it.reversed_at,
        since_merge: None,
        available_actions: None,
        updated_at: it.updated_at,
    })
}

/// The card of one merge.
pub async fn card(tx: &mut Tx<'_>, id: RegisterMergeId) -> Result<RegisterMergeCard, Failure> {
    let row = row(tx, id).await?;
    let offers = RegisterMergeOffers { it: whole(tx, &row)?, is_latest: is_latest(tx, &row).await? };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::RegisterMerge, id)).await?;
    let mut both = one_person::of(tx, row.beneficiary_id).await?.records();
    both.extend(one_person::of(tx, row.other_beneficiary_id).await?.records());
    let during = (row.id.into(), row.reversed_at.unwrap_or(tx.now()));
    let begun = tx.above().begun_under(tx, &both, during).await?;
    let begun = begun.into_iter().map(|it| BegunCard { kind: it.kind, id: it.id }).collect();
    let card = shown(tx, row)?;
    Ok(RegisterMergeCard { since_merge: Some(begun), available_actions: Some(actions), ..card })
}

/// Merges, the newest first. They are shown to those who keep the register.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &RegisterMergeFilter,
    window: &Window,
) -> Result<Page<RegisterMergeCard>, Failure> {
    if !keeps(tx).await? {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let rows: Vec<Row> = db!(tx, load, {
        let all = register_merges::table.select(Row::as_select()).order(register_merges::id.desc());
        let mut all = all.limit(window.fetch()).into_boxed();
        if let Some(of) = filter.entry_id {
            all = all.filter(register_merges::entry_id.eq(bind(of)));
        }
        match filter.in_force {
            Some(true) => all = all.filter(register_merges::reversed_at.is_null()),
            Some(false) => all = all.filter(register_merges::reversed_at.is_not_null()),
            None => {}
        }
        if let Some(after) = window.after_id() {
            all = all.filter(register_merges::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

/// The facts by which a merge is judged. An entry that is not there is told as any other dangling reference.
pub async fn facts(
    tx: &mut Tx<'_>,
    id: RegisterEntryId,
    order: &RegisterMergeOrder,
) -> Result<MergeFacts, Failure> {
    must_keep(tx).await?;
    let scope = Scope::everything();
    let this = named(tx, id, &scope).await?.0;
    let that = match named(tx, order.other_entry_id, &scope).await {
        Ok(it) => it.0,
        Err(Failure::NotFound(_)) => return Err(dangling("/other_entry_id")),
        Err(error) => return Err(error),
    };
    let (one, other) = (this.beneficiary_id, that.beneficiary_id);
    let (first, second) = (one_person::of(tx, one).await?, one_person::of(tx, other).await?);
    let (is_merged, is_other_merged) = (first.is_second(), second.is_second());
    let sides = MergedSides { one: first.records(), other: second.records() };
    let is_one_person = sides.one.contains(&other);
    let clashes = if is_one_person { Vec::new() } else { tx.above().clashes(tx, &sides).await? };
    Ok(MergeFacts {
        beneficiaries: (one, other),
        is_removed: this.state == RegisterState::Removed,
        is_other_removed: that.state == RegisterState::Removed,
        is_merged,
        is_other_merged,
        snils_differ: !is_one_person && snils_differ(tx, &sides).await?,
        is_one_dead: has_died(tx, one).await? != has_died(tx, other).await?,
        clashes,
    })
}

/// Whether both people have a СНИЛС, each under any record. No two records have the same one.
async fn snils_differ(tx: &mut Tx<'_>, sides: &MergedSides) -> Result<bool, Failure> {
    let all: Vec<BeneficiaryId> = sides.one.iter().chain(&sides.other).copied().collect();
    let known = beneficiaries::table
        .inner_join(people::table)
        .filter(beneficiaries::id.eq_any(binds(&all)))
        .filter(people::snils_key.is_not_null());
    let known: Vec<BeneficiaryId> = db!(tx, load, known.select(beneficiaries::id))?;
    let is_known = |side: &[BeneficiaryId]| side.iter().any(|it| known.contains(it));
    Ok(is_known(&sides.one) && is_known(&sides.other))
}

/// Saves a merge. The pair of these entries, where it was found before, is merged too.
pub async fn save_merged(tx: &mut Tx<'_>, change: Changed<InForce>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (beneficiary, other) = it.beneficiaries;
    let row = (
        register_merges::id.eq(bind(it.id)),
        register_merges::version.eq(1),
        register_merges::entry_id.eq(bind(it.entry_id)),
        register_merges::other_entry_id.eq(bind(it.other_entry_id)),
        register_merges::beneficiary_id.eq(bind(beneficiary)),
        register_merges::other_beneficiary_id.eq(bind(other)),
        register_merges::reason.eq(bind(tx.core.keys.seal(REASON, it.id.into(), &it.reason)?)),
        register_merges::merged_by.eq(bind(tx.author()?)),
        register_merges::merged_at.eq(bind(tx.now())),
        register_merges::updated_at.eq(bind(tx.now())),
    );
    // As they are before the merge.
    let (ones, others) = entries_of_both(tx, it.beneficiaries).await?;
    let rows = db!(tx, execute, diesel::insert_into(register_merges::table).values(row))?;
    tx.established(rows, records)?;
    one_person::keep(tx, [beneficiary, other]).await?;
    candidates::merged(tx, &ones, &others).await
}

/// Loads a merge that a rule will change, and whether it is the latest of its person.
pub async fn load(tx: &mut Tx<'_>, id: RegisterMergeId) -> Result<(RegisterMerge, bool), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let is_latest = is_latest(tx, &row).await?;
    Ok((whole(tx, &row)?, is_latest))
}

/// Saves a reversal. The two are different people from now on, and are not proposed again.
pub async fn save_reversed(tx: &mut Tx<'_>, change: Changed<Undone>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let id = it.was.id;
    let set = (
        register_merges::version.eq(register_merges::version + 1),
        register_merges::reversal_reason.eq(bind(Some(tx.core.keys.seal(
            REVERSAL_REASON,
            id.into(),
            &it.reason,
        )?))),
        register_merges::reversed_by.eq(bind(Some(tx.author()?))),
        register_merges::reversed_at.eq(bind(Some(tx.now()))),
        register_merges::updated_at.eq(bind(tx.now())),
    );
    let holding = register_merges::table
        .filter(register_merges::id.eq(bind(id)))
        .filter(register_merges::reversed_at.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(holding).set(set)))?;
    tx.established(rows, records)?;
    one_person::keep(tx, it.was.beneficiaries.into()).await?;
    // As they are after the reversal.
    let (ones, others) = entries_of_both(tx, it.was.beneficiaries).await?;
    candidates::unmerged(tx, &ones, &others, &it.reason).await
}

/// The entries of all records of each of two people.
async fn entries_of_both(
    tx: &mut Tx<'_>,
    (one, other): (BeneficiaryId, BeneficiaryId),
) -> Result<(Vec<RegisterEntryId>, Vec<RegisterEntryId>), Failure> {
    let (one, other) = (one_person::of(tx, one).await?.records(), one_person::of(tx, other).await?.records());
    Ok((entries_of(tx, &one).await?, entries_of(tx, &other).await?))
}

async fn entries_of(tx: &mut Tx<'_>, of: &[BeneficiaryId]) -> Result<Vec<RegisterEntryId>, Failure> {
    let all = register_entries::table.filter(register_entries::beneficiary_id.eq_any(binds(of)));
    Ok(db!(tx, load, all.select(register_entries::id))?)
}
