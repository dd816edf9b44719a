//! Annexes of the regulation in the database.
use crate::engine::card::Card;
use crate::engine::column::{Json, any, bind, binds};
use crate::engine::conn::db;
use crate::engine::editions::{in_effect, latest};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::annexes;
use crate::sight::dangling;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::AnnexId;
use domain::base::moment::Moment;
use domain::base::word::Word;
use domain::mentorships::ConsentForm;
use domain::region::annexes::{Annex, AnnexForm, AnnexKind};
use shape::{card, filter};

/// A version of an annex as every endpoint returns it. It never changes.
#[card]
#[derive(Queryable, Selectable)]
#[diesel(table_name = annexes)]
pub struct AnnexCard {
    /// The id of the annex.
    pub id: AnnexId,
    /// The number of the version among the versions of that annex, from 1.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The content of the version.
    #[schema(value_type = AnnexForm)]
    pub form: Json<AnnexForm>,
    /// The moment at which the version was issued.
    pub created_at: Moment,
}

impl Card for AnnexCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/annexes/{}", self.id))
    }
}

/// Filters of the list of annexes.
#[filter]
pub struct AnnexFilter {
    /// Only versions of this annex.
    pub kind: Option<AnyOf<AnnexKind>>,
    /// Only the versions in effect on this day, at most one of each annex.
    #[param(example = "2026-03-01")]
    pub in_force_on: Option<NaiveDate>,
}

/// The visible versions. Every query begins here. An open right reaches all annexes; another right reaches all or
/// none.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = annexes::table.into_boxed();
        if $scope.is_nothing() {
            all = all.filter(annexes::id.eq_any(binds::<AnnexId>(&[])));
        }
        all
    }};
}

/// Whether the right of this transaction reaches the version.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: AnnexId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(annexes::id.eq(bind(id))))))?)
}

/// The names of those of the given versions that the right of this transaction reaches: the annex and its number.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[AnnexId]) -> Result<Vec<(AnnexId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), annexes::id.eq_any(binds(ids)));
    let found: Vec<(AnnexId, AnnexKind, i32)> =
        db!(tx, load, visible!(scope).filter(some).select((annexes::id, annexes::kind, annexes::number)))?;
    Ok(found.into_iter().map(|(id, kind, number)| (id, format!("{}, № {number}", kind.ru()))).collect())
}

/// The card of one version.
pub async fn card(tx: &mut Tx<'_>, id: AnnexId) -> Result<AnnexCard, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(annexes::id.eq(bind(id))).select(AnnexCard::as_select()))
        .optional()?
        .ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::Annex, id))))
}

/// Versions that the caller may see, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &AnnexFilter,
    window: &Window,
) -> Result<Page<AnnexCard>, Failure> {
    let scope = tx.scope().clone();
    let in_force = match filter.in_force_on {
        Some(day) => Some(in_force(tx, day).await?),
        None => None,
    };
    let rows: Vec<AnnexCard> = db!(tx, load, {
        let mut all =
            visible!(scope).select(AnnexCard::as_select()).order(annexes::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(annexes::id.lt(bind(after)));
        }
        if let Some(kind) = &filter.kind {
            all = all.filter(annexes::kind.eq_any(any(kind)));
        }
        if let Some(ids) = &in_force {
            all = all.filter(annexes::id.eq_any(binds(ids)));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

/// The versions in effect on a day: of each annex, the latest one that has taken effect.
async fn in_force(tx: &mut Tx<'_>, on: NaiveDate) -> Result<Vec<AnnexId>, Failure> {
    let mut ids = Vec::new();
    for kind in AnnexKind::ALL {
        ids.extend(in_effect_on(tx, *kind, on).await?);
    }
    Ok(ids)
}

async fn in_effect_on(tx: &mut Tx<'_>, kind: AnnexKind, on: NaiveDate) -> Result<Option<AnnexId>, Failure> {
    let all = annexes::table.filter(annexes::kind.eq(bind(kind)));
    Ok(in_effect!(tx, annexes, all, on, annexes::id))
}

fn annex(it: AnnexCard) -> Annex {
    Annex { id: it.id, number: it.number, form: it.form.0 }
}

/// The latest version of an annex. The next version follows it.
pub async fn latest(tx: &mut Tx<'_>, kind: AnnexKind) -> Result<Option<Annex>, Failure> {
    let all = annexes::table.filter(annexes::kind.eq(bind(kind)));
    let found: Option<AnnexCard> = latest!(tx, annexes, all, AnnexCard::as_select());
    Ok(found.map(annex))
}

/// Loads a version that was filled in. The caller's scope does not limit it.
pub async fn found(tx: &mut Tx<'_>, id: AnnexId) -> Result<Annex, Failure> {
    let it: AnnexCard = db!(tx, first, annexes::table.find(bind(id)).select(AnnexCard::as_select()))?;
    Ok(annex(it))
}

/// Refuses an order that names an annex of another kind, or one that has not taken effect yet.
pub async fn must_be(
    tx: &mut Tx<'_>,
    id: Option<AnnexId>,
    kind: AnnexKind,
    pointer: &str,
) -> Result<(), Failure> {
    let Some(id) = id else { return Ok(()) };
    let such = annexes::table
        .filter(annexes::id.eq(bind(id)))
        .filter(annexes::kind.eq(bind(kind)))
        .filter(annexes::effective_from.le(tx.today()));
    let is_there: bool = db!(tx, get_result, diesel::select(exists(such)))?;
    if is_there { Ok(()) } else { Err(dangling(pointer)) }
}

/// The consent form with the version of annex 3 that was signed: the named one, or the one in effect on the day of
/// signing. Beside it stands the refusal of one that is not there.
pub async fn with_annex(
    tx: &mut Tx<'_>,
    form: &ConsentForm,
) -> Result<(ConsentForm, Result<(), Failure>), Failure> {
    let named = must_be(tx, form.annex_id, AnnexKind::Consent, "/annex_id").await;
    let known = in_effect_on(tx, AnnexKind::Consent, form.signed_on).await?;
    Ok((ConsentForm { annex_id: form.annex_id.or(known), ..form.clone() }, named))
}

/// Saves an issued version, and answers it as it is shown.
pub async fn save_issued(tx: &mut Tx<'_>, change: Changed<Annex>) -> Result<AnnexCard, Failure> {
    let (it, records) = change.into_parts();
    let row = (
        annexes::id.eq(bind(it.id)),
        annexes::kind.eq(bind(it.form.kind)),
        annexes::number.eq(it.number),
        annexes::effective_from.eq(it.form.effective_from),
        annexes::form.eq(bind(Json(it.form))),
        annexes::created_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(annexes::table).values(row);
    let saved = db!(tx, get_result, insert.returning(AnnexCard::as_returning()));
    tx.returned(saved, records)
}
