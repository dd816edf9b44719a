//! Needs of beneficiaries, as specialists record them. The needs are sealed, but the programs in which a beneficiary
//! waits are plain, so that queries find them. The beneficiary and the mentor see nothing of it.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{matching_needs, waits};
use crate::matching::waits as kept_waits;
use crate::region::programs;
use crate::sight::{all_of, must_refer, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, ProgramId};
use domain::base::moment::Moment;
use domain::matching::{MatchingNeeds, MatchingNeedsForm, NEEDS, Wait};
use domain::people::{Beneficiary, BeneficiaryKind};
use domain::region::programs::Serves;
use shape::card;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The needs of a beneficiary, and the programs in which they wait.
#[card]
pub struct MatchingNeedsCard {
    /// The beneficiary with these needs.
    pub beneficiary_id: BeneficiaryId,
    /// The version number; it grows with every change and is the value of the `ETag` header. It is 0 before the first
    /// change.
    #[schema(minimum = 0, example = 1)]
    pub version: i64,
    /// Whether the needs were recorded.
    pub filled: bool,
    /// The needs; the programs with the longest wait come first.
    pub form: MatchingNeedsForm,
    /// Orders that this caller may send to the needs now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment of the last change.
    pub updated_at: Option<Moment>,
}

impl Card for MatchingNeedsCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}

const FORM: &str = "matching_needs.form";

/// Loads a beneficiary as staff sees them. A beneficiary who is also staff may not read their own needs.
async fn beneficiary_of_others(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Beneficiary, Failure> {
    if tx.caller().is_some_and(|it| it.beneficiaries.contains(&id)) {
        return Err(super::missing(id));
    }
    super::beneficiary(tx, id).await
}

/// The needs of a beneficiary whom the right of this transaction reaches.
pub async fn card(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<MatchingNeedsCard, Failure> {
    beneficiary_of_others(tx, id).await?;
    let card = kept(tx, id).await?;
    let actions = offered(tx, &NEEDS, Subject::new(SubjectKind::Beneficiary, id)).await?;
    Ok(MatchingNeedsCard { available_actions: actions, ..card })
}

async fn kept(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<MatchingNeedsCard, Failure> {
    let one = matching_needs::table.find(bind(id));
    let columns = (matching_needs::version, matching_needs::form, matching_needs::updated_at);
    let row: Option<(i64, String, Moment)> = db!(tx, first, one.select(columns)).optional()?;
    let Some((version, sealed, at)) = row else {
        let form = MatchingNeedsForm::default();
        return Ok(MatchingNeedsCard {
            beneficiary_id: id,
            version: 0,
            filled: false,
            form,
            available_actions: Vec::new(),
            updated_at: None,
        });
    };
    let mut form = open(tx, id, &sealed)?;
    form.waits = waits_of(tx, id).await?;
    let (available_actions, updated_at) = (Vec::new(), Some(at));
    Ok(MatchingNeedsCard { beneficiary_id: id, version, filled: true, form, available_actions, updated_at })
}

/// The recorded needs, without the programs in which the beneficiary waits.
pub(super) fn open(tx: &Tx<'_>, id: BeneficiaryId, sealed: &str) -> Result<MatchingNeedsForm, Failure> {
    tx.core.keys.open(FORM, Uuid::from(id), sealed)
}

async fn waits_of(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Vec<Wait>, Failure> {
    let theirs = waits::table
        .filter(waits::beneficiary_id.eq(bind(id)))
        .order((waits::since, waits::program_id))
        .select((waits::program_id, waits::since));
    let rows: Vec<(ProgramId, NaiveDate)> = db!(tx, load, theirs)?;
    Ok(rows.into_iter().map(|(program_id, since)| Wait { program_id, since }).collect())
}

/// Loads the needs of a beneficiary that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<MatchingNeeds, Failure> {
    let beneficiary = beneficiary_of_others(tx, id).await?;
    let it = kept(tx, id).await?;
    tx.expect(it.version)?;
    Ok(MatchingNeeds { id, kind: beneficiary.form.kind, form: it.form })
}

/// The kinds of beneficiaries that the programs of a form serve today, and the refusal of programs that the caller does not see. Programs
/// without an edition in force are left out. One that is not there serves all, for it is refused already.
pub async fn serving(
    tx: &mut Tx<'_>,
    form: &MatchingNeedsForm,
    kind: BeneficiaryKind,
) -> Result<(HashMap<ProgramId, Serves>, Result<(), Failure>), Failure> {
    let (mut serving, mut checks) = (HashMap::new(), Vec::new());
    for (index, it) in form.waits.iter().enumerate() {
        let pointer = format!("/waits/{index}/program_id");
        let seen = must_refer(tx, SubjectKind::Program, Some(it.program_id), &pointer).await;
        let serves = match seen {
            Ok(()) => {
                let edition = programs::edition_in_force(tx, it.program_id, tx.today()).await?;
                edition.map(|edition| edition.form.serves)
            }
            Err(_) => Some(kind.served_by()),
        };
        serving.extend(serves.map(|serves| (it.program_id, serves)));
        checks.push(seen);
    }
    Ok((serving, all_of(checks)))
}

/// Saves the edited needs of a beneficiary.
pub async fn save(tx: &mut Tx<'_>, change: Changed<MatchingNeeds>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let without_waits = MatchingNeedsForm { waits: Vec::new(), ..it.form.clone() };
    let form = (
        matching_needs::form.eq(bind(tx.core.keys.seal(FORM, Uuid::from(it.id), &without_waits)?)),
        matching_needs::updated_at.eq(bind(tx.now())),
    );
    let next = matching_needs::version.eq(matching_needs::version + 1);
    let again = diesel::update(matching_needs::table.find(bind(it.id))).set((next, form.clone()));
    let mut rows = db!(tx, execute, prepared(again))?;
    if rows == 0 {
        let head = (matching_needs::beneficiary_id.eq(bind(it.id)), matching_needs::version.eq(1));
        rows = db!(tx, execute, diesel::insert_into(matching_needs::table).values((head, form)))?;
    }
    save_waits(tx, it.id, &it.form.waits).await?;
    tx.established(rows, records)
}

async fn save_waits(tx: &mut Tx<'_>, id: BeneficiaryId, all: &[Wait]) -> Result<(), Failure> {
    let before = waits_of(tx, id).await?;
    db!(tx, execute, diesel::delete(waits::table.filter(waits::beneficiary_id.eq(bind(id)))))?;
    for it in all {
        let row = (
            waits::program_id.eq(bind(it.program_id)),
            waits::beneficiary_id.eq(bind(id)),
            waits::since.eq(it.since),
        );
        db!(tx, execute, diesel::insert_into(waits::table).values(row))?;
    }
    let programs: BTreeSet<ProgramId> = before.iter().chain(all).map(|it| it.program_id).collect();
    for program in programs {
        kept_waits::count(tx, program, id).await?;
    }
    Ok(())
}
