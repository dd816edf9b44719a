//! Entries in the database: the queries are the same for all, and the columns are told by the form.
//!
//! - `row`: a row, and the texts of statements that a region remembers. `judging`: what stands against an entry beside its form.
//!   `correcting`: what stands against its annulment, and against edits of what is past.
//! - `listing`: filters, order and pages of a list. `beside`: the tables that find entries by the values of their lists.
//! - this page: the card, single entries, and their saving.
use crate::engine::card::Card;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::statement::Statement;
use crate::sight;
use crate::tx::Tx;
use diesel::OptionalExtension;
use domain::base::access::{Permission, Right};
use domain::base::action::{AvailableAction, Judged, Offer, Offers, available};
use domain::base::change::{Changed, Subject};
use domain::base::entry::correction::Corrections;
use domain::base::entry::{Annulment, Entered, Entry, EntryOffers, Order, Owner};
use domain::base::id::{OrganizationId, Typed};
use domain::base::kept::Value;
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::base::word::fold;
use domain::entries;
pub use judging::{changed, judged, judged_edit, judged_step};
pub use listing::list;
pub(crate) use row::REASON;
use row::{Called, Found, Row, Texts};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

mod beside;
mod correcting;
mod judging;
mod listing;
mod row;

/// An entry as every endpoint shows it: the form between its id and its dates.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
pub struct EntryCard<F: Entry> {
    /// Its id.
    #[serde(serialize_with = "as_text")]
    pub id: F::Id,
    /// Grows with every change; the `ETag`.
    pub version: i64,
    #[serde(flatten)]
    parent: Under,
    /// The form.
    #[serde(flatten)]
    pub form: F,
    /// The annulment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send now; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The reasons against corrections of it, known where its actions are.
    #[serde(skip)]
    corrections: Corrections,
    /// The instant of entering.
    pub created_at: Moment,
    /// The instant of the last change.
    pub updated_at: Moment,
}

fn as_text<I: std::fmt::Display, S: Serializer>(id: &I, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(id)
}

/// The parent's column with its id, where entries stand under something.
#[derive(Debug)]
struct Under(Option<(&'static str, Typed)>);

impl Serialize for Under {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        if let Some((column, id)) = &self.0 {
            map.serialize_entry(column, id)?;
        }
        map.end()
    }
}

impl<F: Entry> Card for EntryCard<F> {
    const IS_JOINED: bool = false;
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/{}/{}", F::ABOUT.at, self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let subject = F::ABOUT.is_personal.then(|| Subject::new(F::ABOUT.kind, self.id));
        subject.into_iter().collect()
    }
}

/// Where a sealed member is sealed.
fn place<F: Entry>(column: &str) -> String {
    format!("{}.{column}", F::ABOUT.table)
}

/// A card of a row: sealed members are opened.
fn shown<F: Entry>(tx: &Tx<'_>, mut row: Row<F>) -> Result<EntryCard<F>, Failure> {
    for (it, value) in F::ABOUT.members.iter().zip(&mut row.values).filter(|it| it.0.is_sealed) {
        if let Value::Text(Some(sealed)) = value {
            *value = Value::Text(Some(tx.core.keys.open(&place::<F>(it.column), row.id, sealed)?));
        }
    }
    let reason: Option<Note> = tx.core.keys.open_some(&place::<F>(REASON), row.id, row.annulment_reason)?;
    let parent = F::ABOUT.parent.as_ref().zip(row.parent).map(|(it, id)| (it.column, Typed(it.id, id)));
    Ok(EntryCard {
        id: row.id.into(),
        version: row.version,
        parent: Under(parent),
        form: F::of(row.values).map_err(Failure::broken)?,
        annulment: reason.map(|reason| Annulment { reason }),
        available_actions: None,
        corrections: Corrections::default(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

impl<F: Entry> EntryCard<F> {
    /// The card with what its caller may do.
    async fn offered(self, tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let (owner, parent) = (self.owner(), self.parent_id());
        let it = Entered { id: self.id, parent, form: self.form, annulment: self.annulment };
        let (steps, under) = (entries::steps_of(F::ABOUT), entries::entered_under(F::ABOUT.kind));
        let corrections = correcting::corrections(tx, &it, self.created_at).await?;
        let offers = EntryOffers { it: &it, corrections: &corrections, steps, under, today: tx.today() };
        let rights: BTreeSet<Right> = offers.offers().iter().map(Offer::right).collect();
        let held = match parent_of::<F>(parent) {
            Some(parent) => {
                let check = async |tx: &mut Tx<'_>| tx.above().reaches_under(tx, parent).await;
                sight::held_where(tx, rights, Vec::new(), check).await?
            }
            None => {
                let reaches = |right: &Right| match (tx.scope_of(*right), owner) {
                    (scope, Some(owner)) => scope.answers_for(OrganizationId::from(owner)),
                    (scope, None) => !scope.is_nothing(),
                };
                rights.into_iter().filter(reaches).collect()
            }
        };
        let actions = available(&offers, it.id, Judged::Whole, |right| held.contains(&right), |_| true);
        let available_actions = Some(actions);
        Ok(Self { form: it.form, annulment: it.annulment, available_actions, corrections, ..self })
    }
    /// The card as this caller reads it: all but the owner read the discreet form. `edits_under` is the answer of [`edits_under`].
    fn discreetly(self, tx: &Tx<'_>, edits_under: bool) -> Self {
        let Some(form) = self.form.discreetly() else { return self };
        let by = tx.scope_of(<F::Edit as Permission>::RIGHT);
        let owner = self.owner().map(OrganizationId::from);
        let is_owner = edits_under || owner.is_some_and(|it| by.answers_for(it));
        if is_owner { self } else { Self { form, ..self } }
    }
    /// The institution whose row it is.
    fn owner(&self) -> Option<Uuid> {
        match F::ABOUT.owner {
            Owner::Nobody | Owner::Parent => None,
            Owner::Itself => Some(self.id.into()),
            Owner::Column(_) => {
                let named = self.form.references().into_iter().find(|it| it.is_owner);
                named.map(|it| it.subject.id).or(self.parent_id())
            }
        }
    }
    /// The thing under which it stands.
    pub(crate) fn parent_id(&self) -> Option<Uuid> {
        self.parent.0.map(|(_, Typed(_, id))| id)
    }
    /// The entry as the rules see it.
    pub(crate) fn entered(self) -> Entered<F> {
        let parent = self.parent_id();
        Entered { id: self.id, parent, form: self.form, annulment: self.annulment }
    }
}

/// The texts of the entry's statements.
fn texts<F: Entry>(tx: &Tx<'_>) -> Arc<Texts<F>> {
    tx.core.memory.of()
}

/// `SELECT … WHERE` the rows that the right of this transaction reaches. A draft is seen by those alone who may edit it.
fn reached<F: Entry>(tx: &Tx<'_>, select: &Arc<str>) -> Statement {
    let all = within_scope::<F>(tx, select);
    let scope = tx.scope_of(F::Edit::RIGHT);
    let (Some(state), Owner::Column(owner), false) = (F::ABOUT.draft, F::ABOUT.owner, scope.everything)
    else {
        return all;
    };
    let all = all.text(" AND (").text(state).text(" <> 'draft'");
    if scope.organizations.is_empty() {
        return all.text(")");
    }
    let own = scope.organizations.iter().map(|it| Uuid::from(*it)).collect();
    all.text(" OR ").text(owner).text(" IN (").ids(own).text("))")
}

/// The same, drafts of others among them.
fn within_scope<F: Entry>(tx: &Tx<'_>, select: &Arc<str>) -> Statement {
    let all = Statement::default().shared(select);
    let scope = tx.scope();
    let column = match F::ABOUT.owner {
        _ if scope.is_nothing() => return all.text("1 = 0"),
        _ if scope.everything => return all.text("1 = 1"),
        // Whether the parent is reached, is asked of the parent.
        Owner::Nobody | Owner::Parent => return all.text("1 = 1"),
        Owner::Itself => "id",
        Owner::Column(column) => column,
    };
    if scope.organizations.is_empty() {
        return all.text("1 = 0");
    }
    let own = scope.organizations.iter().map(|it| Uuid::from(*it)).collect();
    all.text(column).text(" IN (").ids(own).text(")")
}

async fn one<F: Entry>(tx: &mut Tx<'_>, id: F::Id, one: Statement) -> Result<EntryCard<F>, Failure> {
    let row: Option<Row<F>> = db!(tx, get_result, one).optional()?;
    shown(tx, row.ok_or_else(|| Failure::NotFound(Some(Subject::new(F::ABOUT.kind, id))))?)
}

/// The thing that a right must reach to reach the entry, where that is the parent.
fn parent_of<F: Entry>(id: Option<Uuid>) -> Option<Subject> {
    let under = F::ABOUT.parent.as_ref().filter(|_| F::ABOUT.owner == Owner::Parent)?;
    Some(Subject::new(under.kind, id?))
}

/// Whether the right of this transaction reaches the parent of a row, where that decides.
async fn reaches_under<F: Entry>(tx: &mut Tx<'_>, under: Uuid) -> Result<bool, Failure> {
    match parent_of::<F>(Some(under)) {
        Some(parent) => tx.above().reaches_under(tx, parent).await,
        None => Ok(true),
    }
}

/// Whether the caller may edit what stands under the parent of a card. It is asked where the parent decides, and not all read the same.
async fn edits_under<F: Entry>(tx: &mut Tx<'_>, card: Option<&EntryCard<F>>) -> Result<bool, Failure> {
    let card = card.filter(|it| it.form.discreetly().is_some());
    let Some(parent) = card.and_then(|it| parent_of::<F>(it.parent_id())) else { return Ok(false) };
    let check = async |tx: &mut Tx<'_>| tx.above().reaches_under(tx, parent).await;
    let held = sight::held_where(tx, [<F::Edit as Permission>::RIGHT], Vec::new(), check).await?;
    Ok(!held.is_empty())
}

/// A parent that the right of the transaction does not reach is not there.
pub async fn must_reach_parent<F: Entry>(tx: &mut Tx<'_>, id: Uuid) -> Result<(), Failure> {
    let Some(under) = &F::ABOUT.parent else { return Ok(()) };
    let parent = Subject::new(under.kind, id);
    if tx.above().reaches_under(tx, parent).await? { Ok(()) } else { Err(Failure::NotFound(Some(parent))) }
}

fn is(id: impl Into<Uuid>) -> Value {
    Value::Uuid(Some(id.into()))
}

/// One entry.
pub async fn card<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<EntryCard<F>, Failure> {
    let it = reached::<F>(tx, &texts::<F>(tx).select).text(" AND id = ").value(is(id));
    let card = one(tx, id, it).await?;
    if let Some(under) = card.parent_id()
        && !reaches_under::<F>(tx, under).await?
    {
        return Err(Failure::NotFound(Some(Subject::new(F::ABOUT.kind, id))));
    }
    let edits_under = edits_under(tx, Some(&card)).await?;
    card.discreetly(tx, edits_under).offered(tx).await
}

/// An entry for a rule about another thing, in the sight of nobody.
pub async fn found<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<Entered<F>, Failure> {
    let it = Statement::default().shared(&texts::<F>(tx).select).text("id = ").value(is(id));
    Ok(one(tx, id, it).await?.entered())
}

/// The ids on the way from the first one by a reference of each entry to the next, in the sight of nobody. A reference to nothing ends the
/// way, and one to an entry that was met before.
pub(crate) async fn way<F: Entry<Id: PartialEq>>(
    tx: &mut Tx<'_>,
    first: Option<F::Id>,
    next: fn(&F) -> Option<F::Id>,
) -> Result<Vec<F::Id>, Failure> {
    let (mut met, mut here) = (Vec::new(), first);
    while let Some(id) = here.filter(|it| !met.contains(it)) {
        met.push(id);
        here = match found::<F>(tx, id).await {
            Err(Failure::NotFound(_)) => None,
            other => next(&other?.form),
        };
    }
    Ok(met)
}

/// Whether a changed reference leads back to the entry itself. The entry as its own first is told by its form.
pub(crate) async fn leads_back<F: Entry<Id: PartialEq>>(
    tx: &mut Tx<'_>,
    id: F::Id,
    (before, after): (&F, &F),
    next: fn(&F) -> Option<F::Id>,
) -> Result<bool, Failure> {
    let first = next(after).filter(|it| next(before) != Some(*it) && *it != id);
    Ok(way::<F>(tx, first, next).await?.contains(&id))
}

/// Entries that another thing refers to, in the sight of nobody.
pub(crate) async fn those<F: Entry>(
    tx: &mut Tx<'_>,
    ids: Vec<impl Into<Uuid>>,
) -> Result<Vec<EntryCard<F>>, Failure> {
    let ids: Vec<Uuid> = ids.into_iter().map(Into::into).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let all = Statement::default().shared(&texts::<F>(tx).select).text("id IN (").ids(ids).text(")");
    let rows: Vec<Row<F>> = db!(tx, load, all)?;
    tx.readable(rows.into_iter().map(|it| shown(tx, it)))
}

/// An entry for a rule to change, with the reasons against corrections of it.
pub async fn load<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<(Entered<F>, Corrections), Failure> {
    let mut it = card::<F>(tx, id).await?;
    tx.expect(it.version)?;
    let corrections = std::mem::take(&mut it.corrections);
    Ok((it.entered(), corrections))
}

/// Whether the right of this transaction reaches an entry.
pub(crate) async fn sees<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<bool, Failure> {
    let it = reached::<F>(tx, &texts::<F>(tx).select_under).text(" AND id = ").value(is(id));
    let found: Option<Found> = db!(tx, get_result, it).optional()?;
    match found {
        Some(it) => reaches_under::<F>(tx, it.under).await,
        None => Ok(false),
    }
}

/// Whether an entry was annulled, in the sight of nobody.
pub(crate) async fn is_annulled<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<bool, Failure> {
    if !F::ABOUT.has_annulment {
        return Ok(false);
    }
    let one = Statement::default().shared(&texts::<F>(tx).select_under).text("id = ").value(is(id));
    let annulled = one.text(" AND annulment_reason IS NOT NULL");
    let found: Option<Found> = db!(tx, get_result, annulled).optional()?;
    Ok(found.is_some())
}

/// The names of those of the given entries that the right of this transaction reaches.
pub(crate) async fn names<F: Entry>(tx: &mut Tx<'_>, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, Failure> {
    let all = reached::<F>(tx, &texts::<F>(tx).select_name).text(" AND id IN (").ids(ids).text(")");
    let found: Vec<Called> = db!(tx, load, all)?;
    // Rows of an answer mostly stand under one parent, which is asked once.
    let mut open = BTreeSet::new();
    for under in found.iter().map(|it| it.under).collect::<BTreeSet<_>>() {
        if reaches_under::<F>(tx, under).await? {
            open.insert(under);
        }
    }
    let names = found.into_iter().filter(|it| open.contains(&it.under)).map(|it| (it.id, it.called));
    Ok(names.collect())
}

/// The columns of a change, in the order of its statements: sealed members are sealed, and the key of the order stands beside.
fn written<F: Entry>(tx: &Tx<'_>, it: &Entered<F>) -> Result<Vec<Value>, Failure> {
    let about = F::ABOUT;
    let (mut all, mut key) = (it.form.values(), None);
    for (member, value) in about.members.iter().zip(&mut all) {
        let Value::Text(Some(text)) = value else { continue };
        if about.order == Order::Name(member.name) {
            key = Some(Value::Text(Some(fold(text))));
        }
        if member.is_sealed {
            *text = tx.core.keys.seal(&place::<F>(member.column), it.id.into(), text)?;
        }
    }
    all.extend(key);
    if about.has_annulment {
        let reason = it.annulment.as_ref().map(|it| &it.reason);
        all.push(Value::Text(tx.core.keys.seal_some(&place::<F>(REASON), it.id, reason)?));
    }
    all.push(Value::Moment(Some(tx.now())));
    Ok(all)
}

/// Saves a new entry, and answers it as it is shown.
pub async fn save_added<F: Entry>(
    tx: &mut Tx<'_>,
    change: Changed<Entered<F>>,
) -> Result<EntryCard<F>, Failure> {
    let (it, records) = change.into_parts();
    let mut all = written(tx, &it)?;
    all.extend([is(it.id), Value::Long(Some(1)), Value::Moment(Some(tx.now()))]);
    all.extend(F::ABOUT.parent.as_ref().map(|_| Value::Uuid(it.parent)));
    let texts = texts::<F>(tx);
    let mut insert = Statement::default().shared(&texts.insert).values(all);
    if let Some(kept) = row::kept::<F>() {
        insert = insert.built(kept).value(Value::Uuid(it.parent)).text(")");
    }
    let insert = insert.text(")").shared(&texts.returning);
    let saved = db!(tx, get_result, insert);
    let row: Row<F> = tx.returned(saved, records)?;
    beside::enter(tx, it.id, &it.form).await?;
    shown(tx, row)?.offered(tx).await
}

/// Saves an entry that was edited, took a step or was annulled, and answers it as it is shown.
pub async fn save_changed<F: Entry>(
    tx: &mut Tx<'_>,
    change: Changed<Entered<F>>,
) -> Result<EntryCard<F>, Failure> {
    let (it, records) = change.into_parts();
    let texts = texts::<F>(tx);
    let update = Statement::default().shared(&texts.update).values(written(tx, &it)?);
    let update = update.text(") WHERE id = ").value(is(it.id)).shared(&texts.returning);
    let saved = db!(tx, get_result, update);
    let row: Row<F> = tx.returned(saved, records)?;
    beside::replace(tx, it.id, &it.form).await?;
    shown(tx, row)?.offered(tx).await
}
