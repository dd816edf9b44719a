//! Reviews of cases at an age.
//!
//! Nothing is stored but completions: what is due follows from them, birth dates and terms at each read.
use super::changes::open_case;
use super::{missing, reaches};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, case_reviews, cases, people};
use crate::region::terms::Terms;
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use domain::accompaniment::cases::grounds::CaseKind;
use domain::accompaniment::cases::reviews::{
    CompletedReview, ContinuationGround, ReviewKind, ReviewOutcome, ReviewTerms, Reviewed, Reviews,
};
use domain::accompaniment::cases::{CaseState, Open};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, CaseReviewId, UserId};
use domain::base::moment::{Moment, born_by};
use domain::base::text::Note;
use domain::people::{CLOSING_YEARS, COMING_OF_AGE_YEARS};
use shape::card;

/// A completed review of a case. It never changes.
#[card]
pub struct CaseReviewCard {
    /// The id of the completed review.
    pub id: CaseReviewId,
    /// The case that was reviewed.
    pub case_id: CaseId,
    /// The kind of the review.
    pub kind: ReviewKind,
    /// The day that the review was about.
    pub anchor_on: NaiveDate,
    /// The outcome.
    pub outcome: ReviewOutcome,
    /// The findings and the decision.
    pub note: Option<Note>,
    /// The ground on which the accompaniment goes on.
    pub ground: Option<ContinuationGround>,
    /// The day until which the accompaniment goes on.
    pub continue_until: Option<NaiveDate>,
    /// The day of the completion.
    pub completed_on: NaiveDate,
    /// The account that recorded it.
    pub made_by_user_id: UserId,
    /// The moment at which the completion was entered.
    pub created_at: Moment,
}

impl Card for CaseReviewCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Case, self.case_id)]
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = case_reviews)]
struct Line {
    id: CaseReviewId,
    case_id: CaseId,
    kind: ReviewKind,
    anchor_on: NaiveDate,
    outcome: ReviewOutcome,
    note: Option<String>,
    ground: Option<ContinuationGround>,
    continue_until: Option<NaiveDate>,
    completed_on: NaiveDate,
    made_by: UserId,
    created_at: Moment,
}

const NOTE: &str = "case_reviews.note";

/// The latest birth date of those whose birthday of that age is within the lead of a review, and the day until which that is.
pub(super) fn prepared_until(terms: &Terms, kind: ReviewKind, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let until = terms.due(kind.lead_term(), today).unwrap_or(NaiveDate::MAX);
    let years = match kind {
        ReviewKind::ComingOfAge => COMING_OF_AGE_YEARS,
        ReviewKind::Closing => CLOSING_YEARS,
    };
    (born_by(until, years), until)
}

/// The condition that a review of a case is due, as [`Reviews::due`] tells it. It is false of a family, which has no birth date.
macro_rules! review_due {
    ($terms:expr, $today:expr) => {{
        let (terms, today) = ($terms, $today);
        let (of_age, _) = reviews::prepared_until(terms, ReviewKind::ComingOfAge, today);
        let (of_23, until) = reviews::prepared_until(terms, ReviewKind::Closing, today);
        let theirs = case_reviews::table.filter(case_reviews::case_id.eq(cases::id));
        let noted = theirs
            .filter(case_reviews::kind.eq(bind(ReviewKind::ComingOfAge)))
            .filter(case_reviews::anchor_on.eq(comes_of_age(cases::born_on.assume_not_null())));
        let lasting = case_reviews::continue_until
            .is_null()
            .or(case_reviews::continue_until.assume_not_null().gt(until));
        let decided = theirs.filter(case_reviews::kind.eq(bind(ReviewKind::Closing))).filter(lasting);
        let coming_of_age = cases::born_on
            .assume_not_null()
            .le(of_age)
            .and(is_by_coming_of_age(cases::opened_on, cases::born_on.assume_not_null()))
            .and(not(exists(noted)));
        let closing = cases::kind
            .eq(bind(CaseKind::Aftercare))
            .and(cases::born_on.assume_not_null().le(of_23))
            .and(not(exists(decided)));
        cases::state
            .eq(bind(CaseState::Open))
            .and(cases::born_on.is_not_null())
            .and(coming_of_age.or(closing))
    }};
}
pub(super) use review_due;

/// The completed reviews of each of the cases.
pub(super) async fn completed(
    tx: &mut Tx<'_>,
    ids: &[CaseId],
) -> Result<Vec<(CaseId, CompletedReview)>, Failure> {
    let lines: Vec<Line> = db!(
        tx,
        load,
        case_reviews::table
            .filter(case_reviews::case_id.eq_any(binds(ids)))
            .order((case_reviews::case_id, case_reviews::kind, case_reviews::anchor_on))
            .select(Line::as_select())
    )?;
    let of = |it: Line| {
        let Line { kind, anchor_on, continue_until, .. } = it;
        (it.case_id, CompletedReview { kind, anchor_on, continue_until })
    };
    Ok(lines.into_iter().map(of).collect())
}

/// Everything from which the reviews of a case follow.
pub(super) fn reviews(
    terms: &Terms,
    (kind, opened_on): (CaseKind, NaiveDate),
    born_on: Option<NaiveDate>,
    completed: Vec<CompletedReview>,
) -> Reviews {
    let of = |it: ReviewKind| ReviewTerms {
        lead: terms.days(it.lead_term()).unwrap_or(Days::new(0)),
        review: terms.days(it.review_term()).unwrap_or(Days::new(0)),
    };
    let (coming_of_age, closing) = (of(ReviewKind::ComingOfAge), of(ReviewKind::Closing));
    Reviews { kind, opened_on, born_on, completed, coming_of_age, closing }
}

/// The birth date of a beneficiary who is a person.
pub(crate) async fn born_on(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Option<NaiveDate>, Failure> {
    let person = beneficiaries::table.inner_join(people::table).filter(beneficiaries::id.eq(bind(of)));
    Ok(db!(tx, first, person.select(people::birth_date)).optional()?)
}

/// Everything from which the reviews of an open case follow, for a completion.
pub async fn reviews_of(tx: &mut Tx<'_>, of: &Open) -> Result<Reviews, Failure> {
    let born_on = born_on(tx, of.beneficiary_id).await?;
    let completed = completed(tx, &[of.id]).await?.into_iter().map(|it| it.1).collect();
    Ok(reviews(&Terms::of(tx).await?, (of.kind, of.opened_on), born_on, completed))
}

/// The completed reviews of a case, the latest entry first.
pub async fn list_reviews(
    tx: &mut Tx<'_>,
    id: CaseId,
    window: &Window,
) -> Result<Page<CaseReviewCard>, Failure> {
    if !reaches(tx, id).await? {
        return Err(missing(id));
    }
    let lines: Vec<Line> = db!(tx, load, {
        let mut all = case_reviews::table
            .filter(case_reviews::case_id.eq(bind(id)))
            .select(Line::as_select())
            .order(case_reviews::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(case_reviews::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(lines, |it| Place::id(it.id));
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

fn shown(tx: &Tx<'_>, it: Line) -> Result<CaseReviewCard, Failure> {
    Ok(CaseReviewCard {
        id: it.id,
        case_id: it.case_id,
        kind: it.kind,
        anchor_on: it.anchor_on,
        outcome: it.outcome,
        note: tx.core.keys.open_some(NOTE, it.id, it.note)?,
        ground: it.ground,
        continue_until: it.continue_until,
        completed_on: it.completed_on,
        made_by_user_id: it.made_by,
        created_at: it.created_at,
    })
}

/// Saves a completion. The case takes a new version, since its card tells what is due.
pub async fn save_reviewed(tx: &mut Tx<'_>, change: Changed<Reviewed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = tx.author()?;
    let note = tx.core.keys.seal_some(NOTE, it.id, it.order.note.as_ref())?;
    let line = (
        case_reviews::id.eq(bind(it.id)),
        case_reviews::case_id.eq(bind(it.case_id)),
        case_reviews::kind.eq(bind(it.order.kind)),
        case_reviews::anchor_on.eq(it.anchor_on),
        case_reviews::outcome.eq(bind(it.order.outcome)),
        case_reviews::note.eq(bind(note)),
        case_reviews::ground.eq(bind(it.continuation.map(|it| it.0))),
        case_reviews::continue_until.eq(it.continuation.map(|it| it.1)),
        case_reviews::completed_on.eq(it.order.completed_on),
        case_reviews::made_by.eq(bind(by)),
        case_reviews::created_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(case_reviews::table).values(line))?;
    let set = (cases::version.eq(cases::version + 1), cases::updated_at.eq(bind(tx.now())));
    let rows = db!(tx, execute, prepared(diesel::update(open_case!(it.case_id)).set(set)))?;
    tx.established(rows, records)
}

/// Copies the completed reviews of a case to the one in which another organization goes on, unless that has them. The facts of both cases
/// in this transaction tell of it. The caller's scope does not limit it.
pub(crate) async fn pass_on_reviews(tx: &mut Tx<'_>, from: CaseId, to: CaseId) -> Result<(), Failure> {
    let there: Vec<CompletedReview> = completed(tx, &[to]).await?.into_iter().map(|it| it.1).collect();
    let theirs = case_reviews::table.filter(case_reviews::case_id.eq(bind(from))).order(case_reviews::id);
    let lines: Vec<Line> = db!(tx, load, theirs.select(Line::as_select()))?;
    for it in lines {
        if there.iter().any(|known| (known.kind, known.anchor_on) == (it.kind, it.anchor_on)) {
            continue;
        }
        let id: CaseReviewId = tx.mint();
        let note: Option<Note> = tx.core.keys.open_some(NOTE, it.id, it.note)?;
        let copy = (
            case_reviews::id.eq(bind(id)),
            case_reviews::case_id.eq(bind(to)),
            case_reviews::kind.eq(bind(it.kind)),
            case_reviews::anchor_on.eq(it.anchor_on),
            case_reviews::outcome.eq(bind(it.outcome)),
            case_reviews::note.eq(bind(tx.core.keys.seal_some(NOTE, id, note.as_ref())?)),
            case_reviews::ground.eq(bind(it.ground)),
            case_reviews::continue_until.eq(it.continue_until),
            case_reviews::completed_on.eq(it.completed_on),
            case_reviews::made_by.eq(bind(it.made_by)),
            case_reviews::created_at.eq(bind(tx.now())),
        );
        db!(tx, execute, diesel::insert_into(case_reviews::table).values(copy))?;
    }
    Ok(())
}
