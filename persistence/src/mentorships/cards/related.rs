//! The data related the mentorships of a page, such as names. Each kind is loaded once for the whole page.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::*;
use crate::mentorships::consents::ConsentCard;
use crate::mentorships::course::{self, ExtensionCard};
use crate::mentorships::row::{Row, SpecialistAnswer};
use crate::people::{Human, name};
use crate::region::programs;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::SubjectKind;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Code, Name, Title};
use domain::mentorships::meetings::{MeetingMethod, MeetingState};
use domain::mentorships::regularity::Regularity;
use domain::mentorships::{Awaited, MentorshipState, Pause, ReplacementGround};
use domain::people::BeneficiaryKind;
use domain::region::programs::{Edition, EditionForm};
use shape::card;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// The next planned meeting of a mentorship.
#[card]
#[derive(Clone, Copy)]
pub struct NextMeetingCard {
    /// The meeting.
    pub id: MeetingId,
    /// The planned moment of the meeting.
    pub planned_at: Moment,
    /// The method of the meeting.
    pub method: MeetingMethod,
}

/// The data of a recipient that cards show.
#[derive(Debug, Clone)]
pub(in crate::mentorships) struct Recipient {
    pub(in crate::mentorships) kind: BeneficiaryKind,
    pub(in crate::mentorships) name: String,
    pub(in crate::mentorships) given: String,
    pub(in crate::mentorships) born: Option<NaiveDate>,
}

/// The data that the cards of a page need besides the rows.
pub(in crate::mentorships) struct Related {
    pub(in crate::mentorships) programs: HashMap<ProgramId, Code>,
    pub(in crate::mentorships) editions: HashMap<EditionId, EditionForm>,
    pub(in crate::mentorships) recipients: HashMap<BeneficiaryId, Recipient>,
    pub(in crate::mentorships) mentors: HashMap<MentorId, String>,
    pub(in crate::mentorships) held: HashMap<MentorshipId, i64>,
    pub(in crate::mentorships) next_meetings: HashMap<MentorshipId, NextMeetingCard>,
    pub(in crate::mentorships) extensions: HashMap<MentorshipId, Vec<ExtensionCard>>,
    pub(in crate::mentorships) pauses: HashMap<MentorshipId, Pause>,
    pub(in crate::mentorships) replacements: HashMap<MentorshipId, (ReplacementGround, bool)>,
    pub(in crate::mentorships) replaced: HashMap<MentorshipId, MentorshipId>,
    pub(in crate::mentorships) successors: HashMap<MentorshipId, MentorshipId>,
    pub(in crate::mentorships) primary_contacts: HashMap<PersonId, String>,
    pub(in crate::mentorships) regularity: HashMap<MentorshipId, Regularity>,
    pub(in crate::mentorships) specialists: HashMap<MentorshipId, SpecialistAnswer>,
}

impl Related {
    /// A running mentorship with all its meetings waits for the life plan: with it, it would be completed.
    pub(in crate::mentorships) fn awaits(&self, row: &Row, edition: &EditionForm) -> Option<Awaited> {
        let held = self.held.get(&row.id).copied().unwrap_or_default();
        let runs = matches!(row.state, MentorshipState::Active | MentorshipState::Paused);
        let met = edition.completion.meetings.is_some_and(|it| held >= i64::from(it));
        (runs && met && edition.life_plan_required).then_some(Awaited::LifePlan)
    }
    pub(in crate::mentorships) async fn of(
        tx: &mut Tx<'_>,
        rows: &[Row],
        ids: &[MentorshipId],
        consents: &[ConsentCard],
    ) -> Result<Self, Failure> {
        let in_state = |state| rows.iter().filter(|it| it.state == state).map(|it| it.id).collect::<Vec<_>>();
        let (paused, replaced) = (in_state(MentorshipState::Paused), in_state(MentorshipState::Replaced));
        let begun: Vec<MentorshipId> = rows.iter().filter(|it| it.term().is_some()).map(|it| it.id).collect();
        let beside = Beside::of(tx, ids).await?;
        Ok(Self {
            programs: programs::codes(tx, &rows.iter().map(|it| it.program_id).collect::<Vec<_>>()).await?,
            editions: editions_of(tx, rows).await?,
            recipients: recipients_of(tx, &rows.iter().map(|it| it.beneficiary_id).collect::<Vec<_>>())
                .await?,
            mentors: mentor_names(tx, &rows.iter().map(|it| it.mentor_id).collect::<Vec<_>>()).await?,
            held: held_of(tx, &begun).await?,
            next_meetings: next_meetings_of(tx, &begun).await?,
            extensions: course::extensions_of(tx, &begun).await?,
            pauses: course::pauses_of(tx, &paused).await?,
            replacements: course::replacements_of(tx, &replaced).await?,
            replaced: beside.replaced,
            successors: course::successors_of(tx, &replaced).await?,
            primary_contacts: primary_contacts_of(tx, consents).await?,
            regularity: beside.regularity,
            specialists: beside.specialists,
        })
    }
}

type BesideRow =
    (MentorshipId, Option<(Option<NaiveDate>, NaiveDate)>, Option<MentorshipId>, Option<SpecialistAnswer>);

/// The rows of which a mentorship has one at most: its regularity, the replaced mentorship before it, and the specialist's answer. One
/// statement reads all of them.
#[derive(Default)]
struct Beside {
    regularity: HashMap<MentorshipId, Regularity>,
    replaced: HashMap<MentorshipId, MentorshipId>,
    specialists: HashMap<MentorshipId, SpecialistAnswer>,
}

impl Beside {
    async fn of(tx: &mut Tx<'_>, ids: &[MentorshipId]) -> Result<Self, Failure> {
        let joined = mentorships::table
            .left_join(regularities::table)
            .left_join(successions::table)
            .left_join(specialist_answers::table);
        let rows: Vec<BesideRow> = db!(
            tx,
            load,
            joined.filter(mentorships::id.eq_any(binds(ids))).select((
                mentorships::id,
                (regularities::last_on, regularities::due_on).nullable(),
                successions::replaces_id.nullable(),
                Option::<SpecialistAnswer>::as_select(),
            ))
        )?;
        let mut all = Self::default();
        for (id, regularity, replaced, specialist) in rows {
            let regularity = regularity.map(|(last_on, due_on)| Regularity { last_on, due_on });
            all.regularity.extend(regularity.map(|it| (id, it)));
            all.replaced.extend(replaced.map(|it| (id, it)));
            all.specialists.extend(specialist.map(|it| (id, it)));
        }
        Ok(all)
    }
}

/// The names of the primary contacts in families.
async fn primary_contacts_of(
    tx: &mut Tx<'_>,
    consents: &[ConsentCard],
) -> Result<HashMap<PersonId, String>, Failure> {
    let ids: Vec<PersonId> = consents.iter().filter_map(|it| it.primary_contact_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let all = people::table.filter(people::id.eq_any(binds(&ids)));
    let found: Vec<(PersonId, Human)> = db!(tx, load, all.select((people::id, Human::as_select())))?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

/// The forms of the editions. Their names are noted, as [`programs::edition_names`] would read them.
async fn editions_of(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashMap<EditionId, EditionForm>, Failure> {
    let ids: Vec<EditionId> = rows.iter().map(|it| it.edition_id).collect();
    let found = programs::editions_of(tx, &ids).await?;
    let name = |it: &Edition| (it.id, programs::edition_name(it.number, it.form.effective_from));
    tx.note_listed(SubjectKind::Edition, found.values().map(name));
    Ok(found.into_iter().map(|(id, it)| (id, it.form)).collect())
}

async fn held_of(tx: &mut Tx<'_>, ids: &[MentorshipId]) -> Result<HashMap<MentorshipId, i64>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let held = meetings::table
        .filter(meetings::mentorship_id.eq_any(binds(ids)))
        .filter(meetings::began_at.is_not_null())
        .filter(meetings::annulment_reason.is_null())
        .group_by(meetings::mentorship_id)
        .select((meetings::mentorship_id, count_star()));
    let found: Vec<(MentorshipId, i64)> = db!(tx, load, held)?;
    Ok(found.into_iter().collect())
}

/// The next planned meetings, by the right to read meetings: a key of an integration may lack it.
async fn next_meetings_of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, NextMeetingCard>, Failure> {
    if ids.is_empty() || !tx.may(Right::ReadMeetings) {
        return Ok(HashMap::new());
    }
    let now = tx.now();
    // The state and the order are asked here. In the statement SQLite would walk all planned meetings of the region for them.
    let to_come = meetings::table
        .filter(meetings::mentorship_id.eq_any(binds(ids)))
        .filter(meetings::at.ge(bind(now)))
        .select((
            meetings::mentorship_id,
            meetings::id,
            meetings::planned_at,
            meetings::method,
            meetings::state,
        ));
    let mut found: Vec<(MentorshipId, MeetingId, Moment, MeetingMethod, MeetingState)> =
        db!(tx, load, to_come)?;
    found.retain(|it| it.4 == MeetingState::Planned);
    // The earliest of a mentorship comes last and takes the place of the others.
    found.sort_unstable_by_key(|it| Reverse((it.2, it.1)));
    let next = |(of, id, planned_at, method, _)| (of, NextMeetingCard { id, planned_at, method });
    Ok(found.into_iter().map(next).collect())
}

/// The full names of mentors. The caller decides who may see them.
pub(crate) async fn mentor_names(
    tx: &mut Tx<'_>,
    ids: &[MentorId],
) -> Result<HashMap<MentorId, String>, Failure> {
    let with_people = mentors::table.inner_join(people::table);
    let found: Vec<(MentorId, Human)> = db!(
        tx,
        load,
        with_people.filter(mentors::id.eq_any(binds(ids))).select((mentors::id, Human::as_select()))
    )?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

type RecipientRow = (BeneficiaryId, BeneficiaryKind, Option<Human>, Option<(FamilyId, Title)>);

/// The full names of beneficiaries. The caller decides who may see them.
pub(crate) async fn recipient_names(
    tx: &mut Tx<'_>,
    ids: &[BeneficiaryId],
) -> Result<HashMap<BeneficiaryId, String>, Failure> {
    Ok(recipients_of(tx, ids).await?.into_iter().map(|(id, it)| (id, it.name)).collect())
}

pub(in crate::mentorships) async fn recipients_of(
    tx: &mut Tx<'_>,
    ids: &[BeneficiaryId],
) -> Result<HashMap<BeneficiaryId, Recipient>, Failure> {
    let joined = beneficiaries::table.left_join(people::table).left_join(families::table);
    let found: Vec<RecipientRow> = db!(
        tx,
        load,
        joined.filter(beneficiaries::id.eq_any(binds(ids))).select((
            beneficiaries::id,
            beneficiaries::kind,
            Option::<Human>::as_select(),
            (families::id, families::name).nullable(),
        ))
    )?;
    let families: Vec<FamilyId> = found.iter().filter_map(|it| it.3.as_ref().map(|it| it.0)).collect();
    let members = given_names(tx, &families).await?;
    let recipient = |(id, kind, person, family): RecipientRow| {
        let born = person.as_ref().map(|it| it.birth_date);
        let given = given_name(person.as_ref(), family.as_ref().map(|it| it.0), &members);
        let name = name(person.as_ref(), family.map(|it| it.1));
        (id, Recipient { kind, name, given, born })
    };
    Ok(found.into_iter().map(recipient).collect())
}

/// Families that one statement asks for at most.
const FAMILIES_AT_ONCE: usize = 500;

/// The given names of the members of families, as «Алёна, Пётр».
pub(crate) async fn given_names(
    tx: &mut Tx<'_>,
    families: &[FamilyId],
) -> Result<HashMap<FamilyId, String>, Failure> {
    let families: Vec<FamilyId> = families.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut names: HashMap<FamilyId, Vec<String>> = HashMap::new();
    for part in families.chunks(FAMILIES_AT_ONCE) {
        let with_people = family_members::table.inner_join(people::table);
        let found: Vec<(FamilyId, Name)> = db!(
            tx,
            load,
            with_people
                .filter(family_members::family_id.eq_any(binds(part)))
                .order((family_members::family_id, family_members::n))
                .select((family_members::family_id, people::given_name))
        )?;
        for (id, name) in found {
            names.entry(id).or_default().push(name.into());
        }
    }
    Ok(names.into_iter().map(|(id, all)| (id, all.join(", "))).collect())
}

/// The given name of a person, or the given names of the members of a family.
pub(crate) fn given_name(
    person: Option<&Human>,
    family: Option<FamilyId>,
    of_families: &HashMap<FamilyId, String>,
) -> String {
    match (person, family) {
        (Some(person), _) => person.given_name.to_string(),
        (None, Some(id)) => of_families.get(&id).cloned().unwrap_or_default(),
        (None, None) => String::new(),
    }
}
