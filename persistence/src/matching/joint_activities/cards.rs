//! The card of a joint activity, with the participants that the reader may see.
use super::is_staffs;
use crate::engine::card::cards;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::*;
use crate::mentorships::{given_name, given_names};
use crate::people::{Human, name};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::matching::joint_activities::JointActivityOffers;
use shape::card;
use std::collections::HashMap;

/// A joint activity as every endpoint returns it. A mentor sees themselves and the beneficiaries by given names. A
/// beneficiary sees themselves and the mentors.
#[card]
pub struct JointActivityCard {
    /// The id of the joint activity.
    pub id: JointActivityId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The program for which the participants choose.
    pub program_id: ProgramId,
    /// The institution that holds the activity.
    pub organization_id: OrganizationId,
    /// The name of the activity.
    pub name: Title,
    /// The day of the activity.
    pub held_on: NaiveDate,
    /// The place of the activity.
    pub place: Option<Title>,
    /// The mentors who take part and whom the caller may see.
    #[schema(max_items = 200)]
    pub mentors: Vec<ActivityMentorCard>,
    /// The beneficiaries who take part and whom the caller may see.
    #[schema(max_items = 200)]
    pub beneficiaries: Vec<ActivityBeneficiaryCard>,
    /// Orders that this caller may send to the activity now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the activity was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

/// A mentor who takes part in an activity.
#[card]
#[derive(Clone)]
pub struct ActivityMentorCard {
    /// The mentor who takes part.
    pub mentor_id: MentorId,
    /// The name of the mentor.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
}

/// A beneficiary who takes part in an activity.
#[card]
#[derive(Clone)]
pub struct ActivityBeneficiaryCard {
    /// The beneficiary who takes part.
    pub beneficiary_id: BeneficiaryId,
    /// The full name. A mentor sees only the given name, or the given names of a family's members.
    #[schema(max_length = 1000, example = "Алёна")]
    pub beneficiary_name: String,
}

cards! { JointActivityCard in "joint-activities" about JointActivity; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = joint_activities)]
pub(super) struct Row {
    pub(super) id: JointActivityId,
    pub(super) version: i64,
    pub(super) program_id: ProgramId,
    pub(super) organization_id: OrganizationId,
    pub(super) name: Title,
    pub(super) held_on: NaiveDate,
    pub(super) place: Option<Title>,
    created_at: Moment,
    updated_at: Moment,
}

/// A beneficiary who takes part, with the full name and the given names.
#[derive(Debug, Clone)]
struct Recipient {
    id: BeneficiaryId,
    name: String,
    given: String,
}

pub(super) async fn of(
    tx: &mut Tx<'_>,
    rows: Vec<Row>,
    judged: Judged,
) -> Result<Vec<JointActivityCard>, Failure> {
    let ids: Vec<JointActivityId> = rows.iter().map(|it| it.id).collect();
    let mut mentors = mentors_of(tx, &ids).await?;
    let mut recipients = recipients_of(tx, &ids).await?;
    let (scope, editing) = (tx.scope().clone(), tx.scope_of(Right::EditJointActivities));
    let card = |row: Row| {
        let (mentors, recipients) = (mentors.remove(&row.id), recipients.remove(&row.id));
        let edits = is_staffs(&editing, row.organization_id, row.program_id);
        let actions = available(&JointActivityOffers, row.id, judged, |_| edits, |_| true);
        shown(&scope, row, mentors.unwrap_or_default(), recipients.unwrap_or_default(), actions)
    };
    Ok(rows.into_iter().map(card).collect())
}

/// Keeps only the participants that the reader may see: the reader and the other side.
fn shown(
    scope: &Scope,
    row: Row,
    mut mentors: Vec<ActivityMentorCard>,
    recipients: Vec<Recipient>,
    available_actions: Vec<AvailableAction>,
) -> JointActivityCard {
    let is_whole = is_staffs(scope, row.organization_id, row.program_id);
    let is_own = |it: BeneficiaryId| scope.beneficiaries.contains(&it);
    let is_mentor = mentors.iter().any(|it| scope.mentor == Some(it.mentor_id));
    let is_recipient = recipients.iter().any(|it| is_own(it.id));
    if !is_whole && !is_recipient {
        mentors.retain(|it| scope.mentor == Some(it.mentor_id));
    }
    let beneficiary = |it: Recipient| {
        let name = if is_whole || is_own(it.id) { Some(it.name) } else { is_mentor.then_some(it.given) };
        name.map(|beneficiary_name| ActivityBeneficiaryCard { beneficiary_id: it.id, beneficiary_name })
    };
    JointActivityCard {
        id: row.id,
        version: row.version,
        program_id: row.program_id,
        organization_id: row.organization_id,
        name: row.name,
        held_on: row.held_on,
        place: row.place,
        mentors,
        beneficiaries: recipients.into_iter().filter_map(beneficiary).collect(),
        available_actions,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

async fn mentors_of(
    tx: &mut Tx<'_>,
    ids: &[JointActivityId],
) -> Result<HashMap<JointActivityId, Vec<ActivityMentorCard>>, Failure> {
    let named = joint_activity_mentors::table
        .inner_join(mentors::table.inner_join(people::table))
        .filter(joint_activity_mentors::activity_id.eq_any(binds(ids)))
        .order((joint_activity_mentors::activity_id, mentors::id));
    let found: Vec<(JointActivityId, MentorId, Human)> =
        db!(tx, load, named.select((joint_activity_mentors::activity_id, mentors::id, Human::as_select())))?;
    let mut all: HashMap<JointActivityId, Vec<_>> = HashMap::new();
    for (activity, mentor_id, human) in found {
        all.entry(activity)
            .or_default()
            .push(ActivityMentorCard { mentor_id, mentor_name: human.full_name() });
    }
    Ok(all)
}

type RecipientRow = (JointActivityId, BeneficiaryId, Option<Human>, Option<(FamilyId, Title)>);

async fn recipients_of(
    tx: &mut Tx<'_>,
    ids: &[JointActivityId],
) -> Result<HashMap<JointActivityId, Vec<Recipient>>, Failure> {
    let named = joint_activity_beneficiaries::table
        .inner_join(beneficiaries::table.left_join(people::table).left_join(families::table))
        .filter(joint_activity_beneficiaries::activity_id.eq_any(binds(ids)))
        .order((joint_activity_beneficiaries::activity_id, beneficiaries::id));
    let found: Vec<RecipientRow> = db!(
        tx,
        load,
        named.select((
            joint_activity_beneficiaries::activity_id,
            beneficiaries::id,
            Option::<Human>::as_select(),
            (families::id, families::name).nullable(),
        ))
    )?;
    let families: Vec<FamilyId> = found.iter().filter_map(|it| it.3.as_ref().map(|it| it.0)).collect();
    let members = given_names(tx, &families).await?;
    let mut all: HashMap<JointActivityId, Vec<_>> = HashMap::new();
    for (activity, id, person, family) in found {
        let given = given_name(person.as_ref(), family.as_ref().map(|it| it.0), &members);
        let name = name(person.as_ref(), family.map(|it| it.1));
        all.entry(activity).or_default().push(Recipient { id, name, given });
    }
    Ok(all)
}
