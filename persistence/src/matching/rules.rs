//! Editions of the rules of matching in the database. Those who may see the program may see its rules.
use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::editions::{in_effect, latest};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::matching_rules;
use crate::region::programs;
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{MatchingRulesId, ProgramId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::MISSING;
use domain::matching::{MatchingRules, MatchingRulesEdition, MatchingRulesForm};
use domain::region::programs::EditionDifference;
use shape::card;

/// An edition of the rules of matching as every endpoint returns it. It never changes.
#[card]
#[derive(Queryable, Selectable)]
#[diesel(table_name = matching_rules)]
pub struct MatchingRulesCard {
    /// The id of the matching rules.
    pub id: MatchingRulesId,
    /// The program of the rules.
    pub program_id: ProgramId,
    /// The number of the edition among the editions of the program's rules, from 1.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The content of the edition.
    #[schema(value_type = MatchingRulesForm)]
    pub form: Json<MatchingRulesForm>,
    /// The moment at which the edition was issued.
    pub created_at: Moment,
}

impl Card for MatchingRulesCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/matching-rules/{}", self.id))
    }
}

/// The differences between two editions of the rules of matching of a program.
#[card]
pub struct MatchingRulesComparison {
    /// The program of both editions.
    pub program_id: ProgramId,
    /// The edition whose values are `before`.
    pub rules_id: MatchingRulesId,
    /// The edition whose values are `after`.
    pub with: MatchingRulesId,
    /// Every member with different values, in the order of the form.
    #[schema(max_items = 100)]
    pub differences: Vec<EditionDifference>,
}

/// The comparison is computed from editions, which never change, so it has no version.
impl Card for MatchingRulesComparison {}

/// Whether the right of this transaction reaches the edition, as it reaches its program.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: MatchingRulesId) -> Result<bool, Failure> {
    is_found(card(tx, id).await)
}

/// The names of those of the given editions whose programs the right of this transaction reaches: number and first day.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[MatchingRulesId],
) -> Result<Vec<(MatchingRulesId, String)>, Failure> {
    type Found = (MatchingRulesId, ProgramId, i32, NaiveDate);
    let some = matching_rules::table.filter(matching_rules::id.eq_any(binds(ids)));
    let columns = (
        matching_rules::id,
        matching_rules::program_id,
        matching_rules::number,
        matching_rules::effective_from,
    );
    let found: Vec<Found> = db!(tx, load, some.select(columns))?;
    let of: Vec<ProgramId> = found.iter().map(|it| it.1).collect();
    let seen = programs::names(tx, &of).await?;
    let seen = found.into_iter().filter(|it| seen.iter().any(|(program, _)| *program == it.1));
    Ok(seen.map(|(id, _, number, day)| (id, programs::edition_name(number, day))).collect())
}

/// The card of one edition of the rules.
pub async fn card(tx: &mut Tx<'_>, id: MatchingRulesId) -> Result<MatchingRulesCard, Failure> {
    let it = found(tx, id).await?;
    if programs::reaches(tx, it.program_id).await? { Ok(it) } else { Err(missing(id)) }
}

fn missing(id: MatchingRulesId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::MatchingRules, id)))
}

/// The edition of the rules, if the right of this transaction reaches it.
pub(super) async fn found(tx: &mut Tx<'_>, id: MatchingRulesId) -> Result<MatchingRulesCard, Failure> {
    let one = matching_rules::table.find(bind(id));
    let found = db!(tx, first, one.select(MatchingRulesCard::as_select())).optional()?;
    found.ok_or_else(|| missing(id))
}

/// The editions of a program's rules, the latest first.
pub async fn list(
    tx: &mut Tx<'_>,
    program: ProgramId,
    window: &Window,
) -> Result<Page<MatchingRulesCard>, Failure> {
    programs::card(tx, program).await?;
    let rows: Vec<MatchingRulesCard> = db!(tx, load, {
        let mut all = matching_rules::table
            .filter(matching_rules::program_id.eq(bind(program)))
            .select(MatchingRulesCard::as_select())
            .order(matching_rules::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(matching_rules::id.lt(bind(after)));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

/// Compares two editions member by member.
pub async fn comparison(
    tx: &mut Tx<'_>,
    id: MatchingRulesId,
    with: Option<MatchingRulesId>,
) -> Result<MatchingRulesComparison, Failure> {
    let before = edition(card(tx, id).await?);
    let with = with.ok_or_else(|| Refused::from(MISSING.reason().at("/with")))?;
    let after = edition(card(tx, with).await?);
    let differences = before.compare(&after)?;
    Ok(MatchingRulesComparison { program_id: before.program_id, rules_id: id, with, differences })
}

fn edition(it: MatchingRulesCard) -> MatchingRulesEdition {
    MatchingRulesEdition { id: it.id, program_id: it.program_id, number: it.number, form: it.form.0 }
}

/// The latest edition of a program's rules. The next edition follows it.
pub async fn latest(tx: &mut Tx<'_>, program: ProgramId) -> Result<Option<MatchingRulesEdition>, Failure> {
    let all = matching_rules::table.filter(matching_rules::program_id.eq(bind(program)));
    let found: Option<MatchingRulesCard> = latest!(tx, matching_rules, all, MatchingRulesCard::as_select());
    Ok(found.map(edition))
}

/// The rules of a program on a day: the edition in effect, or the default rules of the product.
pub async fn in_effect(
    tx: &mut Tx<'_>,
    program: ProgramId,
    on: NaiveDate,
) -> Result<(Option<MatchingRulesId>, MatchingRules), Failure> {
    let all = matching_rules::table.filter(matching_rules::program_id.eq(bind(program)));
    let latest: Option<MatchingRulesCard> =
        in_effect!(tx, matching_rules, all, on, MatchingRulesCard::as_select());
    Ok(latest.map_or_else(|| (None, MatchingRules::default()), |it| (Some(it.id), it.form.0.rules)))
}

/// Saves an issued edition of the rules.
pub async fn save_issued(
    tx: &mut Tx<'_>,
    change: Changed<MatchingRulesEdition>,
) -> Result<MatchingRulesCard, Failure> {
    let (it, records) = change.into_parts();
    let row = (
        matching_rules::id.eq(bind(it.id)),
        matching_rules::program_id.eq(bind(it.program_id)),
        matching_rules::number.eq(it.number),
        matching_rules::effective_from.eq(it.form.effective_from),
        matching_rules::form.eq(bind(Json(it.form))),
        matching_rules::created_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(matching_rules::table).values(row);
    let saved = db!(tx, get_result, insert.returning(MatchingRulesCard::as_returning()));
    tx.returned(saved, records)
}
