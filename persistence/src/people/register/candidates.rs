//! Pairs of entries that may be one person, in the database. Those who keep the register see them.
use super::{Recipient, keeps, one_person};
use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds, each};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, people, register_candidates as pairs, register_entries};
use crate::people::{Human, candidates_of, likeness_of};
use crate::sight::{is_found, offered};
use crate::tx::{MergedSides, Tx};
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, OrganizationId, PersonId, RegisterCandidateId, RegisterEntryId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Oktmo};
use domain::people::Sex;
use domain::people::likeness::{Likeness, LikenessReason};
use domain::people::register::actions::RegisterCandidateOffers;
use domain::people::register::candidates::*;
use domain::people::register::merges::Clash;
use shape::{card, filter};
use std::collections::HashMap;
use uuid::Uuid;

/// One of the two entries of a pair.
#[card]
#[derive(Clone)]
pub struct AlikeCard {
    /// The entry.
    pub entry_id: RegisterEntryId,
    /// Its number in the register.
    #[schema(min_length = 1, max_length = 20, example = "2838")]
    pub number: String,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The full name.
    #[schema(min_length = 1, max_length = 302, example = "Морозова Алёна Сергеевна")]
    pub name: String,
    /// The date of birth.
    pub birth_date: NaiveDate,
    /// The sex.
    pub sex: Sex,
    /// The organization responsible.
    pub organization_id: OrganizationId,
    /// The territory in which the person lives.
    pub territory: Oktmo,
}

/// Something that one person has once and both entries have: one of the two ends before they are merged.
#[card]
pub struct ClashCard {
    /// Its kind.
    pub kind: SubjectKind,
    /// That of the first entry.
    #[schema(value_type = String, format = Uuid, max_length = 36, example = "01980000-0000-7000-8000-000000000012")]
    pub id: Uuid,
    /// That of the second entry.
    #[schema(value_type = String, format = Uuid, max_length = 36, example = "01980000-0000-7000-8000-000000000013")]
    pub other_id: Uuid,
}

/// A pair of entries that may be one person, as every endpoint returns it.
#[card]
pub struct RegisterCandidateCard {
    /// The id of the pair.
    pub id: RegisterCandidateId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state.
    pub state: RegisterCandidateState,
    /// The likeness of the two.
    pub likeness: Likeness,
    /// Whether they are probably one person. Otherwise it is possible.
    pub is_likely: bool,
    /// The two entries.
    #[schema(max_items = 2)]
    pub entries: Vec<AlikeCard>,
    /// The reason for which they are different people.
    pub reason: Option<Note>,
    /// Everything that is to end under one of the two before they are merged. Absent in lists and once the pair is decided.
    #[schema(max_items = 1000)]
    pub clashes: Option<Vec<ClashCard>>,
    /// Orders that this caller may send to the pair now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the pair was found.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for RegisterCandidateCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/register-candidates/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        self.entries.iter().map(|it| Subject::new(SubjectKind::RegisterEntry, it.entry_id)).collect()
    }
}

/// Filters of the list of pairs.
#[filter]
pub struct RegisterCandidateFilter {
    /// Only pairs in this state.
    pub state: Option<AnyOf<RegisterCandidateState>>,
    /// `true`: only pairs that are probably one person. `false`: only those where it is possible.
    pub likely: Option<bool>,
}

const REASON: &str = "register_candidates.reason";
/// Clashes that a pair tells at most.
const CLASHES: usize = 1000;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = pairs)]
struct Row {
    id: RegisterCandidateId,
    version: i64,
    entry_id: RegisterEntryId,
    other_entry_id: RegisterEntryId,
    tenths_of_bits: i32,
    reasons: Json<Vec<LikenessReason>>,
    is_likely: bool,
    state: RegisterCandidateState,
    reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

fn missing(id: RegisterCandidateId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::RegisterCandidate, id)))
}

async fn row(tx: &mut Tx<'_>, id: RegisterCandidateId) -> Result<Row, Failure> {
    let one = pairs::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    if keeps(tx).await? { Ok(row) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the pair.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: RegisterCandidateId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

fn whole(tx: &Tx<'_>, it: &Row) -> Result<RegisterCandidate, Failure> {
    let reason = tx.core.keys.open_some(REASON, it.id, it.reason.as_ref())?;
    let entries = (it.entry_id, it.other_entry_id);
    Ok(RegisterCandidate { id: it.id, entries, state: it.state, reason })
}

/// The card of one pair.
pub async fn card(tx: &mut Tx<'_>, id: RegisterCandidateId) -> Result<RegisterCandidateCard, Failure> {
    let row = row(tx, id).await?;
    let offers = RegisterCandidateOffers { it: whole(tx, &row)? };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::RegisterCandidate, id)).await?;
    let is_new = row.state == RegisterCandidateState::New;
    let card = shown(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))?;
    let clashes = if is_new { Some(clashes(tx, &card.entries).await?) } else { None };
    Ok(RegisterCandidateCard { clashes, available_actions: Some(actions), ..card })
}

/// Everything that is against a merge of the two and would end first.
async fn clashes(tx: &mut Tx<'_>, of: &[AlikeCard]) -> Result<Vec<ClashCard>, Failure> {
    let [one, other] = of else { return Ok(Vec::new()) };
    let one = one_person::of(tx, one.beneficiary_id).await?.records();
    let other = one_person::of(tx, other.beneficiary_id).await?.records();
    if one.iter().any(|it| other.contains(it)) {
        return Ok(Vec::new());
    }
    let found = tx.above().clashes(tx, &MergedSides { one, other }).await?;
    let card = |it: Clash| ClashCard { kind: it.kind, id: it.id, other_id: it.other_id };
    Ok(found.into_iter().take(CLASHES).map(card).collect())
}

/// Pairs, the newest first. They are shown to those who keep the register.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &RegisterCandidateFilter,
    window: &Window,
) -> Result<Page<RegisterCandidateCard>, Failure> {
    if !keeps(tx).await? {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let mut rows: Vec<Row> = Vec::new();
    for state in each(filter.state.as_ref()) {
        let some: Vec<Row> = db!(tx, load, {
            let all = pairs::table.select(Row::as_select()).order(pairs::id.desc());
            let mut all = all.limit(window.fetch()).into_boxed();
            if let Some(state) = state {
                all = all.filter(pairs::state.eq(bind(state)));
            }
            if let Some(likely) = filter.likely {
                all = all.filter(pairs::is_likely.eq(likely));
            }
            if let Some(after) = window.after_id() {
                all = all.filter(pairs::id.lt(bind(after)));
            }
            all
        })?;
        rows.extend(some);
    }
    let rows = window.first_of(rows, false, |it| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: shown(tx, page.items).await?, next: page.next })
}

/// The entries of these pairs, as those who keep the register compare them.
async fn alike(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashMap<RegisterEntryId, AlikeCard>, Failure> {
    let ids: Vec<RegisterEntryId> = rows.iter().flat_map(|it| [it.entry_id, it.other_entry_id]).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let both = beneficiaries::table
        .inner_join(people::table)
        .inner_join(register_entries::table.on(register_entries::beneficiary_id.eq(beneficiaries::id)))
        .filter(register_entries::id.eq_any(binds(&ids)));
    type Told = (RegisterEntryId, i64, BeneficiaryId, Sex, Recipient, Human);
    let found: Vec<Told> = db!(
        tx,
        load,
        both.select((
            register_entries::id,
            register_entries::number,
            register_entries::beneficiary_id,
            people::sex,
            Recipient::as_select(),
            Human::as_select()
        ))
    )?;
    let card = |(entry_id, number, beneficiary_id, sex, of, human): Told| AlikeCard {
        entry_id,
        number: number.to_string(),
        beneficiary_id,
        name: human.full_name(),
        birth_date: human.birth_date,
        sex,
        organization_id: of.organization_id,
        territory: of.territory,
    };
    Ok(found.into_iter().map(|it| (it.0, card(it))).collect())
}

async fn shown(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<RegisterCandidateCard>, Failure> {
    let alike = alike(tx, &rows).await?;
    let card = |it: Row| {
        let both = [it.entry_id, it.other_entry_id];
        Ok(RegisterCandidateCard {
            id: it.id,
            version: it.version,
            state: it.state,
            likeness: Likeness { tenths_of_bits: it.tenths_of_bits, reasons: it.reasons.0 },
            is_likely: it.is_likely,
            entries: both.iter().filter_map(|it| alike.get(it).cloned()).collect(),
            reason: tx.core.keys.open_some(REASON, it.id, it.reason)?,
            clashes: None,
            available_actions: None,
            created_at: it.created_at,
            updated_at: it.updated_at,
        })
    };
    tx.readable(rows.into_iter().map(card))
}

/// Loads a pair that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: RegisterCandidateId) -> Result<RegisterCandidate, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    whole(tx, &row)
}

/// Saves a pair that was decided.
pub async fn save_decided(tx: &mut Tx<'_>, change: Changed<RegisterCandidate>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        pairs::version.eq(pairs::version + 1),
        pairs::state.eq(bind(it.state)),
        pairs::reason.eq(bind(tx.core.keys.seal_some(REASON, it.id, it.reason.as_ref())?)),
        pairs::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(pairs::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)
}

/// The pair of two entries, if it was ever found.
async fn pair_of(
    tx: &mut Tx<'_>,
    one: RegisterEntryId,
    other: RegisterEntryId,
) -> Result<Option<Row>, Failure> {
    let (first, second) = pair(one, other);
    let known =
        pairs::table.filter(pairs::entry_id.eq(bind(first))).filter(pairs::other_entry_id.eq(bind(second)));
    Ok(db!(tx, first, known.select(Row::as_select())).optional()?)
}

/// The pairs of entries that were merged are decided: each of the one person with each of the other.
pub(super) async fn merged(
    tx: &mut Tx<'_>,
    ones: &[RegisterEntryId],
    others: &[RegisterEntryId],
) -> Result<(), Failure> {
    for (one, other) in ones.iter().flat_map(|one| others.iter().map(|other| (*one, *other))) {
        if let Some(row) = pair_of(tx, one, other).await? {
            let it = whole(tx, &row)?;
            save_decided(tx, it.merged()).await?;
        }
    }
    Ok(())
}

/// The pairs of entries whose merge was reversed are different people, also where nobody had found them.
pub(super) async fn unmerged(
    tx: &mut Tx<'_>,
    ones: &[RegisterEntryId],
    others: &[RegisterEntryId],
    reason: &Note,
) -> Result<(), Failure> {
    for (one, other) in ones.iter().flat_map(|one| others.iter().map(|other| (*one, *other))) {
        let row = match pair_of(tx, one, other).await? {
            Some(row) => row,
            None => {
                found(tx, (one, other), &Likeness { tenths_of_bits: 0, reasons: Vec::new() }).await?;
                pair_of(tx, one, other).await?.ok_or_else(|| Failure::broken("a pair that is gone"))?
            }
        };
        let it = whole(tx, &row)?;
        save_decided(tx, it.unmerged(reason)).await?;
    }
    Ok(())
}

/// The columns of a likeness.
macro_rules! told {
    ($tx:expr, $likeness:expr) => {
        (
            pairs::tenths_of_bits.eq($likeness.tenths_of_bits),
            pairs::is_likely.eq($likeness.is_likely()),
            pairs::reasons.eq(bind(Json($likeness.reasons.clone()))),
            pairs::updated_at.eq(bind($tx.now())),
        )
    };
}
/// Saves a pair that was not known before.
async fn found(
    tx: &mut Tx<'_>,
    (one, other): (RegisterEntryId, RegisterEntryId),
    likeness: &Likeness,
) -> Result<(), Failure> {
    let (it, records) = RegisterCandidate::find(tx.mint(), one, other).into_parts();
    let head = (
        pairs::id.eq(bind(it.id)),
        pairs::version.eq(1),
        pairs::entry_id.eq(bind(it.entries.0)),
        pairs::other_entry_id.eq(bind(it.entries.1)),
        pairs::state.eq(bind(it.state)),
        pairs::created_at.eq(bind(tx.now())),
    );
    let told = told!(tx, likeness);
    let rows = db!(tx, execute, diesel::insert_into(pairs::table).values((head, told)))?;
    tx.established(rows, records)
}

/// Notes how much two entries are alike.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    (one, other): (RegisterEntryId, RegisterEntryId),
    likeness: Likeness,
) -> Result<(), Failure> {
    let Some(row) = pair_of(tx, one, other).await? else {
        return if likeness.is_possible() { found(tx, (one, other), &likeness).await } else { Ok(()) };
    };
    if row.tenths_of_bits == likeness.tenths_of_bits && row.reasons.0 == likeness.reasons {
        return Ok(());
    }
    let Some(compared) = whole(tx, &row)?.compare(likeness.is_possible()) else { return Ok(()) };
    let (it, records) = compared.into_parts();
    let step = (pairs::version.eq(pairs::version + 1), pairs::state.eq(bind(it.state)));
    let set = (step, told!(tx, likeness));
    let rows = db!(tx, execute, prepared(diesel::update(pairs::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)
}

/// The entry of a person, with the beneficiary.
async fn entry_of(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Option<(RegisterEntryId, BeneficiaryId)>, Failure> {
    let own = register_entries::table
        .inner_join(beneficiaries::table)
        .filter(beneficiaries::person_id.assume_not_null().eq(bind(person)))
        .select((register_entries::id, register_entries::beneficiary_id));
    Ok(db!(tx, first, own).optional()?)
}

/// Looks for entries that are like that of a person who has just been entered or edited. Nobody is told of them but those who keep the
/// register.
pub(crate) async fn look_for(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Failure> {
    let Some((entry, beneficiary)) = entry_of(tx, person).await? else { return Ok(()) };
    let records = one_person::of(tx, beneficiary).await?.records();
    let mut known = still_new(tx, entry).await?;
    for (other, likeness) in candidates_of(tx, person).await? {
        let Some((other, of)) = entry_of(tx, other).await? else { continue };
        known.retain(|it| it.0 != other);
        if !records.contains(&of) {
            note(tx, (entry, other), likeness).await?;
        }
    }
    // A pair may share no key any more, or only one of too many people: it is compared itself.
    for (other, of) in known {
        let likeness = likeness_of(tx, person, of).await?;
        note(tx, (entry, other), likeness).await?;
    }
    Ok(())
}

/// The other entry and its person of each pair of this one that is not decided.
async fn still_new(
    tx: &mut Tx<'_>,
    of: RegisterEntryId,
) -> Result<Vec<(RegisterEntryId, PersonId)>, Failure> {
    let new = || pairs::table.filter(pairs::state.eq(bind(RegisterCandidateState::New)));
    let first = new().filter(pairs::entry_id.eq(bind(of))).select(pairs::other_entry_id);
    let second = new().filter(pairs::other_entry_id.eq(bind(of))).select(pairs::entry_id);
    let others: Vec<RegisterEntryId> = db!(tx, load, first.union_all(second))?;
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let people = register_entries::table
        .inner_join(beneficiaries::table)
        .filter(register_entries::id.eq_any(binds(&others)))
        .select((register_entries::id, beneficiaries::person_id.assume_not_null()));
    Ok(db!(tx, load, people)?)
}
