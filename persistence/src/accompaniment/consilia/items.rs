//! Items of consilia: their cards with resolutions and dissents, and their saving.
use super::{acting, judging, missing as no_consilium, of_item, reaches};
use crate::accompaniment::sharing::reaches_case;
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{consilium_dissents as dissents, consilium_items as items};
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::consilia::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Note, Title};
use shape::card;
use std::collections::HashMap;

/// A dissent of a member.
#[card]
pub struct DissentCard {
    /// The number of the member.
    #[schema(minimum = 1, maximum = 30, example = 2)]
    pub member: i32,
    /// The dissent.
    pub text: Note,
    /// The account that recorded it.
    pub made_by_user_id: UserId,
    /// The moment at which it was recorded.
    pub recorded_at: Moment,
}

/// A case on the agenda of a consilium, as every endpoint returns it.
#[card]
pub struct ConsiliumItemCard {
    /// The id of the item.
    pub id: ConsiliumItemId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The consilium.
    pub consilium_id: ConsiliumId,
    /// The place on the agenda, from 0.
    #[schema(minimum = 0, maximum = 10_000, example = 0)]
    pub n: i32,
    /// The case.
    pub case_id: CaseId,
    /// The kind.
    pub kind: ConsiliumKind,
    /// The state.
    pub state: ItemState,
    /// The question.
    pub question: Title,
    /// The account that speaks on it.
    pub speaker_user_id: Option<UserId>,
    /// Documents for the item.
    #[schema(max_items = 10)]
    pub file_ids: Vec<FileId>,
    /// Reports of mentors for the item; those who may read a report read it at its own address.
    #[schema(max_items = 5)]
    pub report_ids: Vec<MentorReportId>,
    /// The last resolution. Its decisions take effect when the consilium is closed.
    pub resolution: Option<ItemResolution>,
    /// Whether the votes carry the resolution.
    pub is_carried: Option<bool>,
    /// The reason for which the item was taken off the agenda.
    pub postponement: Option<Note>,
    /// Dissents, the earliest first.
    #[schema(max_items = 200)]
    pub dissents: Vec<DissentCard>,
    /// Orders that this caller may send to the item now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which it was put on the agenda.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { ConsiliumItemCard in "consilium-items" about ConsiliumItem; }

const QUESTION: &str = "consilium_items.question";
const RESOLUTION: &str = "consilium_items.resolution";
const POSTPONEMENT: &str = "consilium_items.postponement";
const DISSENT: &str = "consilium_dissents.text";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = items)]
pub(super) struct Row {
    id: ConsiliumItemId,
    version: i64,
    consilium_id: ConsiliumId,
    n: i32,
    case_id: CaseId,
    kind: ConsiliumKind,
    question: String,
    speaker_user_id: Option<UserId>,
    file_ids: Json<Vec<FileId>>,
    report_ids: Json<Vec<MentorReportId>>,
    state: ItemState,
    resolution: Option<String>,
    postponement: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = dissents)]
struct DissentRow {
    item_id: ConsiliumItemId,
    n: i32,
    member: i32,
    text: String,
    made_by: UserId,
    recorded_at: Moment,
}

impl Row {
    pub(super) fn whole(&self, tx: &Tx<'_>) -> Result<Item, Failure> {
        let keys = &tx.core.keys;
        let form = ItemForm {
            case_id: self.case_id,
            kind: self.kind,
            question: keys.open(QUESTION, self.id.into(), &self.question)?,
            speaker_user_id: self.speaker_user_id,
            file_ids: self.file_ids.0.clone(),
            report_ids: self.report_ids.0.clone(),
        };
        let resolution = keys.open_some(RESOLUTION, self.id, self.resolution.as_ref())?;
        let note = keys.open_some(POSTPONEMENT, self.id, self.postponement.as_ref())?;
        let postponement = note.map(|note| ItemPostponement { note });
        let Self { id, consilium_id, state, .. } = *self;
        Ok(Item { id, consilium_id, form, state, resolution, postponement })
    }
}

fn missing(id: ConsiliumItemId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::ConsiliumItem, id)))
}

/// The row of one visible item. Every query for one item begins here.
async fn row(tx: &mut Tx<'_>, id: ConsiliumItemId) -> Result<Row, Failure> {
    let one = items::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let is_seen = reaches_case(tx, row.case_id).await? || reaches(tx, row.consilium_id).await?;
    if is_seen { Ok(row) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the item.
pub async fn reaches_item(tx: &mut Tx<'_>, id: ConsiliumItemId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The card of one item.
pub async fn item_card(tx: &mut Tx<'_>, id: ConsiliumItemId) -> Result<ConsiliumItemCard, Failure> {
    let row = row(tx, id).await?;
    let (it, of) = (row.whole(tx)?, of_item(tx, row.consilium_id).await?);
    let room = judging::room(tx).await?;
    let offers = ItemOffers { it: &it, of: &of, room: &room };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::ConsiliumItem, id)).await?;
    let card = shown(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))?;
    Ok(ConsiliumItemCard { available_actions: Some(actions), ..card })
}

/// The cards of rows that the caller sees, with the dissents of all of them.
async fn shown(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<ConsiliumItemCard>, Failure> {
    let ids: Vec<ConsiliumItemId> = rows.iter().map(|it| it.id).collect();
    let theirs = dissents::table.filter(dissents::item_id.eq_any(binds(&ids)));
    let theirs = theirs.order((dissents::item_id, dissents::n));
    let theirs: Vec<DissentRow> = db!(tx, load, theirs.select(DissentRow::as_select()))?;
    let mut of: HashMap<ConsiliumItemId, Vec<DissentCard>> = HashMap::new();
    let opened = theirs.into_iter().map(|it| -> Result<(ConsiliumItemId, DissentCard), Failure> {
        let text = tx.core.keys.open(&place(it.n), it.item_id.into(), &it.text)?;
        let DissentRow { item_id, member, made_by, recorded_at, .. } = it;
        Ok((item_id, DissentCard { member, text, made_by_user_id: made_by, recorded_at }))
    });
    let opened: Vec<(ConsiliumItemId, DissentCard)> = tx.readable(opened)?;
    for (item_id, card) in opened {
        of.entry(item_id).or_default().push(card);
    }
    tx.readable(rows.into_iter().map(|it| item(tx, &it, of.remove(&it.id).unwrap_or_default())))
}

fn item(tx: &Tx<'_>, row: &Row, dissents: Vec<DissentCard>) -> Result<ConsiliumItemCard, Failure> {
    let Item { form, resolution, postponement, .. } = row.whole(tx)?;
    Ok(ConsiliumItemCard {
        id: row.id,
        version: row.version,
        consilium_id: row.consilium_id,
        n: row.n,
        case_id: row.case_id,
        kind: row.kind,
        state: row.state,
        question: form.question,
        speaker_user_id: row.speaker_user_id,
        file_ids: form.file_ids,
        report_ids: form.report_ids,
        is_carried: resolution.as_ref().map(|it| it.votes.carry()),
        resolution,
        postponement: postponement.map(|it| it.note),
        dissents,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The place of a dissent for its seal.
fn place(n: i32) -> String {
    format!("{DISSENT}\0{n}")
}

/// The rows of an agenda, in its order.
pub(super) async fn rows_of(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<Vec<Row>, Failure> {
    let theirs = items::table.filter(items::consilium_id.eq(bind(id))).order(items::n);
    Ok(db!(tx, load, theirs.select(Row::as_select()))?)
}

/// The rows of an agenda about a case, in its order.
pub(super) async fn rows_about(tx: &mut Tx<'_>, id: ConsiliumId, case: CaseId) -> Result<Vec<Row>, Failure> {
    let theirs = items::table.filter(items::consilium_id.eq(bind(id))).filter(items::case_id.eq(bind(case)));
    Ok(db!(tx, load, theirs.order(items::n).select(Row::as_select()))?)
}

/// The cards of an agenda, in its order.
pub(super) async fn all_of(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<Vec<ConsiliumItemCard>, Failure> {
    let rows = rows_of(tx, id).await?;
    shown(tx, rows).await
}

/// The first items of a consilium or of a case.
macro_rules! listed {
    ($tx:expr, $window:expr, $column:ident = $id:expr) => {{
        let rows: Vec<Row> = db!($tx, load, {
            let mut all = items::table
                .filter(items::$column.eq(bind($id)))
                .select(Row::as_select())
                .order(items::id.desc())
                .limit($window.fetch())
                .into_boxed();
            if let Some(after) = $window.after_id() {
                all = all.filter(items::id.lt(bind(after)));
            }
            all
        })?;
        let page = $window.page(rows, |it| Place::id(it.id));
        Ok(Page { items: shown($tx, page.items).await?, next: page.next })
    }};
}

/// The items of a consilium, the newest first.
pub async fn items_of_consilium(
    tx: &mut Tx<'_>,
    id: ConsiliumId,
    window: &Window,
) -> Result<Page<ConsiliumItemCard>, Failure> {
    if !reaches(tx, id).await? {
        return Err(no_consilium(id));
    }
    listed!(tx, window, consilium_id = id)
}

/// The items with which a case came before consilia, the newest first.
pub async fn items_of_case(
    tx: &mut Tx<'_>,
    id: CaseId,
    window: &Window,
) -> Result<Page<ConsiliumItemCard>, Failure> {
    if !reaches_case(tx, id).await? {
        return Err(Failure::NotFound(Some(Subject::new(SubjectKind::Case, id))));
    }
    listed!(tx, window, case_id = id)
}

/// Loads an item that a rule will change, with its consilium and the caller's standing to that.
pub async fn load_item(tx: &mut Tx<'_>, id: ConsiliumItemId) -> Result<(Item, Consilium, Acting), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let of = of_item(tx, row.consilium_id).await?;
    let by = acting(tx, row.consilium_id, of.form()).await?;
    Ok((row.whole(tx)?, of, by))
}

/// Saves a new item at the end of the agenda.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<Item>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let earlier = items::table.filter(items::consilium_id.eq(bind(it.consilium_id)));
    let last: Option<i32> = db!(tx, first, earlier.select(max(items::n)))?;
    let binds_case = it.form.kind != ConsiliumKind::Urgent;
    let question = tx.core.keys.seal(QUESTION, it.id.into(), &it.form.question)?;
    let row = (
        items::id.eq(bind(it.id)),
        items::version.eq(1),
        items::consilium_id.eq(bind(it.consilium_id)),
        items::n.eq(last.map_or(0, |it| it.saturating_add(1))),
        items::case_id.eq(bind(it.form.case_id)),
        items::agenda_case_id.eq(bind(Some(it.form.case_id).filter(|_| binds_case))),
        items::kind.eq(bind(it.form.kind)),
        items::question.eq(bind(question)),
        items::speaker_user_id.eq(bind(it.form.speaker_user_id)),
        items::file_ids.eq(bind(Json(it.form.file_ids))),
        items::report_ids.eq(bind(Json(it.form.report_ids))),
        items::state.eq(bind(ItemState::Open)),
        items::created_at.eq(bind(tx.now())),
        items::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(items::table).values(row))?;
    tx.established(rows, records)
}

/// Saves a resolution or a postponement. An item that was taken off the agenda stays as it is.
pub async fn save_item(tx: &mut Tx<'_>, change: Changed<Item>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let note = it.postponement.as_ref().map(|it| &it.note);
    let binds_case = it.form.kind != ConsiliumKind::Urgent && it.state != ItemState::Postponed;
    let set = (
        items::version.eq(items::version + 1),
        items::state.eq(bind(it.state)),
        items::agenda_case_id.eq(bind(Some(it.form.case_id).filter(|_| binds_case))),
        items::resolution.eq(bind(tx.core.keys.seal_some(RESOLUTION, it.id, it.resolution.as_ref())?)),
        items::postponement.eq(bind(tx.core.keys.seal_some(POSTPONEMENT, it.id, note)?)),
        items::updated_at.eq(bind(tx.now())),
    );
    let open =
        items::table.filter(items::id.eq(bind(it.id))).filter(items::state.ne(bind(ItemState::Postponed)));
    let rows = db!(tx, execute, prepared(diesel::update(open).set(set)))?;
    tx.established(rows, records)
}

/// Saves a dissent. The item takes a new version, since its card shows it.
pub async fn save_dissent(tx: &mut Tx<'_>, change: Changed<Dissenting>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = tx.author()?;
    // The row first: two dissents that meet cross here, and the later one is tried again.
    let set = (items::version.eq(items::version + 1), items::updated_at.eq(bind(tx.now())));
    let rows = db!(tx, execute, prepared(diesel::update(items::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)?;
    let earlier = dissents::table.filter(dissents::item_id.eq(bind(it.id)));
    let last: Option<i32> = db!(tx, first, earlier.select(max(dissents::n)))?;
    let n = last.map_or(1, |it| it.saturating_add(1));
    let row = (
        dissents::item_id.eq(bind(it.id)),
        dissents::n.eq(n),
        dissents::member.eq(it.order.member),
        dissents::text.eq(bind(tx.core.keys.seal(&place(n), it.id.into(), &it.order.text)?)),
        dissents::made_by.eq(bind(by)),
        dissents::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(dissents::table).values(row))?;
    Ok(())
}

/// Lets the cases of a consilium that is over come before another one.
pub(super) async fn release(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<(), Failure> {
    let theirs = items::table.filter(items::consilium_id.eq(bind(id)));
    let free = items::agenda_case_id.eq(bind(None::<CaseId>));
    db!(tx, execute, prepared(diesel::update(theirs).set(free)))?;
    Ok(())
}
