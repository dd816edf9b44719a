//! The mentors in matching: all mentors of the region or some of them, as one program sees them on a day. Each table is read
//! once, for any number of mentors.
use super::Map;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    mentor_profiles, mentors, mentorships, organizations, people, removal_grounds, removals,
    training_courses, trainings,
};
use crate::people::no_self_is_dead;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{MentorId, OrganizationId, PersonId, ProgramId};
use domain::base::text::{Code, Oktmo};
use domain::matching::{Courses, MentorOnRecord, MentorProfileForm};
use domain::mentors::{ApplicationDocument, MentorFacts, Profile, RemovalGroundState, TrainingFacts};
use domain::people::Sex;
use domain::region::organizations::OrganizationKind;
use std::collections::{HashMap, HashSet};

#[derive(Queryable, Selectable)]
#[diesel(table_name = mentors)]
struct Row {
    id: MentorId,
    person_id: PersonId,
    organization_id: OrganizationId,
    ngo_id: Option<OrganizationId>,
    approved_on: NaiveDate,
    capacity: i32,
    documents: Json<Vec<ApplicationDocument>>,
    qualified_risk_level: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
struct Person {
    birth_date: NaiveDate,
    sex: Sex,
    residence: Option<Oktmo>,
}

/// The data about mentors from other tables.
struct Related {
    profiles: HashMap<MentorId, MentorProfileForm>,
    trainings: HashMap<MentorId, Vec<TrainingFacts>>,
    removed: HashMap<MentorId, NaiveDate>,
    grounds: HashSet<MentorId>,
    taken: HashMap<MentorId, i64>,
    taken_in_program: HashMap<MentorId, i64>,
    organizations: HashMap<OrganizationId, (OrganizationKind, Oktmo)>,
}

/// The training courses of the region.
pub(super) async fn courses(tx: &mut Tx<'_>) -> Result<Courses, Failure> {
    Ok(Courses::new(db!(tx, load, training_courses::table.select(training_courses::code))?))
}

/// The rows of all mentors, or of the given ones.
macro_rules! of_these {
    ($rows:expr, $mentor:expr, $only:expr) => {{
        let mut all = $rows.into_boxed();
        if let Some(only) = $only {
            all = all.filter($mentor.eq_any(binds(only)));
        }
        all
    }};
}
/// The living mentors of the region, or those of the given ones, as one program sees them. A death under another record is one.
pub(super) async fn on_record(
    tx: &mut Tx<'_>,
    program: ProgramId,
    map: &Map,
    only: Option<&[MentorId]>,
) -> Result<Vec<MentorOnRecord>, Failure> {
    let rows: Vec<(Row, Person)> = db!(
        tx,
        load,
        of_these!(mentors::table.inner_join(people::table), mentors::id, only)
            .filter(people::died_on.is_null())
            .filter(no_self_is_dead())
            .order(mentors::id)
            .select((Row::as_select(), Person::as_select()))
    )?;
    let mut related = Related::of(tx, program, only).await?;
    Ok(rows.into_iter().map(|(row, person)| related.whole(row, person, map)).collect())
}

impl Related {
    async fn of(tx: &mut Tx<'_>, program: ProgramId, only: Option<&[MentorId]>) -> Result<Self, Failure> {
        let profiles: Vec<(MentorId, Json<MentorProfileForm>)> = db!(
            tx,
            load,
            of_these!(mentor_profiles::table, mentor_profiles::mentor_id, only)
                .select((mentor_profiles::mentor_id, mentor_profiles::form))
        )?;
        let organizations: Vec<(OrganizationId, OrganizationKind, Oktmo)> = db!(
            tx,
            load,
            organizations::table.select((organizations::id, organizations::kind, organizations::territory))
        )?;
        let removed: Vec<(MentorId, NaiveDate)> = db!(
            tx,
            load,
            of_these!(removals::table, removals::mentor_id, only)
                .filter(removals::lifted_on.is_null())
                .select((removals::mentor_id, removals::removed_on))
        )?;
        let grounds: Vec<MentorId> = db!(
            tx,
            load,
            of_these!(removal_grounds::table, removal_grounds::mentor_id, only)
                .filter(removal_grounds::state.eq(bind(RemovalGroundState::Open)))
                .select(removal_grounds::mentor_id)
        )?;
        let mut related = Self {
            profiles: profiles.into_iter().map(|(id, form)| (id, form.0)).collect(),
            trainings: trained(tx, only).await?,
            removed: removed.into_iter().collect(),
            grounds: grounds.into_iter().collect(),
            taken: HashMap::new(),
            taken_in_program: HashMap::new(),
            organizations: organizations.into_iter().map(|(id, kind, place)| (id, (kind, place))).collect(),
        };
        let open: Vec<(MentorId, ProgramId)> = db!(
            tx,
            load,
            of_these!(mentorships::table, mentorships::mentor_id, only)
                .filter(mentorships::ended_on.is_null())
                .select((mentorships::mentor_id, mentorships::program_id))
        )?;
        for (mentor, of) in open {
            *related.taken.entry(mentor).or_default() += 1;
            if of == program {
                *related.taken_in_program.entry(mentor).or_default() += 1;
            }
        }
        Ok(related)
    }

    fn whole(&mut self, row: Row, person: Person, map: &Map) -> MentorOnRecord {
        let territory = self.organizations.get(&row.organization_id).map(|it| it.1.clone());
        let place = map.place(person.residence.as_ref());
        let count = |of: &HashMap<MentorId, i64>| of.get(&row.id).copied().unwrap_or_default();
        MentorOnRecord {
            id: row.id,
            person_id: row.person_id,
            facts: MentorFacts {
                profile: Profile {
                    birth_date: person.birth_date,
                    residence: person.residence,
                    territory: territory.unwrap_or_else(|| Oktmo::new("")),
                    represents: row.ngo_id.and_then(|it| self.organizations.get(&it)).map(|it| it.0),
                    // The dead are not read.
                    has_died: false,
                },
                approved_on: row.approved_on,
                removed_on: self.removed.get(&row.id).copied(),
                documents: row.documents.0,
                trainings: self.trainings.remove(&row.id).unwrap_or_default(),
            },
            sex: person.sex,
            place,
            profile: self.profiles.remove(&row.id),
            qualified_risk_level: row.qualified_risk_level,
            capacity: row.capacity,
            taken: count(&self.taken),
            taken_in_program: count(&self.taken_in_program),
            has_open_grounds: self.grounds.contains(&row.id),
        }
    }
}

async fn trained(
    tx: &mut Tx<'_>,
    only: Option<&[MentorId]>,
) -> Result<HashMap<MentorId, Vec<TrainingFacts>>, Failure> {
    let rows: Vec<(MentorId, Code, NaiveDate, Option<NaiveDate>)> = db!(
        tx,
        load,
        of_these!(trainings::table.inner_join(training_courses::table), trainings::mentor_id, only)
            .filter(trainings::annulment_reason.is_null())
            .select((
                trainings::mentor_id,
                training_courses::code,
                trainings::completed_on,
                trainings::valid_until,
            ))
    )?;
    let mut trained: HashMap<MentorId, Vec<TrainingFacts>> = HashMap::new();
    for (mentor, course, completed_on, valid_until) in rows {
        trained.entry(mentor).or_default().push(TrainingFacts { course, completed_on, valid_until });
    }
    Ok(trained)
}
