//! Assessments in the database.
//!
//! Those who answer for a beneficiary see all assessments. The mentor sees those that the mentor made, while the mentorship runs. The
//! beneficiary sees the own ones whole, and of others the scores of completed ones. Of several records of a person the caller sees what each
//! shows to the caller; rules count the assessments of all.
//!
//! - `editions`: the edition of a scale that an order names. `saving`: a new assessment, an edited, completed or annulled one.
//! - `names`: the names beside ids.
mod editions;
mod saving;

pub use editions::{has_scale, must_have_scale, scale_of, used_scale};
pub use saving::{save_changed, save_started};

use crate::accompaniment::living::enrolments;
use crate::engine::card::{Card, cards};
use crate::engine::column::{Json, any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{assessments, scales};
use crate::people::{is_answered_for, is_mentored_by_caller, one_person, register};
use crate::region::terms::{self, Terms};
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use domain::accompaniment::assessments::scores::Scores;
use domain::accompaniment::assessments::*;
use domain::accompaniment::scales::{Rater, ScaleKind};
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::entry::correction::Recorded;
use domain::base::filters::any::AnyOf;
use domain::base::id::{AssessmentId, BeneficiaryId, ScaleId, UserId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{Code, Note};
use domain::region::terms::TermKind;
use shape::{card, filter};

/// An assessment as every endpoint returns it.
#[card]
pub struct AssessmentCard {
    /// The id of the assessment.
    pub id: AssessmentId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The edition of the scale.
    pub scale_id: ScaleId,
    /// The kind of the scale.
    pub scale_kind: ScaleKind,
    /// The state.
    pub state: AssessmentState,
    /// The one who rated.
    pub rater: Rater,
    /// The point of the course.
    pub point: AssessmentPoint,
    /// The day of the assessment.
    pub assessed_on: NaiveDate,
    /// The answers. The beneficiary sees only the own ones.
    #[schema(max_items = 300)]
    pub answers: Option<Vec<AssessmentAnswer>>,
    /// The conclusion in words. The beneficiary sees only the own one.
    pub conclusion: Option<Note>,
    /// The scores, since the completion.
    pub scores: Option<Scores>,
    /// The last day on which it holds as a result of readiness: a specialist's alone does.
    pub valid_until: Option<NaiveDate>,
    /// The account that made it.
    pub made_by_user_id: UserId,
    /// The annulment.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the assessment now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which it was begun.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { AssessmentCard in "assessments" about Assessment; }

/// Filters of the list of assessments.
#[filter]
pub struct AssessmentFilter {
    /// Only by scales of these kinds.
    pub kind: Option<AnyOf<ScaleKind>>,
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
}

/// The change of a beneficiary by one scale.
#[card]
pub struct AssessmentComparison {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The code of the scale.
    pub scale: Code,
    /// The change that each rater saw.
    #[schema(max_items = 6)]
    pub raters: Vec<RaterComparison>,
}

/// Whether a beneficiary is ready for independent life today, by the latest assessments.
#[card]
pub struct ReadinessCard {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The assessment by a specialist that holds today. Absent: the caller sees none.
    pub assessment_id: Option<AssessmentId>,
    /// The last day on which it holds.
    pub valid_until: Option<NaiveDate>,
    /// Its scores.
    pub scores: Option<Scores>,
    /// The latest self-assessment, which is shown beside it and decides nothing.
    pub self_assessment_id: Option<AssessmentId>,
    /// Its scores.
    pub self_scores: Option<Scores>,
}

macro_rules! computed {
    ($($card:ident)+) => {$(
        impl Card for $card {
            fn personal(&self) -> Vec<Subject> {
                vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
            }
        }
    )+};
}
computed! { AssessmentComparison ReadinessCard }

const ANSWERS: &str = "assessments.answers";
const CONCLUSION: &str = "assessments.conclusion";
const ANNULMENT: &str = "assessments.annulment_reason";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = assessments)]
struct Row {
    id: AssessmentId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    scale_id: ScaleId,
    rater: Rater,
    point: AssessmentPoint,
    assessed_on: NaiveDate,
    answers: String,
    conclusion: Option<String>,
    scores: Option<Json<Scores>>,
    annulment_reason: Option<String>,
    made_by: UserId,
    created_at: Moment,
    updated_at: Moment,
}

/// A row with the kind of its scale.
type Rated = (Row, ScaleKind);

macro_rules! rated {
    () => {
        assessments::table.inner_join(scales::table).select((Row::as_select(), scales::kind))
    };
}

mod names;
pub(crate) use names::names;

impl Row {
    fn whole(&self, tx: &Tx<'_>) -> Result<Assessment, Failure> {
        let keys = &tx.core.keys;
        let reason = keys.open_some(ANNULMENT, self.id, self.annulment_reason.as_ref())?;
        let form = ScaleAssessmentForm {
            scale_id: self.scale_id,
            rater: self.rater,
            point: self.point,
            assessed_on: self.assessed_on,
            answers: keys.open(ANSWERS, self.id.into(), &self.answers)?,
            conclusion: keys.open_some(CONCLUSION, self.id, self.conclusion.as_ref())?,
        };
        let (id, beneficiary_id, made_by) = (self.id, self.beneficiary_id, self.made_by);
        let scores = self.scores.clone().map(|it| it.0);
        let annulment = reason.map(|reason| Annulment { reason });
        Ok(Assessment { id, beneficiary_id, made_by, form, scores, annulment })
    }
    /// Whether it is shown to a caller with that part.
    fn is_shown_to(&self, by: Maker, caller: Option<UserId>) -> bool {
        match by {
            Maker::Staff => true,
            Maker::Mentor => Some(self.made_by) == caller,
            Maker::Own => self.rater == Rater::Own || self.scores.is_some(),
        }
    }
    fn completed(self, kind: ScaleKind) -> Option<CompletedAssessment> {
        let Self { id, rater, point, assessed_on, .. } = self;
        Some(CompletedAssessment { id, kind, rater, point, assessed_on, scores: self.scores?.0 })
    }
}

fn missing(id: AssessmentId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Assessment, id)))
}

fn caller(tx: &Tx<'_>) -> Option<UserId> {
    tx.caller().map(|it| it.user)
}

/// The part in which the right of this transaction reaches a beneficiary. One whom it does not reach is not there. Staff who is also
/// the beneficiary, or the mentor, sees what that part sees.
pub async fn maker(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Maker, Failure> {
    let is_reached = is_answered_for(tx, of).await?;
    let is_own = tx.caller().is_some_and(|it| it.beneficiaries.contains(&of));
    if is_own && (is_reached || tx.scope().beneficiaries.contains(&of)) {
        Ok(Maker::Own)
    } else if (is_reached || tx.scope().mentor.is_some()) && is_mentored_by_caller(tx, of).await? {
        Ok(Maker::Mentor)
    } else if is_reached {
        Ok(Maker::Staff)
    } else {
        Err(Failure::NotFound(Some(Subject::new(SubjectKind::Beneficiary, of))))
    }
}

/// The records of a person that the right of this transaction reaches, each with the part of the caller. The one that is asked for must be
/// one of them, and stands first.
async fn makers(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<(BeneficiaryId, Maker)>, Failure> {
    let mut all = vec![(of, maker(tx, of).await?)];
    for it in one_person::of(tx, of).await?.others() {
        match maker(tx, it).await {
            Err(Failure::NotFound(_)) => {}
            by => all.push((it, by?)),
        }
    }
    Ok(all)
}

/// One visible assessment, with the part of the caller. Every query for one assessment begins here.
async fn found(tx: &mut Tx<'_>, id: AssessmentId) -> Result<(Rated, Maker), Failure> {
    let row: Option<Rated> = db!(tx, first, rated!().filter(assessments::id.eq(bind(id)))).optional()?;
    let row = row.ok_or_else(|| missing(id))?;
    let by = match maker(tx, row.0.beneficiary_id).await {
        Err(Failure::NotFound(_)) => return Err(missing(id)),
        by => by?,
    };
    if row.0.is_shown_to(by, caller(tx)) { Ok((row, by)) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the assessment.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: AssessmentId) -> Result<bool, Failure> {
    is_found(found(tx, id).await)
}

/// The days for which a result of readiness holds.
async fn readiness_days(tx: &mut Tx<'_>) -> Result<Days, Failure> {
    Ok(Terms::of(tx).await?.days(TermKind::ReadinessValid).unwrap_or(Days::new(0)))
}

fn shown(tx: &Tx<'_>, (row, kind): Rated, by: Maker, days: Days) -> Result<AssessmentCard, Failure> {
    let it = row.whole(tx)?;
    let is_full = by != Maker::Own || row.rater == Rater::Own;
    let (state, form) = (it.state(), it.form);
    let counts = row.clone().completed(kind).filter(|_| it.annulment.is_none());
    Ok(AssessmentCard {
        id: row.id,
        version: row.version,
        beneficiary_id: row.beneficiary_id,
        scale_id: row.scale_id,
        scale_kind: kind,
        state,
        rater: row.rater,
        point: row.point,
        assessed_on: row.assessed_on,
        answers: is_full.then_some(form.answers),
        conclusion: form.conclusion.filter(|_| is_full),
        scores: it.scores,
        valid_until: counts.and_then(|it| it.holds_until(days)),
        made_by_user_id: row.made_by,
        annulment: it.annulment,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The card of one assessment.
pub async fn card(tx: &mut Tx<'_>, id: AssessmentId) -> Result<AssessmentCard, Failure> {
    let (row, by) = found(tx, id).await?;
    let it = row.0.whole(tx)?;
    let recorded = recorded(tx, &row.0).await?;
    let is_theirs = by == Maker::Staff || Some(row.0.made_by) == caller(tx);
    let offers = AssessmentOffers { it: &it, is_theirs, recorded, today: tx.today() };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::Assessment, id)).await?;
    let days = readiness_days(tx).await?;
    Ok(AssessmentCard { available_actions: Some(actions), ..shown(tx, row, by, days)? })
}

/// The assessments of a person that the caller sees, under any record, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    filter: &AssessmentFilter,
    window: &Window,
) -> Result<Page<AssessmentCard>, Failure> {
    let mut rows: Vec<(Rated, Maker)> = Vec::new();
    for (record, by) in makers(tx, of).await? {
        let found = rows_of(tx, (record, by), filter, window).await?;
        rows.extend(found.into_iter().map(|it| (it, by)));
    }
    let rows = window.first_of(rows, false, |it| it.0.0.id);
    let page = window.page(rows, |it| Place::id(it.0.0.id));
    let days = readiness_days(tx).await?;
    let items = tx.readable(page.items.into_iter().map(|(it, by)| shown(tx, it, by, days)))?;
    Ok(Page { items, next: page.next })
}

/// The first assessments of a record that a caller with that part sees.
async fn rows_of(
    tx: &mut Tx<'_>,
    (of, by): (BeneficiaryId, Maker),
    filter: &AssessmentFilter,
    window: &Window,
) -> Result<Vec<Rated>, Failure> {
    let own = caller(tx);
    Ok(db!(tx, load, {
        let mut all = rated!()
            .filter(assessments::beneficiary_id.eq(bind(of)))
            .order(assessments::id.desc())
            .limit(window.fetch())
            .into_boxed();
        all = match filter.annulled {
            Some(true) => all.filter(assessments::annulment_reason.is_not_null()),
            _ => all.filter(assessments::annulment_reason.is_null()),
        };
        if let Some(kinds) = &filter.kind {
            all = all.filter(scales::kind.eq_any(any_of(kinds.values())));
        }
        match (by, own) {
            (Maker::Mentor, Some(own)) => all = all.filter(assessments::made_by.eq(bind(own))),
            (Maker::Own, _) => {
                let is_own = assessments::rater.eq(bind(Rater::Own));
                all = all.filter(is_own.or(assessments::scores.is_not_null()));
            }
            _ => {}
        }
        if let Some(after) = window.after_id() {
            all = all.filter(assessments::id.lt(bind(after)));
        }
        all
    })?)
}

/// A completed assessment, with its record and the account that made it.
type Counted = (CompletedAssessment, BeneficiaryId, UserId);

/// The completed assessments of these records, all or by one scale. The scope of the caller does not bound them.
async fn completed(
    tx: &mut Tx<'_>,
    of: &[BeneficiaryId],
    scale: Option<&Code>,
) -> Result<Vec<Counted>, Failure> {
    let rows: Vec<Rated> = db!(tx, load, {
        let mut all = rated!()
            .filter(assessments::beneficiary_id.eq_any(binds(of)))
            .filter(assessments::annulment_reason.is_null())
            .filter(assessments::scores.is_not_null())
            .order(assessments::id)
            .into_boxed();
        if let Some(code) = scale {
            all = all.filter(scales::code.eq(bind(code.clone())));
        }
        all
    })?;
    let counts = |(row, kind): Rated| {
        let (of, by) = (row.beneficiary_id, row.made_by);
        row.completed(kind).map(|it| (it, of, by))
    };
    Ok(rows.into_iter().filter_map(counts).collect())
}

/// The result of readiness that holds on a day under any record of the person, with its last day: what a primary consilium rests on. The
/// scope of the caller does not bound it.
pub async fn readiness_on(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    on: NaiveDate,
) -> Result<Option<(CompletedAssessment, NaiveDate)>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let all: Vec<CompletedAssessment> =
        completed(tx, &records, None).await?.into_iter().map(|it| it.0).collect();
    holding(tx, &all, on).await
}

/// The result of readiness among these assessments that holds on a day, with its last day.
async fn holding(
    tx: &mut Tx<'_>,
    all: &[CompletedAssessment],
    on: NaiveDate,
) -> Result<Option<(CompletedAssessment, NaiveDate)>, Failure> {
    let days = readiness_days(tx).await?;
    let found = domain::accompaniment::assessments::readiness_on(all, on, days);
    Ok(found.map(|(it, until)| (it.clone(), until)))
}

/// The readiness of a person today, for those who answer for them and for themselves, under the records that the caller sees.
pub async fn readiness(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<ReadinessCard, Failure> {
    let makers = makers(tx, of).await?;
    if makers.iter().any(|it| it.1 == Maker::Mentor) {
        return Err(Failure::NotFound(None));
    }
    let records: Vec<BeneficiaryId> = makers.into_iter().map(|it| it.0).collect();
    let all: Vec<CompletedAssessment> =
        completed(tx, &records, None).await?.into_iter().map(|it| it.0).collect();
    let own = all.iter().filter(|it| it.kind == ScaleKind::Readiness && it.rater == Rater::Own);
    let own = own.max_by_key(|it| (it.assessed_on, it.id));
    let today = tx.today();
    let holding = holding(tx, &all, today).await?;
    Ok(ReadinessCard {
        beneficiary_id: of,
        assessment_id: holding.as_ref().map(|it| it.0.id),
        valid_until: holding.as_ref().map(|it| it.1),
        scores: holding.map(|it| it.0.scores),
        self_assessment_id: own.map(|it| it.id),
        self_scores: own.map(|it| it.scores.clone()),
    })
}

/// The change of a person by one scale, as far as the caller sees the assessments.
pub async fn comparison(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    scale: Code,
) -> Result<AssessmentComparison, Failure> {
    let (makers, own) = (makers(tx, of).await?, caller(tx));
    let records: Vec<BeneficiaryId> = makers.iter().map(|it| it.0).collect();
    let all = completed(tx, &records, Some(&scale)).await?.into_iter();
    let by_mentor = |record: BeneficiaryId| makers.contains(&(record, Maker::Mentor));
    let seen = all.filter(|it| !by_mentor(it.1) || Some(it.2) == own);
    let seen: Vec<CompletedAssessment> = seen.map(|it| it.0).collect();
    Ok(AssessmentComparison { beneficiary_id: of, scale, raters: compare(&seen) })
}

/// The account that makes an assessment.
pub fn made_by(tx: &Tx<'_>) -> Result<UserId, Failure> {
    caller(tx).ok_or_else(|| Failure::broken("nobody made it"))
}

/// Refuses to begin an assessment of a day on which the person is removed from the register, unless it ends a programme that runs.
pub async fn must_be_on_register(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    form: &ScaleAssessmentForm,
) -> Result<(), Failure> {
    let removed_on = register::day_of_removal(tx, of).await?;
    let is_enrolled = removed_on.is_some() && enrolments::is_enrolled(tx, of).await?;
    match form.against_removal(removed_on, is_enrolled) {
        Some(reason) => Err(Refused::from(reason).into()),
        None => Ok(()),
    }
}

/// Loads an assessment that a rule will change, with the part of the caller. Only staff and who made it change it.
pub async fn load(tx: &mut Tx<'_>, id: AssessmentId) -> Result<(Assessment, Maker), Failure> {
    let ((row, _), by) = found(tx, id).await?;
    if by != Maker::Staff && Some(row.made_by) != caller(tx) {
        return Err(missing(id));
    }
    tx.expect(row.version)?;
    Ok((row.whole(tx)?, by))
}

async fn recorded(tx: &mut Tx<'_>, row: &Row) -> Result<Recorded, Failure> {
    let is_own = tx.caller().is_some_and(|it| it.beneficiaries.contains(&row.beneficiary_id));
    let term = terms::corrections(tx).await?;
    Ok(tx.recorded(row.created_at, row.annulment_reason.is_some(), is_own, term))
}

/// Annuls an assessment.
pub async fn annul(tx: &mut Tx<'_>, id: AssessmentId, order: &Annulment) -> Result<AssessmentCard, Failure> {
    let ((row, _), _) = found(tx, id).await?;
    tx.expect(row.version)?;
    let recorded = recorded(tx, &row).await?;
    let annulled = row.whole(tx)?.annul(order, &recorded, tx.today())?;
    save_changed(tx, annulled).await?;
    card(tx, id).await
}
