//! Sight: the things that a caller may know of. It decides between 403 and 404, and whether an order may refer to a thing.
//!
//! Each word has one meaning in this crate:
//! - `visible!`: the rows that a scope reaches. Every read of a feature begins with it.
//! - `reaches`, `reached`: the right of this transaction reaches one thing, or these of several.
//! - `sees`, `seen`: the caller's right to read that kind reaches it, also where this transaction runs by another right.
//! - `is_shown_to`: whether a part of a reached thing is shown to these eyes: staff, the mentor or the recipient.
//! - `shown`: the card of a row, as this caller reads it.
//! - `disclose`: notes in the journal that personal data was read.
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::tx::Tx;
use domain::base::access::{Right, Scope};
use domain::base::action::{AvailableAction, Judged, Offer, Offers, available};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MentorId, OrganizationId, PersonId};
use domain::base::refusal::{Reason, Refused};
use uuid::Uuid;

/// Whether the caller sees that thing.
pub async fn sees(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    let Some(right) = tx.above().right_to_see(subject.kind) else { return Ok(false) };
    let before = tx.use_scope_of(right);
    let seen = reaches(tx, subject).await;
    tx.restore_scope(before);
    seen
}

/// Whether the right of this transaction reaches that thing. The guard asks it before the body of an order is read.
pub async fn reaches(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    tx.above().reaches(tx, subject).await
}

/// The person of the caller, where the right of this transaction is that of a mentor or a mentee.
pub(crate) fn own_person(tx: &Tx<'_>) -> Option<PersonId> {
    let scope = tx.scope();
    let is_participant = scope.person.is_some() || !scope.beneficiaries.is_empty();
    tx.caller().and_then(|it| it.person).filter(|_| is_participant)
}

/// Whether a read found its row.
pub(crate) fn is_found<T>(found: Result<T, Failure>) -> Result<bool, Failure> {
    match found {
        Ok(_) => Ok(true),
        Err(Failure::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Those of the rights by which the caller reaches a thing that the right of this transaction reaches: the guard asks the same
/// before an order. A scope that several rights share is asked once.
pub(crate) async fn held(
    tx: &mut Tx<'_>,
    subject: Subject,
    rights: impl IntoIterator<Item = Right>,
) -> Result<Vec<Right>, Failure> {
    let known = vec![(tx.scope().clone(), true)];
    held_where(tx, rights, known, async |tx| reaches(tx, subject).await).await
}

/// Those of the rights under which a check passes. A scope that several rights share is asked once, one of the `known` not at all.
pub(crate) async fn held_where(
    tx: &mut Tx<'_>,
    rights: impl IntoIterator<Item = Right>,
    mut known: Vec<(Scope, bool)>,
    check: impl AsyncFn(&mut Tx<'_>) -> Result<bool, Failure>,
) -> Result<Vec<Right>, Failure> {
    let mut held = Vec::new();
    for right in rights {
        let scope = tx.scope_of(right);
        let is_held = match known.iter().find(|it| it.0 == scope) {
            Some((_, is_held)) => *is_held,
            None if scope.is_nothing() => false,
            None => {
                let before = tx.use_scope_of(right);
                let is_held = check(tx).await;
                tx.restore_scope(before);
                let is_held = is_held?;
                known.push((scope, is_held));
                is_held
            }
        };
        held.extend(is_held.then_some(right));
    }
    Ok(held)
}

/// The actions of a single card: each order whose right reaches the thing, judged by its rules.
pub(crate) async fn offered<T: Offers>(
    tx: &mut Tx<'_>,
    it: &T,
    subject: Subject,
) -> Result<Vec<AvailableAction>, Failure> {
    let rights = it.offers();
    let held = held(tx, subject, rights.iter().map(Offer::right)).await?;
    Ok(available(it, subject.id, Judged::Whole, |right| held.contains(&right), |right| tx.may(right)))
}

/// A read under another right of the caller. `None` for a caller without that right, or where it does not reach.
pub(crate) async fn under<T>(
    tx: &mut Tx<'_>,
    right: Right,
    read: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    if !tx.may(right) {
        return Ok(None);
    }
    let before = tx.use_scope_of(right);
    let found = read(tx).await;
    tx.restore_scope(before);
    match found {
        Ok(it) => Ok(Some(it)),
        Err(Failure::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Whether a check lets the caller pass under another right: it neither hides the thing nor refuses.
pub(crate) async fn passes(
    tx: &mut Tx<'_>,
    right: Right,
    check: impl AsyncFnOnce(&mut Tx<'_>) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    match under(tx, right, check).await {
        Err(Failure::Refused(_)) => Ok(false),
        passed => Ok(passed?.is_some()),
    }
}

/// Rows that an answer with several lists has of each at most; the list has the rest.
const FIRST_ROWS: i64 = 50;

/// The first rows of a list under another right of the caller. `None` for a caller without that right.
pub(crate) async fn first_rows<T>(
    tx: &mut Tx<'_>,
    right: Right,
    list: impl AsyncFnOnce(&mut Tx<'_>, &Window) -> Result<Page<T>, Failure>,
) -> Result<Option<Vec<T>>, Failure> {
    let window = Window { after: None, limit: FIRST_ROWS };
    let read = async |tx: &mut Tx<'_>| {
        tx.begin_list();
        list(tx, &window).await
    };
    Ok(under(tx, right, read).await?.map(|it| it.items))
}

/// Refuses as «not found» a thing that the caller does not see.
pub async fn must_see(tx: &mut Tx<'_>, subject: Subject) -> Result<(), Failure> {
    if sees(tx, subject).await? { Ok(()) } else { Err(Failure::NotFound(Some(subject))) }
}

/// Refuses an order that refers to a thing that the caller does not see. The words are the same as for a missing thing.
pub async fn must_refer(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: Option<impl Into<Uuid>>,
    pointer: &str,
) -> Result<(), Failure> {
    let Some(id) = id else { return Ok(()) };
    if sees(tx, Subject::new(kind, id)).await? { Ok(()) } else { Err(dangling(pointer)) }
}

/// Refuses an order that newly refers to a thing that the caller does not see, or that was annulled. A reference of before stays.
pub(crate) async fn must_refer_newly(
    tx: &mut Tx<'_>,
    subject: Subject,
    pointer: &str,
) -> Result<(), Failure> {
    must_refer(tx, subject.kind, Some(subject.id), pointer).await?;
    if tx.above().is_annulled(tx, subject).await? { Err(dangling(pointer)) } else { Ok(()) }
}

/// Refuses an order whose list refers to things that the caller does not see, each at its place.
pub async fn must_refer_each<I: Into<Uuid> + Copy>(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    ids: &[I],
    pointer: &str,
) -> Result<(), Failure> {
    let mut checks = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        checks.push(must_refer(tx, kind, Some(*id), &format!("{pointer}/{index}")).await);
    }
    all_of(checks)
}

/// Refuses an order whose list newly refers to such things, or to annulled ones, each at its place. It had the `known` ones before.
pub(crate) async fn must_refer_each_newly<I: Into<Uuid> + Copy + PartialEq>(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    (known, ids): (&[I], &[I]),
    pointer: &str,
) -> Result<(), Failure> {
    let mut checks = Vec::new();
    for (index, id) in ids.iter().enumerate().filter(|(_, it)| !known.contains(it)) {
        checks.push(must_refer_newly(tx, Subject::new(kind, *id), &format!("{pointer}/{index}")).await);
    }
    all_of(checks)
}

/// Refuses an order about a thing that the right of this transaction does not reach. Another right of the caller may
/// reach it: a director who knows somebody only as a mentor opens no case for them.
pub async fn must_reach(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: impl Into<Uuid>,
    pointer: &str,
) -> Result<(), Failure> {
    if reaches(tx, Subject::new(kind, id)).await? { Ok(()) } else { Err(dangling(pointer)) }
}

/// Refuses an order that makes an institution responsible, if the right of this transaction does not reach the
/// institution.
pub async fn must_be_own(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    pointer: &str,
) -> Result<(), Failure> {
    if !tx.scope().answers_for(organization) {
        return Err(dangling(pointer));
    }
    must_refer(tx, SubjectKind::Organization, Some(organization), pointer).await
}

/// The result of a rule, refused as well for what these checks refuse: all that is wrong is told at once.
pub fn ruled<T>(
    rule: Result<T, Refused>,
    checks: impl IntoIterator<Item = Result<(), Failure>>,
) -> Result<T, Failure> {
    let own = rule.as_ref().map(drop).map_err(|it| Failure::from(it.clone()));
    all_of(std::iter::once(own).chain(checks))?;
    Ok(rule?)
}

/// The same, where the rule comes after what the order names: the reasons of the checks stand first.
pub fn ruled_after<T>(
    checks: impl IntoIterator<Item = Result<(), Failure>>,
    rule: Result<T, Refused>,
) -> Result<T, Failure> {
    let own = rule.as_ref().map(drop).map_err(|it| Failure::from(it.clone()));
    all_of(checks.into_iter().chain([own]))?;
    Ok(rule?)
}

/// A thing on which the rule rests, and the checks of what else the order names. Where the thing is not there, all refuse at once.
pub fn found_beside<T>(
    found: Result<T, Failure>,
    others: Vec<Result<(), Failure>>,
) -> Result<(T, Vec<Result<(), Failure>>), Failure> {
    match apart(found) {
        (Some(it), _) => Ok((it, others)),
        (None, refused) => {
            all_of(std::iter::once(refused).chain(others))?;
            Err(Failure::NotFound(None))
        }
    }
}

/// The thing that a check has found, and its refusal apart: the order then tells what else is wrong with it.
pub fn apart<T>(checked: Result<T, Failure>) -> (Option<T>, Result<(), Failure>) {
    match checked {
        Ok(it) => (Some(it), Ok(())),
        Err(refused) => (None, Err(refused)),
    }
}

/// Refuses with the reasons of all these checks at once, each once: two checks may find the same. A failure that is no refusal stands alone.
pub fn all_of(checks: impl IntoIterator<Item = Result<(), Failure>>) -> Result<(), Failure> {
    let mut reasons: Vec<Reason> = Vec::new();
    for check in checks {
        match check {
            Err(Failure::Refused(refused)) => {
                let told = refused.reasons().iter().filter(|it| !reasons.contains(it));
                let told: Vec<Reason> = told.cloned().collect();
                reasons.extend(told);
            }
            other => other?,
        }
    }
    Ok(Refused::unless_empty(reasons)?)
}

/// The refusal of a reference to a thing that is missing or not seen.
pub(crate) fn dangling(pointer: &str) -> Failure {
    Refused::from(domain::base::text::REFERENCE.reason().at(pointer)).into()
}

/// The caller's own participation, as a mentor or a beneficiary. Matching and vetoes hide these rows from a caller
/// who is also staff. Neither of two people may learn the obstacles between them, or the other's choice.
pub(crate) struct Own {
    pub(crate) mentor: Option<MentorId>,
    pub(crate) beneficiaries: Vec<BeneficiaryId>,
}

impl Own {
    pub(crate) fn of(tx: &Tx<'_>) -> Self {
        let mentor = tx.caller().and_then(|it| it.mentor);
        let beneficiaries = tx.caller().map(|it| it.beneficiaries.to_vec());
        Self { mentor, beneficiaries: beneficiaries.unwrap_or_default() }
    }
    pub(crate) fn is_of(&self, beneficiary: BeneficiaryId, mentor: MentorId) -> bool {
        self.is_mentor(mentor) || self.is(beneficiary)
    }
    pub(crate) fn is_mentor(&self, mentor: MentorId) -> bool {
        self.mentor == Some(mentor)
    }
    pub(crate) fn is(&self, beneficiary: BeneficiaryId) -> bool {
        self.beneficiaries.contains(&beneficiary)
    }
}
