//! People who wait in a program, and since when: the answer of a rule (`waiting_since`), kept in a table of its own. A wait changes where
//! needs are saved, and where a mentorship is proposed, ends or goes on. One person waits once in a program: under the record that waits
//! longest. Somebody who is removed from the register, or has died under any record, waits in none. Families are counted as if they lived:
//! they die out with their members, whom edits change, so readers ask for that.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries, mentorships, person_records, register_entries, representatives, waiting, waits,
};
use crate::people::{has_died, one_person, records_behind, register};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, MentorshipId, OrganizationId, PersonId, ProgramId};
use domain::matching::{LatestMentorship, Wait, waiting_record};
use domain::mentorships::{MentorshipState, TerminationGround};
use domain::people::register::RegisterState;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Ids in one statement at most.
const NAMED_AT_MOST: usize = 500;

/// The beneficiaries of whom rows are read: the given ones, if they are few enough for one statement. Else all who wait in the
/// program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) program: ProgramId,
    pub(super) ids: &'a [BeneficiaryId],
    pub(super) also: Option<BeneficiaryId>,
}

impl<'a> Of<'a> {
    /// These beneficiaries, all of whom wait in the program or are few. One more may be among them who does not wait.
    pub(super) fn these(program: ProgramId, ids: &'a [BeneficiaryId], also: Option<BeneficiaryId>) -> Self {
        Self { program, ids, also }
    }
    pub(super) fn are_few(self) -> bool {
        self.ids.len() <= NAMED_AT_MOST
    }
}

/// The rows of a table about these beneficiaries.
macro_rules! of_these {
    ($table:ident, $of:expr) => {{
        let mut all = $table::table.into_boxed();
        if $of.are_few() {
            all = all.filter($table::beneficiary_id.eq_any(binds($of.ids)));
        } else {
            let waits = waiting::table.filter(waiting::program_id.eq(bind($of.program)));
            all = all.filter($table::beneficiary_id.eq_any(waits.select(waiting::beneficiary_id)));
            if let Some(also) = $of.also {
                all = all.or_filter($table::beneficiary_id.eq(bind(also)));
            }
        }
        all
    }};
}

pub(super) use of_these;

/// The days since which beneficiaries wait in the program, as recorded.
pub(super) async fn entered(
    tx: &mut Tx<'_>,
    of: Of<'_>,
) -> Result<HashMap<BeneficiaryId, NaiveDate>, Failure> {
    let rows: Vec<(BeneficiaryId, NaiveDate)> = db!(
        tx,
        load,
        of_these!(waits, of)
            .filter(waits::program_id.eq(bind(of.program)))
            .select((waits::beneficiary_id, waits::since))
    )?;
    Ok(rows.into_iter().collect())
}

/// Those who have a mentorship in the program that has not ended.
pub(super) async fn taken(tx: &mut Tx<'_>, of: Of<'_>) -> Result<HashSet<BeneficiaryId>, Failure> {
    let taken: Vec<BeneficiaryId> = db!(
        tx,
        load,
        of_these!(mentorships, of)
            .filter(mentorships::program_id.eq(bind(of.program)))
            .filter(mentorships::ended_on.is_null())
            .select(mentorships::beneficiary_id)
    )?;
    Ok(taken.into_iter().collect())
}

/// Those who are removed from the register. The first record of a person stands for all of them.
pub(super) async fn removed(tx: &mut Tx<'_>, of: Of<'_>) -> Result<HashSet<BeneficiaryId>, Failure> {
    let own: Vec<BeneficiaryId> = db!(
        tx,
        load,
        of_these!(register_entries, of)
            .filter(register_entries::state.eq(bind(RegisterState::Removed)))
            .select(register_entries::beneficiary_id)
    )?;
    // A second record is never removed by itself.
    let by_first: Vec<BeneficiaryId> = db!(tx, load, {
        let first = register_entries::table
            .filter(register_entries::beneficiary_id.eq(person_records::first_id))
            .filter(register_entries::state.eq(bind(RegisterState::Removed)));
        of_these!(person_records, of).filter(exists(first)).select(person_records::beneficiary_id)
    })?;
    Ok(own.into_iter().chain(by_first).collect())
}

/// A mentorship that has begun, with its beneficiary.
type Begun = (MentorshipId, BeneficiaryId, LatestMentorship);

/// The latest mentorship of each beneficiary in the program, among those that have begun.
pub(super) async fn latest(
    tx: &mut Tx<'_>,
    of: Of<'_>,
) -> Result<HashMap<BeneficiaryId, LatestMentorship>, Failure> {
    Ok(begun(tx, of).await?.into_iter().map(|(_, id, it)| (id, it)).collect())
}

/// The mentorships of these beneficiaries in the program that have begun, the latest last.
async fn begun(tx: &mut Tx<'_>, of: Of<'_>) -> Result<Vec<Begun>, Failure> {
    type Line = (
        MentorshipId,
        BeneficiaryId,
        MentorshipState,
        Option<TerminationGround>,
        NaiveDate,
        Option<NaiveDate>,
    );
    let mut begun: Vec<Line> = db!(
        tx,
        load,
        of_these!(mentorships, of)
            .filter(mentorships::program_id.eq(bind(of.program)))
            .filter(mentorships::starts_on.is_not_null())
            .select((
                mentorships::id,
                mentorships::beneficiary_id,
                mentorships::state,
                mentorships::termination_ground,
                mentorships::proposed_on,
                mentorships::ended_on,
            ))
    )?;
    // Sorted here. With the order in the statement SQLite walked all mentorships of the program, which an index has in that order.
    begun.sort_unstable_by_key(|it| it.0);
    let line = |(id, of, state, ground, proposed_on, ended_on): Line| {
        (id, of, LatestMentorship { state, ground, proposed_on, ended_on })
    };
    Ok(begun.into_iter().map(line).collect())
}

/// The person of a beneficiary who has other records in the register.
#[derive(Debug, Default)]
pub(super) struct OtherRecords {
    /// The beneficiaries of the other records.
    pub(super) all: Vec<BeneficiaryId>,
    /// The people of all records. Kinship is known by any of them.
    pub(super) people: Vec<PersonId>,
    /// The representatives under all records.
    pub(super) representatives: Vec<PersonId>,
    /// The latest mentorship in the program under any record.
    pub(super) latest: Option<LatestMentorship>,
    /// Whether the person waits, or has a mentor, under another record.
    pub(super) count: bool,
}

/// Those of these beneficiaries who have other records, each with them.
pub(super) async fn other_records(
    tx: &mut Tx<'_>,
    of: Of<'_>,
) -> Result<HashMap<BeneficiaryId, OtherRecords>, Failure> {
    let pairs: Vec<(BeneficiaryId, BeneficiaryId)> = db!(
        tx,
        load,
        of_these!(person_records, of).select((person_records::beneficiary_id, person_records::record_id))
    )?;
    let records: Vec<BeneficiaryId> =
        pairs.iter().map(|it| it.1).collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = Records::default();
    for some in records.chunks(NAMED_AT_MOST) {
        found.read(tx, Of::these(of.program, some, None)).await?;
        found.read_people(tx, some).await?;
    }
    let mut persons: HashMap<BeneficiaryId, Vec<BeneficiaryId>> = HashMap::new();
    pairs.into_iter().for_each(|(id, record)| persons.entry(id).or_default().push(record));
    Ok(persons.into_iter().map(|(id, all)| (id, found.of(id, all))).collect())
}

/// The rows about all records of some people.
#[derive(Debug, Default)]
struct Records {
    entered: HashMap<BeneficiaryId, NaiveDate>,
    taken: HashSet<BeneficiaryId>,
    begun: Vec<Begun>,
    people: HashMap<BeneficiaryId, PersonId>,
    acting: Vec<(BeneficiaryId, PersonId)>,
}

impl Records {
    async fn read(&mut self, tx: &mut Tx<'_>, of: Of<'_>) -> Result<(), Failure> {
        self.entered.extend(entered(tx, of).await?);
        self.taken.extend(taken(tx, of).await?);
        self.begun.extend(begun(tx, of).await?);
        Ok(())
    }
    async fn read_people(&mut self, tx: &mut Tx<'_>, of: &[BeneficiaryId]) -> Result<(), Failure> {
        let theirs = beneficiaries::table
            .filter(beneficiaries::id.eq_any(binds(of)))
            .filter(beneficiaries::person_id.is_not_null())
            .select((beneficiaries::id, beneficiaries::person_id.assume_not_null()));
        let people: Vec<(BeneficiaryId, PersonId)> = db!(tx, load, theirs)?;
        self.people.extend(people);
        let acting = representatives::table
            .filter(representatives::beneficiary_id.eq_any(binds(of)))
            .select((representatives::beneficiary_id, representatives::person_id));
        let acting: Vec<(BeneficiaryId, PersonId)> = db!(tx, load, acting)?;
        self.acting.extend(acting);
        Ok(())
    }
    /// The latest mentorship under these records, and the one under which the person waits.
    fn turn(
        &self,
        records: &[BeneficiaryId],
    ) -> (Option<&LatestMentorship>, Option<(NaiveDate, BeneficiaryId)>) {
        let latest = self.begun.iter().filter(|it| records.contains(&it.1)).max_by_key(|it| it.0);
        let day = |it: &BeneficiaryId| Some((*it, *self.entered.get(it)?));
        let entered: HashMap<BeneficiaryId, NaiveDate> = records.iter().filter_map(day).collect();
        let is_taken = records.iter().any(|it| self.taken.contains(it));
        let waits = waiting_record(&entered, latest.map(|it| (it.1, &it.2))).filter(|_| !is_taken);
        (latest.map(|it| &it.2), waits)
    }
    fn of(&self, id: BeneficiaryId, records: Vec<BeneficiaryId>) -> OtherRecords {
        let (latest, waits) = self.turn(&records);
        let has_mentor = records.iter().any(|it| *it != id && self.taken.contains(it));
        OtherRecords {
            people: records.iter().filter_map(|it| self.people.get(it).copied()).collect(),
            representatives: self.acting.iter().filter(|it| records.contains(&it.0)).map(|it| it.1).collect(),
            latest: latest.cloned(),
            count: has_mentor || waits.is_some_and(|it| it.1 != id),
            all: records.into_iter().filter(|it| *it != id).collect(),
        }
    }
}

/// Counts anew whether the person of a beneficiary waits in a program, and under which record.
pub(crate) async fn count(tx: &mut Tx<'_>, program: ProgramId, id: BeneficiaryId) -> Result<(), Failure> {
    let records = one_person::of(tx, id).await?.records();
    let mut found = Records::default();
    found.read(tx, Of::these(program, &records, None)).await?;
    let mut waits = found.turn(&records).1;
    if waits.is_some() && (register::is_removed(tx, id).await? || has_died(tx, id).await?) {
        waits = None;
    }
    let theirs = || {
        let of_program = waiting::table.filter(waiting::program_id.eq(bind(program)));
        of_program.filter(waiting::beneficiary_id.eq_any(binds(&records)))
    };
    let before: Vec<(NaiveDate, BeneficiaryId)> =
        db!(tx, load, theirs().select((waiting::since, waiting::beneficiary_id)))?;
    if before.iter().copied().eq(waits) {
        return Ok(());
    }
    db!(tx, execute, diesel::delete(theirs()))?;
    if let Some((since, id)) = waits {
        let beneficiary = beneficiaries::table.find(bind(id)).select(beneficiaries::organization_id);
        let organization: OrganizationId = db!(tx, first, beneficiary)?;
        let row = (
            waiting::organization_id.eq(bind(organization)),
            waiting::program_id.eq(bind(program)),
            waiting::beneficiary_id.eq(bind(id)),
            waiting::since.eq(since),
        );
        db!(tx, execute, diesel::insert_into(waiting::table).values(row))?;
    }
    Ok(())
}

/// Counts anew in all programs, after the records of two people became those of one, or those of one became those of two.
pub(crate) async fn count_anew(tx: &mut Tx<'_>, of: &[BeneficiaryId]) -> Result<(), Failure> {
    let (mut records, mut people) = (Vec::new(), Vec::new());
    for id in of {
        if !records.contains(id) {
            records.extend(one_person::of(tx, *id).await?.records());
            people.push(*id);
        }
    }
    let entered =
        waits::table.filter(waits::beneficiary_id.eq_any(binds(&records))).select(waits::program_id);
    let mut programs: Vec<ProgramId> = db!(tx, load, entered)?;
    let paired = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .select(mentorships::program_id);
    let paired: Vec<ProgramId> = db!(tx, load, paired)?;
    programs.extend(paired);
    programs.sort_unstable();
    programs.dedup();
    for program in programs {
        for id in &people {
            count(tx, program, *id).await?;
        }
    }
    Ok(())
}

/// Counts anew in all programs, after the death of a person or its annulment.
pub(crate) async fn count_behind(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Failure> {
    match records_behind(tx, person).await?.first().copied() {
        Some(of) => count_anew(tx, &[of]).await,
        None => Ok(()),
    }
}

/// Puts a beneficiary back on the waiting list when their mentor is replaced. The day of the proposal counts as the
/// beginning, unless another day is on record (002 §3.10).
pub(crate) async fn wait_again(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    program: ProgramId,
    since: NaiveDate,
) -> Result<(), Failure> {
    let one = waits::table.find((bind(program), bind(of)));
    let is_there: bool = db!(tx, get_result, diesel::select(exists(one)))?;
    if is_there {
        return Ok(());
    }
    let (it, records) = Wait { program_id: program, since }.again(of).into_parts();
    let row = (
        waits::program_id.eq(bind(it.program_id)),
        waits::beneficiary_id.eq(bind(of)),
        waits::since.eq(it.since),
    );
    let rows = db!(tx, execute, diesel::insert_into(waits::table).values(row))?;
    tx.established(rows, records)
}
