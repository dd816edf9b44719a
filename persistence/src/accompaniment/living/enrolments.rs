//! Enrolments into programmes of independent living in the database. Those who answer for the beneficiary see them, and the beneficiary.
use super::{in_force, programme, programmes_of};
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, living_enrolments as enrolments};
use crate::people::{beneficiary, is_answered_for, lives_of, one_person, register};
use crate::scope::beneficiaries::answered_for;
use crate::scope::{Way, among};
use crate::sight::{dangling, is_found, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::living::LivingProgramme;
use domain::accompaniment::living::enrolments::*;
use domain::accompaniment::snapshots::LifeDomain;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, LivingEnrolmentId, LivingProgrammeId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::text::{Code, Note, Title};
use domain::people::{BeneficiaryKind, Lives};
use shape::{card, filter};
use std::collections::HashMap;

/// A module for somebody who takes part.
#[card]
pub struct EnrolledModule {
    /// The code of the module.
    pub code: Code,
    /// Its name.
    pub name: Title,
    /// The domain of life.
    pub domain: LifeDomain,
    /// Whether everybody passes it.
    pub mandatory: bool,
    /// Whether the organization has added it.
    pub is_local: bool,
    /// The hours that it takes at least.
    #[schema(minimum = 1, maximum = 1000, example = 16)]
    pub hours_needed: i32,
    /// The state.
    pub state: ModuleState,
    /// The day of the latest result.
    pub on: Option<NaiveDate>,
    /// The hours that were given.
    #[schema(minimum = 0, maximum = 10_000, example = 18)]
    pub hours: Option<i32>,
    /// The latest result in words.
    pub result: Option<Note>,
}

/// An enrolment as every endpoint returns it.
#[card]
pub struct LivingEnrolmentCard {
    /// The id of the enrolment.
    pub id: LivingEnrolmentId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The edition of the programme. The enrolment keeps it, also when other editions follow.
    pub programme_id: LivingProgrammeId,
    /// The state.
    pub state: EnrolmentState,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day on which it is to be completed.
    pub planned_end_on: Option<NaiveDate>,
    /// The progress of the beneficiary, of the mandatory modules.
    pub progress: LivingProgress,
    /// The modules of the edition, each with its latest result.
    #[schema(max_items = 80)]
    pub modules: Vec<EnrolledModule>,
    /// The day of the completion or of the end.
    pub ended_on: Option<NaiveDate>,
    /// The reason for an end before the completion.
    pub end_reason: Option<EnrolmentEndReason>,
    /// That reason in words.
    pub end_note: Option<Note>,
    /// Orders that this caller may send to the enrolment now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of the enrolment.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { LivingEnrolmentCard in "living-enrolments" about LivingEnrolment; }

/// Filters of the list of enrolments.
#[filter]
pub struct LivingEnrolmentFilter {
    /// `true`: only those that go on. `false`: only those that are over.
    pub running: Option<bool>,
}

const RESULTS: &str = "living_enrolments.results";
const END_NOTE: &str = "living_enrolments.end_note";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = enrolments)]
struct Row {
    id: LivingEnrolmentId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    programme_id: LivingProgrammeId,
    starts_on: NaiveDate,
    planned_end_on: Option<NaiveDate>,
    results: String,
    ended_on: Option<NaiveDate>,
    end_reason: Option<EnrolmentEndReason>,
    end_note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn whole(&self, tx: &Tx<'_>) -> Result<LivingEnrolment, Failure> {
        let (keys, reason) = (&tx.core.keys, self.end_reason);
        let note = keys.open_some(END_NOTE, self.id, self.end_note.as_ref())?;
        let end = self.ended_on.map(|on| EnrolmentEnd { on, reason, note });
        let Self { id, beneficiary_id, programme_id, starts_on, planned_end_on, .. } = *self;
        let form = LivingEnrolmentForm { programme_id, starts_on, planned_end_on };
        let results = keys.open(RESULTS, id.into(), &self.results)?;
        Ok(LivingEnrolment { id, beneficiary_id, form, results, end })
    }
}

fn missing(id: LivingEnrolmentId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::LivingEnrolment, id)))
}

/// Refuses a beneficiary whose enrolments the right of this transaction does not reach.
async fn must_reach(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<(), Failure> {
    let is_own = tx.scope().beneficiaries.contains(&of);
    if is_own || is_answered_for(tx, of).await? {
        return Ok(());
    }
    Err(Failure::NotFound(Some(Subject::new(SubjectKind::Beneficiary, of))))
}

/// One visible enrolment. Every query for one enrolment begins here.
async fn row(tx: &mut Tx<'_>, id: LivingEnrolmentId) -> Result<Row, Failure> {
    let one = enrolments::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    match must_reach(tx, row.beneficiary_id).await {
        Err(Failure::NotFound(_)) => Err(missing(id)),
        reached => reached.map(|()| row),
    }
}

/// Whether the right of this transaction reaches the enrolment.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: LivingEnrolmentId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The names of those of the given enrolments that the right of this transaction reaches: the programme and the first day.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[LivingEnrolmentId],
) -> Result<Vec<(LivingEnrolmentId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(LivingEnrolmentId, LivingProgrammeId, NaiveDate)> = db!(tx, load, {
        let mut some = enrolments::table
            .inner_join(beneficiaries::table)
            .filter(enrolments::id.eq_any(binds(ids)))
            .select((enrolments::id, enrolments::programme_id, enrolments::starts_on))
            .into_boxed();
        if !scope.everything {
            let own = among(enrolments::beneficiary_id, &scope.beneficiaries);
            some = some.filter(answered_for!(scope).or_by(own));
        }
        some
    })?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let of: Vec<LivingProgrammeId> = found.iter().map(|it| it.1).collect();
    let programmes: HashMap<_, _> = super::names(tx, &of).await?.into_iter().collect();
    let name = |(id, programme, day): (LivingEnrolmentId, LivingProgrammeId, NaiveDate)| {
        Some((id, format!("{}, {day}", programmes.get(&programme)?)))
    };
    Ok(found.into_iter().filter_map(name).collect())
}

fn shown(row: Row, it: LivingEnrolment, of: &LivingProgramme) -> LivingEnrolmentCard {
    let module = |module: &domain::accompaniment::living::ProgrammeModule| {
        let latest = it.result(&module.code);
        EnrolledModule {
            code: module.code.clone(),
            name: module.name.clone(),
            domain: module.domain,
            mandatory: module.mandatory,
            is_local: module.is_local,
            hours_needed: module.hours,
            state: it.module_state(&module.code),
            on: latest.map(|it| it.on),
            hours: latest.and_then(|it| it.hours),
            result: latest.and_then(|it| it.result.clone()),
        }
    };
    LivingEnrolmentCard {
        id: row.id,
        version: row.version,
        beneficiary_id: row.beneficiary_id,
        programme_id: row.programme_id,
        state: it.state(),
        starts_on: row.starts_on,
        planned_end_on: row.planned_end_on,
        progress: it.progress(of),
        modules: of.modules.iter().map(module).collect(),
        ended_on: row.ended_on,
        end_reason: row.end_reason,
        end_note: it.end.and_then(|it| it.note),
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The card of one enrolment.
pub async fn card(tx: &mut Tx<'_>, id: LivingEnrolmentId) -> Result<LivingEnrolmentCard, Failure> {
    let row = row(tx, id).await?;
    let (it, of) = (row.whole(tx)?, programme(tx, row.programme_id).await?);
    let offers = LivingEnrolmentOffers { it: &it, programme: &of };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::LivingEnrolment, id)).await?;
    Ok(LivingEnrolmentCard { available_actions: Some(actions), ..shown(row, it, &of) })
}

/// The enrolments of a person under the records that the caller sees, also past ones, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    filter: &LivingEnrolmentFilter,
    window: &Window,
) -> Result<Page<LivingEnrolmentCard>, Failure> {
    must_reach(tx, of).await?;
    let mut records = vec![of];
    for it in one_person::of(tx, of).await?.others() {
        if is_found(must_reach(tx, it).await)? {
            records.push(it);
        }
    }
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = enrolments::table
            .filter(enrolments::beneficiary_id.eq_any(binds(&records)))
            .select(Row::as_select())
            .order(enrolments::id.desc())
            .limit(window.fetch())
            .into_boxed();
        all = match filter.running {
            Some(true) => all.filter(enrolments::ended_on.is_null()),
            Some(false) => all.filter(enrolments::ended_on.is_not_null()),
            None => all,
        };
        if let Some(after) = window.after_id() {
            all = all.filter(enrolments::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let ids: Vec<LivingProgrammeId> = page.items.iter().map(|it| it.programme_id).collect();
    let programmes = programmes_of(tx, &ids).await?;
    let gone = || Failure::broken("an enrolment without its programme");
    let card = |row: Row| {
        let of = programmes.get(&row.programme_id).ok_or_else(gone)?;
        let it = row.whole(tx)?;
        Ok(shown(row, it, of))
    };
    Ok(Page { items: tx.readable(page.items.into_iter().map(card))?, next: page.next })
}

/// A beneficiary who is enrolled, with what the rules need to know.
#[derive(Debug)]
pub struct Enrolling {
    programme: Option<LivingProgramme>,
    is_current: bool,
    /// The birth date. `None` for a family.
    pub born_on: Option<NaiveDate>,
    is_enrolled: bool,
    removed_on: Option<NaiveDate>,
    /// The lives behind the beneficiary.
    pub lives: Lives,
}

impl Enrolling {
    /// The facts that rules judge.
    pub fn facts(&self) -> EnrolmentFacts<'_> {
        EnrolmentFacts {
            programme: self.programme.as_ref(),
            is_current: self.is_current,
            born_on: self.born_on,
            is_enrolled: self.is_enrolled,
            removed_on: self.removed_on,
        }
    }
    /// The check that the order names an edition, and a beneficiary who lives.
    pub fn must_hold(&self) -> [Result<(), Failure>; 2] {
        let is_named = if self.programme.is_some() { Ok(()) } else { Err(dangling("/programme_id")) };
        [is_named, self.lives.must_go_on("/starts_on").map_err(Failure::from)]
    }
}

/// The facts that rules judge when a beneficiary is enrolled.
pub async fn enrolling(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    form: &LivingEnrolmentForm,
) -> Result<Enrolling, Failure> {
    must_reach(tx, of).await?;
    let programme = match programme(tx, form.programme_id).await {
        Err(Failure::NotFound(_)) => None,
        found => Some(found?),
    };
    let is_current = match &programme {
        Some(it) => is_current(tx, it, form.starts_on).await?,
        None => false,
    };
    one_person::beginning_on(tx, of, None).await?;
    let is_enrolled = is_enrolled(tx, of).await?;
    let lives = lives_of(tx, of).await?;
    let born_on = born_on(tx, of, &lives).await?;
    let removed_on = register::day_of_removal(tx, of).await?;
    Ok(Enrolling { programme, is_current, born_on, is_enrolled, removed_on, lives })
}

/// Whether somebody takes part in a programme, under any record. The caller's scope does not limit it.
pub(crate) async fn is_enrolled(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<bool, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let running = enrolments::table
        .filter(enrolments::beneficiary_id.eq_any(binds(&records)))
        .filter(enrolments::ended_on.is_null());
    Ok(db!(tx, get_result, diesel::select(exists(running)))?)
}

/// Whether people are enrolled into the edition on a day: it is in force, rests on the edition of the region in force, and is the
/// region's or that of an institution of the caller.
async fn is_current(tx: &mut Tx<'_>, it: &LivingProgramme, on: NaiveDate) -> Result<bool, Failure> {
    let owner = it.form.organization_id;
    if owner.is_some_and(|it| !tx.scope().answers_for(it)) {
        return Ok(false);
    }
    let regional = in_force(tx, None, on).await?.map(|it| it.id);
    let own = in_force(tx, owner, on).await?.map(|it| it.id);
    Ok(own == Some(it.id) && regional == it.regional_id.or(Some(it.id)))
}

/// The birth date of a beneficiary who is a person.
async fn born_on(tx: &mut Tx<'_>, of: BeneficiaryId, lives: &Lives) -> Result<Option<NaiveDate>, Failure> {
    let it = beneficiary(tx, of).await?;
    Ok(lives.0.first().map(|it| it.born_on).filter(|_| it.form.kind == BeneficiaryKind::Person))
}

/// An enrolment that a rule will change, with its programme and the birth date of the beneficiary.
#[derive(Debug)]
pub struct Enrolled {
    /// The enrolment.
    pub it: LivingEnrolment,
    /// The edition of its programme.
    pub programme: LivingProgramme,
    /// The birth date.
    pub born_on: Option<NaiveDate>,
    /// The life of the beneficiary.
    pub lives: Lives,
}

/// Loads an enrolment that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: LivingEnrolmentId) -> Result<Enrolled, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let lives = lives_of(tx, row.beneficiary_id).await?;
    let born_on = lives.0.first().map(|it| it.born_on);
    Ok(Enrolled { it: row.whole(tx)?, programme: programme(tx, row.programme_id).await?, born_on, lives })
}

/// Saves a new enrolment.
pub async fn save_began(tx: &mut Tx<'_>, change: Changed<LivingEnrolment>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let row = (
        enrolments::id.eq(bind(it.id)),
        enrolments::version.eq(1),
        enrolments::beneficiary_id.eq(bind(it.beneficiary_id)),
        enrolments::programme_id.eq(bind(it.form.programme_id)),
        enrolments::starts_on.eq(it.form.starts_on),
        enrolments::planned_end_on.eq(it.form.planned_end_on),
        enrolments::results.eq(bind(tx.core.keys.seal(RESULTS, it.id.into(), &it.results)?)),
        enrolments::created_at.eq(bind(tx.now())),
        enrolments::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(enrolments::table).values(row))?;
    tx.established(rows, records)
}

/// Saves new results, a completion or an end. An enrolment that is over stays as it is.
pub async fn save_changed(tx: &mut Tx<'_>, change: Changed<LivingEnrolment>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let end = it.end.as_ref();
    let note = tx.core.keys.seal_some(END_NOTE, it.id, end.and_then(|it| it.note.as_ref()))?;
    let set = (
        enrolments::version.eq(enrolments::version + 1),
        enrolments::results.eq(bind(tx.core.keys.seal(RESULTS, it.id.into(), &it.results)?)),
        enrolments::ended_on.eq(end.map(|it| it.on)),
        enrolments::end_reason.eq(bind(end.and_then(|it| it.reason))),
        enrolments::end_note.eq(bind(note)),
        enrolments::updated_at.eq(bind(tx.now())),
    );
    let running = enrolments::table.find(bind(it.id)).filter(enrolments::ended_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(running).set(set)))?;
    tx.established(rows, records)
}

/// Ends the enrolments of beneficiaries whose lives are over. The caller's scope does not limit it.
pub(crate) async fn end_by_death(
    tx: &mut Tx<'_>,
    over: &[BeneficiaryId],
    died_on: NaiveDate,
) -> Result<(), Failure> {
    let theirs = enrolments::table
        .filter(enrolments::beneficiary_id.eq_any(binds(over)))
        .filter(enrolments::ended_on.is_null())
        .order(enrolments::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    for row in rows {
        if let Some(ended) = row.whole(tx)?.end_by_death(died_on) {
            save_changed(tx, ended).await?;
        }
    }
    Ok(())
}

/// The mandatory preparation of a beneficiary, as a consilium asks for it.
pub(crate) struct Preparation {
    /// The edition by which somebody is enrolled or has completed a programme, or else would be enrolled today.
    pub(crate) programme: LivingProgramme,
    /// The enrolment: one that runs, or else the latest.
    pub(crate) enrolment: Option<LivingEnrolment>,
}

/// The preparation of a beneficiary in an organization. None where no programme is in force. The caller's scope does not limit it.
pub(crate) async fn preparation(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    organization: OrganizationId,
) -> Result<Option<Preparation>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let theirs = enrolments::table.filter(enrolments::beneficiary_id.eq_any(binds(&records)));
    let latest = theirs.order((enrolments::ended_on.is_null().desc(), enrolments::id.desc()));
    let row: Option<Row> = db!(tx, first, latest.select(Row::as_select())).optional()?;
    let enrolment = match row {
        Some(row) => Some(row.whole(tx)?),
        None => None,
    };
    let programme = match enrolment.as_ref().filter(|it| it.keeps_edition()) {
        Some(it) => Some(programme(tx, it.form.programme_id).await?),
        None => {
            let own = in_force(tx, Some(organization), tx.today()).await?;
            LivingProgramme::binding(own, in_force(tx, None, tx.today()).await?)
        }
    };
    Ok(programme.map(|programme| Preparation { programme, enrolment }))
}
