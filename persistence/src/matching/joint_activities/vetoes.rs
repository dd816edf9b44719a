//! Vetoes in the database. Those who see the beneficiary as staff see them. The mentor and the beneficiary of the
//! pair do not, even with other roles.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::vetoes;
use crate::people;
use crate::sight::Own;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MentorId, MentorshipId, VetoId};
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::matching::joint_activities::vetoes::*;
use shape::{card, filter};

/// A veto as every endpoint returns it.
#[card]
pub struct VetoCard {
    /// The id of the veto.
    pub id: VetoId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The side that objects.
    pub made_by: VetoSide,
    /// The reason for the veto.
    pub reason: VetoReason,
    /// The note about the veto.
    pub note: Option<Note>,
    /// The declined mentorship that created the veto.
    pub mentorship_id: Option<MentorshipId>,
    /// The day of the veto.
    pub made_on: NaiveDate,
    /// The day on which the veto was lifted.
    pub lifted_on: Option<NaiveDate>,
    /// The reason for lifting the veto.
    pub lifting_reason: Option<Note>,
    /// Orders that this caller may send to the veto now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the veto was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for VetoCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/vetoes/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let mentor = Subject::new(SubjectKind::Mentor, self.mentor_id);
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id), mentor]
    }
}

/// Filters of the list of vetoes.
#[filter]
pub struct VetoFilter {
    /// `true`: only lifted vetoes. `false`: only standing vetoes.
    pub lifted: Option<bool>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = vetoes)]
struct Row {
    id: VetoId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    mentor_id: MentorId,
    made_by_side: VetoSide,
    reason: VetoReason,
    note: Option<String>,
    mentorship_id: Option<MentorshipId>,
    made_on: NaiveDate,
    lifted_on: Option<NaiveDate>,
    lifting_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

const NOTE: &str = "vetoes.note";
const LIFTING_REASON: &str = "vetoes.lifting_reason";

impl Row {
    fn shown(self, tx: &Tx<'_>) -> Result<VetoCard, Failure> {
        let keys = &tx.core.keys;
        Ok(VetoCard {
            note: keys.open_some(NOTE, self.id, self.note)?,
            lifting_reason: keys.open_some(LIFTING_REASON, self.id, self.lifting_reason)?,
            id: self.id,
            version: self.version,
            beneficiary_id: self.beneficiary_id,
            mentor_id: self.mentor_id,
            made_by: self.made_by_side,
            reason: self.reason,
            mentorship_id: self.mentorship_id,
            made_on: self.made_on,
            lifted_on: self.lifted_on,
            available_actions: None,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

fn missing(id: VetoId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Veto, id)))
}

/// Whether the right of this transaction reaches the veto.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: VetoId) -> Result<bool, Failure> {
    crate::sight::is_found(row(tx, id).await)
}

/// The row of a visible veto. Not found if the right of this transaction does not reach the beneficiary, or if the
/// caller is one of the pair.
async fn row(tx: &mut Tx<'_>, id: VetoId) -> Result<Row, Failure> {
    let one = vetoes::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let is_hidden = Own::of(tx).is_of(row.beneficiary_id, row.mentor_id);
    let is_reached = !is_hidden && people::reaches_beneficiary(tx, row.beneficiary_id).await?;
    if is_reached { Ok(row) } else { Err(missing(id)) }
}

/// The card of one veto.
pub async fn card(tx: &mut Tx<'_>, id: VetoId) -> Result<VetoCard, Failure> {
    let row = row(tx, id).await?;
    let before = tx.use_scope_of(Right::MakeVeto);
    let lifts = people::reaches_beneficiary(tx, row.beneficiary_id).await;
    tx.restore_scope(before);
    let (lifts, offers) = (lifts?, VetoOffers { is_lifted: row.lifted_on.is_some() });
    let mut card = row.shown(tx)?;
    card.available_actions = Some(available(&offers, id, Judged::Whole, |_| lifts, |_| true));
    Ok(card)
}

/// The vetoes against mentors of a beneficiary, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    filter: &VetoFilter,
    window: &Window,
) -> Result<Page<VetoCard>, Failure> {
    let own_mentor = tx.scope().own_mentor;
    if Own::of(tx).is(of) || !people::reaches_beneficiary(tx, of).await? {
        return Err(Failure::NotFound(Some(Subject::new(SubjectKind::Beneficiary, of))));
    }
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = vetoes::table
            .filter(vetoes::beneficiary_id.eq(bind(of)))
            .select(Row::as_select())
            .order(vetoes::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(own) = own_mentor {
            all = all.filter(vetoes::mentor_id.ne(bind(own)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(vetoes::id.lt(bind(after)));
        }
        match filter.lifted {
            Some(true) => all = all.filter(vetoes::lifted_on.is_not_null()),
            Some(false) => all = all.filter(vetoes::lifted_on.is_null()),
            None => {}
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let cards = tx.readable(page.items.into_iter().map(|it| it.shown(tx)))?;
    Ok(Page { items: cards, next: page.next })
}

async fn stands(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    mentor: MentorId,
    side: VetoSide,
) -> Result<bool, Failure> {
    let same = vetoes::table
        .filter(vetoes::beneficiary_id.eq(bind(beneficiary)))
        .filter(vetoes::mentor_id.eq(bind(mentor)))
        .filter(vetoes::made_by_side.eq(bind(side)))
        .filter(vetoes::lifted_on.is_null());
    Ok(db!(tx, get_result, diesel::select(exists(same)))?)
}

/// The facts that rules judge when a veto is made about a beneficiary whom the right of this transaction reaches. No veto is told of where
/// the caller does not see the mentor.
pub async fn facts(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    form: &VetoForm,
    seen: &Result<(), Failure>,
) -> Result<VetoFacts, Failure> {
    if !people::reaches_beneficiary(tx, of).await? {
        return Err(Failure::NotFound(Some(Subject::new(SubjectKind::Beneficiary, of))));
    }
    let is_own = Own::of(tx).is_of(of, form.mentor_id);
    let stands = seen.is_ok() && stands(tx, of, form.mentor_id, form.made_by).await?;
    Ok(VetoFacts { is_own, stands })
}

/// Loads a veto that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: VetoId) -> Result<AnyVeto, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    if row.lifted_on.is_some() {
        return Ok(AnyVeto::Lifted);
    }
    let form = VetoForm {
        mentor_id: row.mentor_id,
        made_by: row.made_by_side,
        reason: row.reason,
        note: tx.core.keys.open_some(NOTE, row.id, row.note)?,
    };
    let (id, beneficiary_id, mentorship_id) = (row.id, row.beneficiary_id, row.mentorship_id);
    Ok(AnyVeto::Standing(Veto { id, beneficiary_id, form, mentorship_id, made_on: row.made_on }))
}

/// Saves a new veto. A declined mentorship creates none if a veto of the same side already stands.
pub async fn save_made(tx: &mut Tx<'_>, change: Changed<Veto>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let form = it.form;
    if it.mentorship_id.is_some() && stands(tx, it.beneficiary_id, form.mentor_id, form.made_by).await? {
        return Ok(());
    }
    let row = (
        vetoes::id.eq(bind(it.id)),
        vetoes::version.eq(1),
        vetoes::beneficiary_id.eq(bind(it.beneficiary_id)),
        vetoes::mentor_id.eq(bind(form.mentor_id)),
        vetoes::made_by_side.eq(bind(form.made_by)),
        vetoes::reason.eq(bind(form.reason)),
        vetoes::note.eq(bind(tx.core.keys.seal_some(NOTE, it.id, form.note.as_ref())?)),
        vetoes::mentorship_id.eq(bind(it.mentorship_id)),
        vetoes::made_on.eq(it.made_on),
        vetoes::created_at.eq(bind(tx.now())),
        vetoes::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(vetoes::table).values(row))?;
    tx.established(rows, records)
}

/// Saves a lifted veto.
pub async fn save_lifted(tx: &mut Tx<'_>, change: Changed<LiftedVeto>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(LIFTING_REASON, it.id, Some(&it.reason))?;
    let set = (
        vetoes::version.eq(vetoes::version + 1),
        vetoes::lifted_on.eq(Some(it.lifted_on)),
        vetoes::lifting_reason.eq(bind(reason)),
        vetoes::updated_at.eq(bind(tx.now())),
    );
    let standing = vetoes::table.filter(vetoes::id.eq(bind(it.id))).filter(vetoes::lifted_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(standing).set(set)))?;
    tx.established(rows, records)
}
