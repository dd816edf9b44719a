//! Beds out of use in the database.
use super::named_place;
use super::nights::{self, Holder};
use crate::engine::card::cards;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::bed_blocks as blocks;
use crate::sight::{all_of, found_beside, is_found, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BedBlockId, BedId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::help::places::blocks::{BedBlock, BedBlockForm, BedBlockOffers, BlockReason, BlockState};
use domain::help::places::nights::Span;
use shape::{card, filter};

/// A block of a bed, as every endpoint returns it.
#[card]
pub struct BedBlockCard {
    /// The id of the block.
    pub id: BedBlockId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state today.
    pub state: BlockState,
    /// The organization whose bed it is.
    pub organization_id: OrganizationId,
    /// The bed.
    pub bed_id: BedId,
    /// The first night.
    pub from_on: NaiveDate,
    /// The day after the last night.
    pub until_on: NaiveDate,
    /// The reason.
    pub reason: BlockReason,
    /// The reason in words.
    pub note: Option<Note>,
    /// The day on which the bed was given back early.
    pub ended_on: Option<NaiveDate>,
    /// Orders that this caller may send to the block now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of the entering.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { BedBlockCard in "bed-blocks"; }

/// Filters of the list of blocks.
#[filter]
pub struct BedBlockFilter {
    /// Only blocks of this bed.
    pub bed_id: Option<BedId>,
}

const NOTE: &str = "bed_blocks.note";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = blocks)]
struct Row {
    id: BedBlockId,
    version: i64,
    organization_id: OrganizationId,
    bed_id: BedId,
    from_on: NaiveDate,
    until_on: NaiveDate,
    reason: BlockReason,
    note: Option<String>,
    ended_on: Option<NaiveDate>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn whole(&self, tx: &Tx<'_>) -> Result<BedBlock, Failure> {
        let Self { id, bed_id, from_on, until_on, reason, ended_on, .. } = *self;
        let note = tx.core.keys.open_some(NOTE, id, self.note.as_ref())?;
        Ok(BedBlock { id, form: BedBlockForm { bed_id, from_on, until_on, reason, note }, ended_on })
    }
}

fn missing(id: BedBlockId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::BedBlock, id)))
}

/// One visible block. Every query for one block begins here.
async fn row(tx: &mut Tx<'_>, id: BedBlockId) -> Result<Row, Failure> {
    let one = blocks::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    if tx.scope().answers_for(row.organization_id) { Ok(row) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the block.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: BedBlockId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

fn shown(tx: &Tx<'_>, row: Row) -> Result<BedBlockCard, Failure> {
    let it = row.whole(tx)?;
    Ok(BedBlockCard {
        id: row.id,
        version: row.version,
        state: it.state(tx.today()),
        organization_id: row.organization_id,
        bed_id: row.bed_id,
        from_on: row.from_on,
        until_on: row.until_on,
        reason: row.reason,
        note: it.form.note,
        ended_on: row.ended_on,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The card of one block.
pub async fn card(tx: &mut Tx<'_>, id: BedBlockId) -> Result<BedBlockCard, Failure> {
    let row = row(tx, id).await?;
    let card = shown(tx, row)?;
    let offers = BedBlockOffers { state: card.state };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::BedBlock, id)).await?;
    Ok(BedBlockCard { available_actions: Some(actions), ..card })
}

/// Blocks of beds of the organizations of the caller, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &BedBlockFilter,
    window: &Window,
) -> Result<Page<BedBlockCard>, Failure> {
    let ways: Vec<Option<OrganizationId>> = match tx.scope().everything {
        true => vec![None],
        false => tx.scope().organizations.iter().copied().map(Some).collect(),
    };
    let mut rows: Vec<Row> = Vec::new();
    for way in ways {
        let found: Vec<Row> = db!(tx, load, {
            let mut all = blocks::table.select(Row::as_select()).order(blocks::id.desc()).into_boxed();
            if let Some(of) = way {
                all = all.filter(blocks::organization_id.eq(bind(of)));
            }
            if let Some(bed) = filter.bed_id {
                all = all.filter(blocks::bed_id.eq(bind(bed)));
            }
            if let Some(after) = window.after_id() {
                all = all.filter(blocks::id.lt(bind(after)));
            }
            all.limit(window.fetch())
        })?;
        rows.extend(found);
    }
    let page = window.page(window.first_of(rows, false, |it| it.id), |it| Place::id(it.id));
    Ok(Page { items: tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?, next: page.next })
}

/// Takes a bed out of use.
pub async fn begin(tx: &mut Tx<'_>, form: &BedBlockForm) -> Result<BedBlockId, Failure> {
    let span = Span::new(form.from_on, form.until_on);
    let possible = vec![span.must_be_possible().map_err(Failure::from)];
    let ((of, _), possible) = found_beside(named_place(tx, form.bed_id, "/bed_id").await, possible)?;
    all_of(possible)?;
    let taken = nights::taken(tx, &of, span).await?;
    let begun = BedBlock::begin(tx.mint(), form, &taken, tx.today())?;
    let (it, records) = begun.into_parts();
    let row = (
        blocks::id.eq(bind(it.id)),
        blocks::version.eq(1),
        blocks::organization_id.eq(bind(of.organization_id)),
        blocks::bed_id.eq(bind(form.bed_id)),
        blocks::from_on.eq(form.from_on),
        blocks::until_on.eq(form.until_on),
        blocks::reason.eq(bind(form.reason)),
        blocks::note.eq(bind(tx.core.keys.seal_some(NOTE, it.id, form.note.as_ref())?)),
        blocks::created_at.eq(bind(tx.now())),
        blocks::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(blocks::table).values(row))?;
    tx.established(rows, records)?;
    nights::occupy(tx, &of, Holder::Block(it.id), None, span).await?;
    Ok(it.id)
}

/// Loads a block that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: BedBlockId) -> Result<BedBlock, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    row.whole(tx)
}

/// Saves the end of a block: the nights from today on are free. Answers the bed.
pub async fn save_ended(tx: &mut Tx<'_>, change: Changed<BedBlock>) -> Result<BedId, Failure> {
    let (it, records) = change.into_parts();
    let set = (
        blocks::version.eq(blocks::version + 1),
        blocks::ended_on.eq(it.ended_on),
        blocks::updated_at.eq(bind(tx.now())),
    );
    let running = blocks::table.find(bind(it.id)).filter(blocks::ended_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(running).set(set)))?;
    tx.established(rows, records)?;
    nights::free(tx, Holder::Block(it.id), tx.today()).await?;
    Ok(it.form.bed_id)
}
