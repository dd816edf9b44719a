//! Removals of mentors, their lifting, and the grounds that may lead to them.
use crate::engine::card::cards;
use crate::engine::column::{any, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{mentors, people, removal_grounds, removals};
use crate::people::no_self_is_dead;
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::decree::Decree;
use domain::base::filters::any::AnyOf;
use domain::base::id::{FileId, MentorId, RemovalGroundId, RemovalId};
use domain::base::moment::Moment;
use domain::base::text::{Note, OrderNumber};
use domain::mentors::{
    ClosedGround, Lifted, Mentor, Removal, RemovalGround, RemovalGroundForm, RemovalGroundState, Removed,
};
use shape::{card, filter};
use std::collections::HashMap;
use uuid::Uuid;

/// A removal of a mentor as every endpoint returns it, in force or lifted.
#[card]
pub struct RemovalCard {
    /// The id of the removal.
    pub id: RemovalId,
    /// The removed mentor.
    pub mentor_id: MentorId,
    /// The first day on which the mentor has no right to mentor.
    pub removed_on: NaiveDate,
    /// The director's decree that removed the mentor.
    pub decree: Decree,
    /// The first day on which the mentor has the right to mentor again.
    pub lifted_on: Option<NaiveDate>,
    /// The decree that lifted the removal.
    pub lifting_decree: Option<Decree>,
    /// The moment at which the removal was recorded.
    pub recorded_at: Moment,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = removals)]
struct RemovalRow {
    id: RemovalId,
    mentor_id: MentorId,
    removed_on: NaiveDate,
    order_number: OrderNumber,
    order_date: NaiveDate,
    lifted_on: Option<NaiveDate>,
    lifting_order_number: Option<OrderNumber>,
    lifting_order_date: Option<NaiveDate>,
    recorded_at: Moment,
}

impl From<RemovalRow> for RemovalCard {
    fn from(it: RemovalRow) -> Self {
        Self {
            id: it.id,
            mentor_id: it.mentor_id,
            removed_on: it.removed_on,
            decree: Decree { number: it.order_number, date: it.order_date },
            lifted_on: it.lifted_on,
            lifting_decree: Decree::of(it.lifting_order_number, it.lifting_order_date),
            recorded_at: it.recorded_at,
        }
    }
}

impl crate::engine::card::Card for RemovalCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Mentor, self.mentor_id)]
    }
}

/// A ground for the removal of a mentor as every endpoint returns it.
#[card]
pub struct RemovalGroundCard {
    /// The id of the removal ground.
    pub id: RemovalGroundId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The mentor that the ground is about.
    pub mentor_id: MentorId,
    /// The state of the removal ground.
    pub state: RemovalGroundState,
    /// The day on which the ground arose.
    pub arisen_on: NaiveDate,
    /// A description of the event.
    pub text: Note,
    /// The file of the document that proves the ground.
    pub document_file_id: Option<FileId>,
    /// The day on which the ground was dismissed or led to the removal.
    pub closed_on: Option<NaiveDate>,
    /// The reason for the dismissal.
    pub closing_text: Option<Note>,
    /// Orders that this caller may send to the ground now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the ground was reported.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { RemovalGroundCard in "removal-grounds" about RemovalGround; }

#[derive(Queryable, Selectable)]
#[diesel(table_name = removal_grounds)]
struct Row {
    id: RemovalGroundId,
    version: i64,
    mentor_id: MentorId,
    state: RemovalGroundState,
    arisen_on: NaiveDate,
    text: String,
    file_id: Option<FileId>,
    closed_on: Option<NaiveDate>,
    closing_text: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

const TEXT: &str = "removal_grounds.text";
const CLOSING_TEXT: &str = "removal_grounds.closing_text";

fn shown(tx: &Tx<'_>, it: Row) -> Result<RemovalGroundCard, Failure> {
    Ok(RemovalGroundCard {
        id: it.id,
        version: it.version,
        mentor_id: it.mentor_id,
        state: it.state,
        arisen_on: it.arisen_on,
        text: tx.core.keys.open(TEXT, Uuid::from(it.id), &it.text)?,
        document_file_id: it.file_id,
        closed_on: it.closed_on,
        closing_text: tx.core.keys.open_some(CLOSING_TEXT, it.id, it.closing_text.as_ref())?,
        available_actions: None,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

fn ground(it: RemovalGroundCard) -> RemovalGround {
    let form =
        RemovalGroundForm { arisen_on: it.arisen_on, text: it.text, document_file_id: it.document_file_id };
    RemovalGround { id: it.id, mentor_id: it.mentor_id, form }
}

/// The removals in force of the given mentors.
pub(super) async fn standing(
    tx: &mut Tx<'_>,
    ids: &[MentorId],
) -> Result<HashMap<MentorId, Removal>, Failure> {
    let theirs = removals::table
        .filter(removals::mentor_id.eq_any(binds(ids)))
        .filter(removals::lifted_on.is_null())
        .select((removals::mentor_id, removals::removed_on, removals::order_number, removals::order_date));
    let rows: Vec<(MentorId, NaiveDate, OrderNumber, NaiveDate)> = db!(tx, load, theirs)?;
    let removal =
        |(id, removed_on, number, date)| (id, Removal { removed_on, decree: Decree { number, date } });
    Ok(rows.into_iter().map(removal).collect())
}

/// The removals of a mentor, the latest first.
pub async fn list(tx: &mut Tx<'_>, mentor: MentorId, window: &Window) -> Result<Page<RemovalCard>, Failure> {
    super::must_answer_for(tx, mentor).await?;
    let rows: Vec<RemovalRow> = db!(tx, load, {
        let mut all = removals::table
            .filter(removals::mentor_id.eq(bind(mentor)))
            .select(RemovalRow::as_select())
            .order(removals::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(removals::id.lt(bind(RemovalId::from(after))));
        }
        all
    })?;
    Ok(window.page(rows.into_iter().map(RemovalCard::from).collect(), |it: &RemovalCard| Place::id(it.id)))
}

/// Whether the mentor has a ground that is not decided yet.
pub(crate) async fn has_open_grounds(tx: &mut Tx<'_>, mentor: MentorId) -> Result<bool, Failure> {
    let open = removal_grounds::table
        .filter(removal_grounds::mentor_id.eq(bind(mentor)))
        .filter(removal_grounds::state.eq(bind(RemovalGroundState::Open)));
    Ok(db!(tx, get_result, diesel::select(exists(open)))?)
}

/// Filters of the lists of grounds.
#[filter]
pub struct RemovalGroundFilter {
    /// Only grounds in this state.
    pub state: Option<AnyOf<RemovalGroundState>>,
    /// Only grounds that arose on this day or later.
    pub from: Option<NaiveDate>,
    /// Only grounds that arose on this day or earlier.
    pub to: Option<NaiveDate>,
}

/// The grounds reported against a mentor, or against all mentors for whom the caller answers, the latest first.
pub async fn list_grounds(
    tx: &mut Tx<'_>,
    mentor: Option<MentorId>,
    filter: &RemovalGroundFilter,
    window: &Window,
) -> Result<Page<RemovalGroundCard>, Failure> {
    grounds(tx, mentor, filter, false, window).await
}

/// The open grounds against living mentors for whom the caller answers, the latest first. Nobody removes the dead.
pub(crate) async fn to_decide(tx: &mut Tx<'_>, window: &Window) -> Result<Page<RemovalGroundCard>, Failure> {
    let state = Some(AnyOf::from_iter([RemovalGroundState::Open]));
    grounds(tx, None, &RemovalGroundFilter { state, ..Default::default() }, true, window).await
}

async fn grounds(
    tx: &mut Tx<'_>,
    mentor: Option<MentorId>,
    filter: &RemovalGroundFilter,
    of_the_living: bool,
    window: &Window,
) -> Result<Page<RemovalGroundCard>, Failure> {
    if let Some(mentor) = mentor {
        super::must_answer_for(tx, mentor).await?;
    }
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = removal_grounds::table
            .select(Row::as_select())
            .order(removal_grounds::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(removal_grounds::id.lt(bind(RemovalGroundId::from(after))));
        }
        match mentor {
            Some(mentor) => all = all.filter(removal_grounds::mentor_id.eq(bind(mentor))),
            None => {
                let seen = super::answered!(scope).select(mentors::id);
                all = all.filter(removal_grounds::mentor_id.eq_any(seen));
            }
        }
        if let Some(state) = &filter.state {
            all = all.filter(removal_grounds::state.eq_any(any(state)));
        }
        if of_the_living {
            let living = mentors::table
                .inner_join(people::table)
                .filter(mentors::id.eq(removal_grounds::mentor_id))
                .filter(people::died_on.is_null())
                .filter(no_self_is_dead());
            all = all.filter(exists(living));
        }
        if let Some(from) = filter.from {
            all = all.filter(removal_grounds::arisen_on.ge(from));
        }
        if let Some(to) = filter.to {
            all = all.filter(removal_grounds::arisen_on.le(to));
        }
        all
    })?;
    let cards = tx.readable(rows.into_iter().map(|it| shown(tx, it)))?;
    Ok(window.page(cards, |it: &RemovalGroundCard| Place::id(it.id)))
}

/// Whether the right of this transaction reaches the ground: it must answer for the mentor.
pub(crate) async fn reaches_ground(tx: &mut Tx<'_>, id: RemovalGroundId) -> Result<bool, Failure> {
    is_found(ground_card(tx, id).await)
}

/// The card of one ground.
pub async fn ground_card(tx: &mut Tx<'_>, id: RemovalGroundId) -> Result<RemovalGroundCard, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::RemovalGround, id)));
    let one = removal_grounds::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(missing)?;
    match super::must_answer_for(tx, row.mentor_id).await {
        Err(Failure::NotFound(_)) => Err(missing()),
        Err(other) => Err(other),
        Ok(_) => {
            let actions = super::actions::of_ground(tx, id, row.mentor_id, row.state).await?;
            Ok(RemovalGroundCard { available_actions: Some(actions), ..shown(tx, row)? })
        }
    }
}

/// Loads a ground that a rule will close.
pub async fn load_ground(tx: &mut Tx<'_>, id: RemovalGroundId) -> Result<RemovalGround, Failure> {
    let it = ground_card(tx, id).await?;
    tx.expect(it.version)?;
    let state = it.state;
    Ok(ground(it).still_open(state)?)
}

/// Saves a reported ground.
pub async fn save_opened(tx: &mut Tx<'_>, change: Changed<RemovalGround>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let row = (
        removal_grounds::id.eq(bind(it.id)),
        removal_grounds::version.eq(1),
        removal_grounds::mentor_id.eq(bind(it.mentor_id)),
        removal_grounds::state.eq(bind(RemovalGroundState::Open)),
        removal_grounds::arisen_on.eq(it.form.arisen_on),
        removal_grounds::text.eq(bind(tx.core.keys.seal(TEXT, Uuid::from(it.id), &it.form.text)?)),
        removal_grounds::file_id.eq(bind(it.form.document_file_id)),
        removal_grounds::created_at.eq(bind(tx.now())),
        removal_grounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(removal_grounds::table).values(row))?;
    tx.established(rows, records)
}

/// Saves a closed ground.
pub async fn save_closed(tx: &mut Tx<'_>, change: Changed<ClosedGround>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let text = tx.core.keys.seal_some(CLOSING_TEXT, it.id, it.text.as_ref())?;
    let set = (
        removal_grounds::version.eq(removal_grounds::version + 1),
        removal_grounds::state.eq(bind(it.state)),
        removal_grounds::closed_on.eq(Some(it.closed_on)),
        removal_grounds::closing_text.eq(bind(text)),
        removal_grounds::updated_at.eq(bind(tx.now())),
    );
    let one = removal_grounds::table.find(bind(it.id));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}

/// Removes a mentor: upholds every open ground and ends every mentorship of the mentor (002 §3.11.2).
pub async fn save_removed(tx: &mut Tx<'_>, change: Changed<Removed>) -> Result<(), Failure> {
    let (Removed { id, mentor, removal }, records) = change.into_parts();
    let row = (
        removals::id.eq(bind(id)),
        removals::mentor_id.eq(bind(mentor.id)),
        removals::removed_on.eq(removal.removed_on),
        removals::order_number.eq(bind(removal.decree.number.clone())),
        removals::order_date.eq(removal.decree.date),
        removals::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(removals::table).values(row))?;
    let rows = touch(tx, &mentor).await?;
    tx.established(rows, records)?;
    let open = removal_grounds::table
        .filter(removal_grounds::mentor_id.eq(bind(mentor.id)))
        .filter(removal_grounds::state.eq(bind(RemovalGroundState::Open)))
        .order(removal_grounds::id);
    let grounds: Vec<Row> = db!(tx, load, open.select(Row::as_select()))?;
    for it in grounds {
        let upheld = ground(shown(tx, it)?).uphold(tx.today());
        save_closed(tx, upheld).await?;
    }
    tx.above().mentor_removed(tx, &mentor, &removal).await
}

/// Saves a lifted removal.
pub async fn save_lifted(tx: &mut Tx<'_>, change: Changed<Lifted>) -> Result<(), Failure> {
    let (Lifted { mentor, lifting: it }, records) = change.into_parts();
    let standing =
        removals::table.filter(removals::mentor_id.eq(bind(mentor.id))).filter(removals::lifted_on.is_null());
    let set = (
        removals::lifted_on.eq(Some(it.lifted_on)),
        removals::lifting_order_number.eq(bind(Some(it.decree.number))),
        removals::lifting_order_date.eq(Some(it.decree.date)),
    );
    db!(tx, execute, prepared(diesel::update(standing).set(set)))?;
    let rows = touch(tx, &mentor).await?;
    tx.established(rows, records)
}

/// Raises the version of the mentor, because the mentor's card shows the removal.
async fn touch(tx: &mut Tx<'_>, it: &Mentor) -> Result<usize, Failure> {
    let set = (mentors::version.eq(mentors::version + 1), mentors::updated_at.eq(bind(tx.now())));
    Ok(db!(tx, execute, prepared(diesel::update(mentors::table.find(bind(it.id))).set(set)))?)
}
