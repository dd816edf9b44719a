//! The situation of a mentorship: the facts outside of it that rules judge, and the caller's stand to it.
use super::row::Row;
use super::{consents, course};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, mentorships, people as people_table, waiting};
use crate::mentors;
use crate::mentorships::regularity;
use crate::mentorships::requests;
use crate::people::{self, one_person};
use crate::region::programs;
use crate::sight::sees;
use crate::tx::{ObjectedPair, Tx};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::word::Word;
use domain::mentors::Mentor;
use domain::mentorships::*;
use domain::people::BeneficiaryKind;
use domain::people::consents::HumanFacts;
use domain::region::programs::Edition;
use std::iter;

/// The people, the institution and the program of a mentorship.
struct Parties {
    id: Option<MentorshipId>,
    program_id: ProgramId,
    organization_id: OrganizationId,
    beneficiary_id: BeneficiaryId,
    mentor_id: MentorId,
}

/// The situation of a proposal. It uses the edition in force on the first day, and the recipient's institution confirms.
pub async fn situation_of_proposal(tx: &mut Tx<'_>, order: &Proposal) -> Result<Situation, Failure> {
    let edition = programs::must_be_in_force(tx, order.program_id, order.starts_on).await?;
    situation_of_proposal_under(tx, order, edition).await
}

/// The situation of a proposal under a known edition.
pub(crate) async fn situation_of_proposal_under(
    tx: &mut Tx<'_>,
    order: &Proposal,
    edition: Edition,
) -> Result<Situation, Failure> {
    let row = recipient_row(tx, order.beneficiary_id).await?;
    let parties = Parties {
        id: None,
        program_id: order.program_id,
        organization_id: row.0,
        beneficiary_id: order.beneficiary_id,
        mentor_id: order.mentor_id,
    };
    if order.replaces_id.is_none() && !waits_here(tx, order).await? {
        one_person::beginning_on(tx, order.beneficiary_id, Some("/beneficiary_id")).await?;
    }
    let mut situation = situation(tx, &parties, row, edition).await?;
    situation.replaced = match order.replaces_id {
        Some(id) => Some(replaced(tx, id, order.beneficiary_id).await?),
        None => None,
    };
    situation.awaits_successor = awaits_successor(tx, &parties).await?;
    Ok(situation)
}

/// Whether the person waits in the program under this very record. Then a mentorship begins on it, be it the second one: a round proposes
/// for the record that waits.
async fn waits_here(tx: &mut Tx<'_>, order: &Proposal) -> Result<bool, Failure> {
    let one = waiting::table.find((bind(order.program_id), bind(order.beneficiary_id)));
    Ok(db!(tx, get_result, diesel::select(exists(one)))?)
}

/// The recipient's latest mentorship in the program under any record, if it was replaced and nothing has followed after it. One of another
/// record that the caller does not see could not be named, so nobody asks the caller for it.
async fn awaits_successor(tx: &mut Tx<'_>, of: &Parties) -> Result<Option<MentorshipId>, Failure> {
    let records = one_person::of(tx, of.beneficiary_id).await?.records();
    let theirs = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .filter(mentorships::program_id.eq(bind(of.program_id)))
        .filter(mentorships::starts_on.is_not_null())
        .select((mentorships::id, mentorships::state, mentorships::beneficiary_id));
    // The latest is found here. By an order in the statement SQLite would walk all mentorships of the program.
    let begun: Vec<(MentorshipId, MentorshipState, BeneficiaryId)> = db!(tx, load, theirs)?;
    let latest = begun.into_iter().max_by_key(|it| it.0);
    let Some((id, MentorshipState::Replaced, record)) = latest else { return Ok(None) };
    let subject = Subject::new(SubjectKind::Mentorship, id);
    let is_known = record == of.beneficiary_id || sees(tx, subject).await?;
    Ok((is_known && !course::is_succeeded(tx, id).await?).then_some(id))
}

/// The replaced mentorship that a proposal for that recipient continues. It may be of another record of the recipient.
async fn replaced(tx: &mut Tx<'_>, id: MentorshipId, of: BeneficiaryId) -> Result<ReplacedFacts, Failure> {
    let row: Row = db!(tx, first, mentorships::table.find(bind(id)).select(Row::as_select()))?;
    let is_theirs = one_person::are(tx, of, row.beneficiary_id).await?;
    Ok(ReplacedFacts {
        state: row.state,
        beneficiary_id: if is_theirs { of } else { row.beneficiary_id },
        program_id: row.program_id,
        mentor_id: row.mentor_id,
        is_succeeded: course::is_succeeded(tx, id).await?,
    })
}

/// The current situation of an existing mentorship. Its counts leave out the mentorship itself.
pub async fn situation_of(tx: &mut Tx<'_>, it: &Pairing) -> Result<Situation, Failure> {
    if let Some(known) = tx.around(it.id) {
        return Ok(known);
    }
    let parties = Parties {
        id: Some(it.id),
        program_id: it.program_id,
        organization_id: it.organization_id,
        beneficiary_id: it.beneficiary_id,
        mentor_id: it.mentor_id,
    };
    let edition = programs::edition_of(tx, it.edition_id).await?;
    let row = recipient_row(tx, it.beneficiary_id).await?;
    let situation = situation(tx, &parties, row, edition).await?;
    tx.note_around(it.id, situation.clone());
    Ok(situation)
}

/// The situation of a confirmation. It also tells whether the first day is still under the edition that the mentorship
/// keeps.
pub async fn situation_of_confirmation(
    tx: &mut Tx<'_>,
    it: &Pairing,
    order: &Confirmation,
) -> Result<Situation, Failure> {
    let mut situation = situation_of(tx, it).await?;
    let planned = programs::edition_in_force(tx, it.program_id, it.planned_starts_on).await?;
    let ordered = programs::edition_in_force(tx, it.program_id, order.starts_on).await?;
    situation.is_other_edition = planned.map(|it| it.id) != ordered.map(|it| it.id);
    Ok(situation)
}

/// Condition on rows: other mentorships that have not ended.
macro_rules! others {
    ($of:expr) => {{
        let mut all = mentorships::table.filter(mentorships::ended_on.is_null()).into_boxed();
        if let Some(id) = $of.id {
            all = all.filter(mentorships::id.ne(bind(id)));
        }
        all
    }};
}

async fn situation(
    tx: &mut Tx<'_>,
    of: &Parties,
    row: RecipientRow,
    edition: Edition,
) -> Result<Situation, Failure> {
    let recipient = recipient(tx, of, row).await?;
    let mentor = mentor(tx, of).await?;
    let pair = ObjectedPair {
        program_id: of.program_id,
        beneficiary_id: of.beneficiary_id,
        mentor_id: of.mentor_id,
    };
    let has_objection = tx.above().is_objected(tx, pair).await?;
    Ok(Situation {
        organization_id: of.organization_id,
        edition_id: edition.id,
        edition: edition.form,
        recipient,
        mentor,
        replaced: None,
        awaits_successor: None,
        has_objection,
        is_other_edition: false,
    })
}

/// The consents of a mentorship, in the order of their recording.
pub async fn consents_given(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Vec<Consent>, Failure> {
    Ok(consents::of(tx, &[id]).await?.into_iter().map(|it| it.consent()).collect())
}

/// The facts that rules judge when a term is extended.
pub async fn extension_facts(tx: &mut Tx<'_>, it: &Pairing) -> Result<ExtensionFacts, Failure> {
    let situation = situation_of(tx, it).await?;
    let given = consents_given(tx, it.id).await?;
    extension_facts_of(tx, it, &situation, &given).await
}

/// The same, where the situation and the consents are at hand.
pub(super) async fn extension_facts_of(
    tx: &mut Tx<'_>,
    it: &Pairing,
    situation: &Situation,
    given: &[Consent],
) -> Result<ExtensionFacts, Failure> {
    let mentor = mentors::found(tx, it.mentor_id).await?;
    let has_grounds = mentors::removals::has_open_grounds(tx, it.mentor_id).await?;
    Ok(ExtensionFacts {
        edition: situation.edition.clone(),
        consents_missing: consents_missing(given, situation, tx.today()),
        extended_times: course::extended_times(tx, it.id).await?,
        is_removal_open: mentor.removal.is_some() || has_grounds,
    })
}

/// The facts that rules judge when a mentor is replaced.
pub async fn replacement_facts(tx: &mut Tx<'_>, of: &Running) -> Result<ReplacementFacts, Failure> {
    let edition = programs::edition_of(tx, of.pairing.edition_id).await?.form;
    let (today, starts_on) = (tx.today(), of.term.starts_on);
    let regularity = regularity::of_one(tx, of.pairing.id).await?;
    let since = regularity.last_on.unwrap_or(starts_on);
    // Days of a pause do not count as days of absence.
    let paused = course::paused_days(tx, of.pairing.id, since, today).await?;
    let mut requested_by = Vec::new();
    for party in Party::ALL {
        if requests::open_replacement(tx, of.pairing.id, *party).await?.is_some() {
            requested_by.push(*party);
        }
    }
    Ok(ReplacementFacts {
        silent_days: regularity.silent_days(starts_on, today) - paused,
        long_absence_days: edition.long_absence_days,
        by_head: of.pairing.is_head(tx.caller()),
        requested_by,
        met_on: regularity.last_on,
    })
}

/// The facts that rules judge when a mentorship is terminated.
pub async fn termination_facts(
    tx: &mut Tx<'_>,
    it: &Pairing,
    mentor: &Mentor,
) -> Result<TerminationFacts, Failure> {
    let met_on = regularity::met_on(tx, it.id).await?;
    let caller = tx.caller();
    Ok(TerminationFacts { by_director: it.is_remover(caller, mentor), by: it.side_of(caller), met_on })
}

/// The earliest day for a pause: the day of the latest meeting, or of the end of the previous pause.
pub async fn busy_until(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Option<NaiveDate>, Failure> {
    Ok(regularity::met_on(tx, id).await?.max(course::resumed_on(tx, id).await?))
}

/// The facts that rules judge when a side withdraws.
pub async fn withdrawal_facts(tx: &mut Tx<'_>, of: &Pairing) -> Result<WithdrawalFacts, Failure> {
    let by = of.side_of(tx.caller()).map(|party| (party, of.signer_of(tx.caller())));
    let given = consents_given(tx, of.id).await?;
    let by_institution = tx.scope().answers_for(of.organization_id);
    let met_on = regularity::met_on(tx, of.id).await?;
    Ok(WithdrawalFacts { by, by_institution, consents: given, met_on })
}

type RecipientRow = (OrganizationId, BeneficiaryKind, Option<PersonId>, Option<FamilyId>, Option<NaiveDate>);

/// The institution responsible for a recipient, the person or family, and the person's date of birth.
async fn recipient_row(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<RecipientRow, Failure> {
    let one = beneficiaries::table.left_join(people_table::table).filter(beneficiaries::id.eq(bind(id)));
    let columns = (
        beneficiaries::organization_id,
        beneficiaries::kind,
        beneficiaries::person_id,
        beneficiaries::family_id,
        people_table::birth_date.nullable(),
    );
    Ok(db!(tx, first, one.select(columns))?)
}

async fn recipient(tx: &mut Tx<'_>, of: &Parties, row: RecipientRow) -> Result<RecipientFacts, Failure> {
    let (_, kind, person, family, born) = row;
    let own = people::people_under_all_records(tx, of.beneficiary_id).await?;
    let has_died = people::lives_of(tx, of.beneficiary_id).await?.are_over();
    let relatives = people::kin_of(tx, own.clone()).await?;
    let (people, has_minor_children, primary_contact) = match (family, person.zip(born)) {
        (Some(family), _) => people::household(tx, family).await?,
        // The person signs under any record, and has one birthday: that of the record of the mentorship.
        (None, Some((person_id, birth_date))) => {
            let selves = own.into_iter().filter(|it| *it != person_id);
            let human = |person_id| HumanFacts { person_id, birth_date };
            (iter::once(person_id).chain(selves).map(human).collect(), false, None)
        }
        (None, None) => return Err(Failure::broken("a beneficiary who is nobody")),
    };
    let records = one_person::of(tx, of.beneficiary_id).await?.records();
    let not_ended_in_program = db!(
        tx,
        get_result,
        others!(of)
            .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
            .filter(mentorships::program_id.eq(bind(of.program_id)))
            .count()
    )?;
    Ok(RecipientFacts {
        kind,
        people,
        has_minor_children,
        has_open_case: has_open_case(tx, of).await?,
        representatives: people::representatives_of(tx, of.beneficiary_id).await?,
        relatives,
        has_died,
        is_removed: people::register::is_removed(tx, of.beneficiary_id).await?,
        primary_contact,
        not_ended_in_program,
    })
}

async fn has_open_case(tx: &mut Tx<'_>, of: &Parties) -> Result<bool, Failure> {
    let records = one_person::of(tx, of.beneficiary_id).await?.records();
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records)))
        .filter(cases::organization_id.eq(bind(of.organization_id)))
        .filter(cases::state.eq(bind(CaseState::Open)));
    Ok(db!(tx, get_result, diesel::select(exists(open)))?)
}

async fn mentor(tx: &mut Tx<'_>, of: &Parties) -> Result<MentorSide, Failure> {
    let it = mentors::found(tx, of.mentor_id).await?;
    let facts = mentors::facts_in(tx, &it, of.organization_id).await?;
    let (active, active_in_program) = load_of(tx, of).await?;
    Ok(MentorSide {
        person_id: it.person_id,
        facts,
        capacity: it.form.capacity,
        active,
        active_in_program,
        has_open_grounds: mentors::removals::has_open_grounds(tx, it.id).await?,
    })
}

/// The numbers of the mentor's other active mentorships: in all programs, and in this program.
async fn load_of(tx: &mut Tx<'_>, of: &Parties) -> Result<(i64, i64), Failure> {
    let programs: Vec<ProgramId> = db!(
        tx,
        load,
        others!(of)
            .filter(mentorships::starts_on.is_not_null())
            .filter(mentorships::mentor_id.eq(bind(of.mentor_id)))
            .select(mentorships::program_id)
    )?;
    let count = |it: usize| i64::try_from(it).map_err(Failure::broken);
    let here = programs.iter().filter(|it| **it == of.program_id).count();
    Ok((count(programs.len())?, count(here)?))
}
