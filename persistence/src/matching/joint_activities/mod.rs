//! Joint activities in the database. The institution that holds one and the coordinators of its program see all of
//! it. A mentor sees the beneficiaries of their own activities by given names, a beneficiary sees the mentors.
//! Neither sees others of their own side.
mod cards;
pub mod choices;
mod lives;
mod preferences;
pub mod vetoes;

pub use cards::{ActivityBeneficiaryCard, ActivityMentorCard, JointActivityCard};
pub use preferences::{Objection, Rank, Wishes, wishes};

pub(crate) use preferences::{Persons, is_objected, wishes_of_persons};

use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{
    choices as choices_table, chosen, joint_activities, joint_activity_beneficiaries, joint_activity_mentors,
};
use crate::mentors;
use crate::people;
use crate::sight::{all_of, dangling, must_refer};
use crate::tx::Tx;
use cards::Row;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::{Caller, Scope};
use domain::base::action::Judged;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, JointActivityId, MentorId, OrganizationId, ProgramId};
use domain::base::refusal::{Reason, Refused};
use domain::base::text::REFERENCE;
use domain::matching::joint_activities::{ChosenSoFar, JointActivity, JointActivityForm, Participant};
use shape::filter;
use std::collections::HashSet;

/// Filters of the list of joint activities.
#[filter]
pub struct JointActivityFilter {
    /// Only activities of this program.
    pub program_id: Option<ProgramId>,
    /// Only activities that this institution holds.
    pub organization_id: Option<OrganizationId>,
}

/// The visible activities. Every query begins here. A scope reaches those of its institutions and programs, and those
/// in which the caller takes part.
macro_rules! visible {
    ($scope:expr) => {{
        use $crate::engine::column::binds;
        use $crate::scope::{Way, among, when};
        let mut all = joint_activities::table.into_boxed();
        if !$scope.everything {
            let as_mentor = joint_activity_mentors::table
                .filter(joint_activity_mentors::mentor_id.eq_any(binds($scope.mentor.as_slice())))
                .select(joint_activity_mentors::activity_id);
            let as_beneficiary = joint_activity_beneficiaries::table
                .filter(joint_activity_beneficiaries::beneficiary_id.eq_any(binds(&$scope.beneficiaries)))
                .select(joint_activity_beneficiaries::activity_id);
            let is_beneficiary = !$scope.beneficiaries.is_empty();
            all = all.filter(
                among(joint_activities::organization_id, &$scope.organizations)
                    .or_by(among(joint_activities::program_id, &$scope.programs))
                    .or_by(when($scope.mentor.is_some(), joint_activities::id.eq_any(as_mentor)))
                    .or_by(when(is_beneficiary, joint_activities::id.eq_any(as_beneficiary))),
            );
        }
        all
    }};
}

use visible;

/// Whether a scope reaches an activity of that institution and program as staff.
fn is_staffs(scope: &Scope, organization: OrganizationId, program: ProgramId) -> bool {
    scope.everything || scope.organizations.contains(&organization) || scope.programs.contains(&program)
}

/// The caller as a mentor and as beneficiaries, in all activities.
pub fn own(tx: &Tx<'_>) -> Vec<Participant> {
    let all = |it: &Caller| {
        let mentor = it.mentor.map(Participant::Mentor).into_iter();
        mentor.chain(it.beneficiaries.iter().copied().map(Participant::Beneficiary)).collect()
    };
    tx.caller().map(all).unwrap_or_default()
}

fn missing(id: JointActivityId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::JointActivity, id)))
}

/// Whether the right of this transaction reaches the activity.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: JointActivityId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(
        tx,
        get_result,
        diesel::select(exists(visible!(scope).filter(joint_activities::id.eq(bind(id)))))
    )?)
}

/// The names of those of the given activities that the right of this transaction reaches.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[JointActivityId],
) -> Result<Vec<(JointActivityId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), joint_activities::id.eq_any(binds(ids)));
    Ok(db!(tx, load, visible!(scope).filter(some).select((joint_activities::id, joint_activities::name)))?)
}

async fn row(tx: &mut Tx<'_>, id: JointActivityId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(joint_activities::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// The card of one activity.
pub async fn card(tx: &mut Tx<'_>, id: JointActivityId) -> Result<JointActivityCard, Failure> {
    let row = row(tx, id).await?;
    cards::of(tx, vec![row], Judged::Whole).await?.pop().ok_or_else(|| missing(id))
}

/// Joint activities that the caller may see, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &JointActivityFilter,
    window: &Window,
) -> Result<Page<JointActivityCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all =
            visible!(scope).select(Row::as_select()).order(joint_activities::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(joint_activities::id.lt(bind(after)));
        }
        if let Some(program) = filter.program_id {
            all = all.filter(joint_activities::program_id.eq(bind(program)));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(joint_activities::organization_id.eq(bind(organization)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: cards::of(tx, page.items, Judged::State).await?, next: page.next })
}

/// Loads an activity that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: JointActivityId) -> Result<JointActivity, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    whole(tx, row).await
}

/// The activity with all its participants.
async fn whole(tx: &mut Tx<'_>, row: Row) -> Result<JointActivity, Failure> {
    let of_mentors = joint_activity_mentors::table
        .filter(joint_activity_mentors::activity_id.eq(bind(row.id)))
        .order(joint_activity_mentors::mentor_id);
    let mentor_ids: Vec<MentorId> = db!(tx, load, of_mentors.select(joint_activity_mentors::mentor_id))?;
    let of_beneficiaries = joint_activity_beneficiaries::table
        .filter(joint_activity_beneficiaries::activity_id.eq(bind(row.id)))
        .order(joint_activity_beneficiaries::beneficiary_id);
    let beneficiary_ids: Vec<BeneficiaryId> =
        db!(tx, load, of_beneficiaries.select(joint_activity_beneficiaries::beneficiary_id))?;
    let form = JointActivityForm {
        program_id: row.program_id,
        organization_id: row.organization_id,
        name: row.name,
        held_on: row.held_on,
        place: row.place,
        mentor_ids,
        beneficiary_ids,
    };
    Ok(JointActivity { id: row.id, form })
}

/// Refuses an activity that the caller may not hold, or one of an unknown program. The institution must be the
/// caller's own; for a coordinator of the program it may be any.
pub async fn must_hold(tx: &mut Tx<'_>, form: &JointActivityForm) -> Result<(), Failure> {
    all_of([
        must_refer(tx, SubjectKind::Program, Some(form.program_id), "/program_id").await,
        must_refer(tx, SubjectKind::Organization, Some(form.organization_id), "/organization_id").await,
    ])?;
    let is_own = is_staffs(tx.scope(), form.organization_id, form.program_id);
    if is_own { Ok(()) } else { Err(dangling("/organization_id")) }
}

/// Refuses, in one answer, all new participants that the right of this transaction does not reach, and those who do not live on the day of
/// the activity. Participants from `before` may stay, even if the caller does not see them, and are asked about another day only.
pub async fn must_invite(
    tx: &mut Tx<'_>,
    form: &JointActivityForm,
    before: Option<&JointActivityForm>,
) -> Result<(), Failure> {
    let known: HashSet<Participant> = before.into_iter().flat_map(participants).collect();
    let new = |it: &Participant| !known.contains(it);
    let (mut new_mentors, mut new_beneficiaries) = (Vec::new(), Vec::new());
    for it in participants(form).filter(new) {
        match it {
            Participant::Mentor(id) => new_mentors.push(id),
            Participant::Beneficiary(id) => new_beneficiaries.push(id),
        }
    }
    let mentors = mentors::reached(tx, &new_mentors).await?;
    let beneficiaries = people::reached_beneficiaries(tx, &new_beneficiaries).await?;
    let is_strange = |it: &Participant| match it {
        Participant::Mentor(id) => new(it) && !mentors.contains(id),
        Participant::Beneficiary(id) => new(it) && !beneficiaries.contains(id),
    };
    let strange = |list: &str, index: usize| REFERENCE.reason().at(format!("/{list}/{index}"));
    let among = |list: &str, all: Vec<Participant>| -> Vec<Reason> {
        let strangers = all.iter().enumerate().filter(|(_, it)| is_strange(it));
        strangers.map(|(index, _)| strange(list, index)).collect()
    };
    let mut reasons = among("mentor_ids", mentors_of(form).collect());
    reasons.extend(among("beneficiary_ids", beneficiaries_of(form).collect()));
    let is_moved = before.is_some_and(|it| it.held_on != form.held_on);
    let is_asked = |it: &Participant| !is_strange(it) && (new(it) || is_moved);
    let asked: Vec<Participant> = participants(form).filter(is_asked).collect();
    reasons.extend(form.against_lives(&lives::of(tx, &asked).await?));
    Ok(Refused::unless_empty(reasons)?)
}

fn mentors_of(form: &JointActivityForm) -> impl Iterator<Item = Participant> + '_ {
    form.mentor_ids.iter().copied().map(Participant::Mentor)
}

fn beneficiaries_of(form: &JointActivityForm) -> impl Iterator<Item = Participant> + '_ {
    form.beneficiary_ids.iter().copied().map(Participant::Beneficiary)
}

fn participants(form: &JointActivityForm) -> impl Iterator<Item = Participant> + '_ {
    mentors_of(form).chain(beneficiaries_of(form))
}

/// The choices after an activity that limit its edits.
pub async fn chosen_so_far(tx: &mut Tx<'_>, id: JointActivityId) -> Result<ChosenSoFar, Failure> {
    type Chooser = (Option<MentorId>, Option<BeneficiaryId>, NaiveDate);
    let made = choices_table::table.filter(choices_table::activity_id.eq(bind(id)));
    let choosers: Vec<Chooser> = db!(
        tx,
        load,
        made.select((choices_table::mentor_id, choices_table::beneficiary_id, choices_table::made_on))
    )?;
    let named = chosen::table
        .inner_join(choices_table::table)
        .filter(choices_table::activity_id.eq(bind(id)))
        .select((chosen::mentor_id, chosen::beneficiary_id))
        .distinct();
    let pairs: Vec<(MentorId, BeneficiaryId)> = db!(tx, load, named)?;
    let first_on = choosers.iter().map(|it| it.2).min();
    let all = choosers
        .into_iter()
        .map(|it| (it.0, it.1))
        .chain(pairs.into_iter().map(|(mentor, beneficiary)| (Some(mentor), Some(beneficiary))));
    let involved = all.flat_map(|(mentor, beneficiary)| {
        [mentor.map(Participant::Mentor), beneficiary.map(Participant::Beneficiary)]
    });
    Ok(ChosenSoFar { involved: involved.flatten().collect(), first_on })
}

async fn take_part(tx: &mut Tx<'_>, it: &JointActivity) -> Result<(), Failure> {
    let own = joint_activity_mentors::table.filter(joint_activity_mentors::activity_id.eq(bind(it.id)));
    db!(tx, execute, diesel::delete(own))?;
    let own =
        joint_activity_beneficiaries::table.filter(joint_activity_beneficiaries::activity_id.eq(bind(it.id)));
    db!(tx, execute, diesel::delete(own))?;
    let mentor = |id: &MentorId| {
        (joint_activity_mentors::activity_id.eq(bind(it.id)), joint_activity_mentors::mentor_id.eq(bind(*id)))
    };
    let mentors: Vec<_> = it.form.mentor_ids.iter().map(mentor).collect();
    if !mentors.is_empty() {
        db!(tx, execute, diesel::insert_into(joint_activity_mentors::table).values(mentors))?;
    }
    let beneficiary = |id: &BeneficiaryId| {
        (
            joint_activity_beneficiaries::activity_id.eq(bind(it.id)),
            joint_activity_beneficiaries::beneficiary_id.eq(bind(*id)),
        )
    };
    let beneficiaries: Vec<_> = it.form.beneficiary_ids.iter().map(beneficiary).collect();
    if !beneficiaries.is_empty() {
        db!(tx, execute, diesel::insert_into(joint_activity_beneficiaries::table).values(beneficiaries))?;
    }
    Ok(())
}

macro_rules! form_row {
    ($it:expr, $now:expr) => {
        (
            joint_activities::name.eq(bind($it.form.name.clone())),
            joint_activities::held_on.eq($it.form.held_on),
            joint_activities::place.eq(bind($it.form.place.clone())),
            joint_activities::updated_at.eq(bind($now)),
        )
    };
}

/// Saves a new activity.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<JointActivity>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        joint_activities::id.eq(bind(it.id)),
        joint_activities::version.eq(1),
        joint_activities::program_id.eq(bind(it.form.program_id)),
        joint_activities::organization_id.eq(bind(it.form.organization_id)),
        joint_activities::created_at.eq(bind(now)),
    );
    let row = (head, form_row!(it, now));
    let rows = db!(tx, execute, diesel::insert_into(joint_activities::table).values(row))?;
    take_part(tx, &it).await?;
    tx.established(rows, records)
}

/// Saves an edited activity.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<JointActivity>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = joint_activities::version.eq(joint_activities::version + 1);
    let one = joint_activities::table.find(bind(it.id));
    let rows = db!(tx, execute, prepared(diesel::update(one).set((next, form_row!(it, now)))))?;
    take_part(tx, &it).await?;
    tx.established(rows, records)
}
