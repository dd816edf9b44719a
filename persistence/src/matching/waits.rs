//! Who waits in a program, and since when: the answer of a rule (`waiting_since`), kept in a table of its own. A wait changes where
//! needs are saved, and where a mentorship is proposed, ends or goes on.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, mentorships, waiting, waits};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, OrganizationId, ProgramId};
use domain::matching::{LatestMentorship, Wait, waiting_since};
use domain::mentorships::{MentorshipState, TerminationGround};
use std::collections::{HashMap, HashSet};

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

/// The latest mentorship of each beneficiary in the program, among those that have begun.
pub(super) async fn latest(
    tx: &mut Tx<'_>,
    of: Of<'_>,
) -> Result<HashMap<BeneficiaryId, LatestMentorship>, Failure> {
    type Begun = (BeneficiaryId, MentorshipState, Option<TerminationGround>, NaiveDate, Option<NaiveDate>);
    let begun: Vec<Begun> = db!(
        tx,
        load,
        of_these!(mentorships, of)
            .filter(mentorships::program_id.eq(bind(of.program)))
            .filter(mentorships::starts_on.is_not_null())
            .order(mentorships::id)
            .select((
                mentorships::beneficiary_id,
                mentorships::state,
                mentorships::termination_ground,
                mentorships::proposed_on,
                mentorships::ended_on,
            ))
    )?;
    let latest = |(id, state, ground, proposed_on, ended_on): Begun| {
        (id, LatestMentorship { state, ground, proposed_on, ended_on })
    };
    Ok(begun.into_iter().map(latest).collect())
}

/// Counts anew whether a beneficiary waits in a program.
pub(crate) async fn count(tx: &mut Tx<'_>, program: ProgramId, id: BeneficiaryId) -> Result<(), Failure> {
    let of = Of::these(program, std::slice::from_ref(&id), None);
    let one = waiting::table.find((bind(program), bind(id)));
    let since = match taken(tx, of).await?.contains(&id) {
        true => None,
        false => {
            let entered = entered(tx, of).await?.remove(&id);
            waiting_since(entered, latest(tx, of).await?.get(&id))
        }
    };
    let before: Option<NaiveDate> = db!(tx, first, one.select(waiting::since)).optional()?;
    if before == since {
        return Ok(());
    }
    db!(tx, execute, diesel::delete(one))?;
    if let Some(since) = since {
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
