//! Councils in the database, as far as more than their forms is needed: who runs a council, and its members.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::council_members;
use crate::entry;
use crate::region::users::serves;
use crate::sight::{apart, dangling, must_refer};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::SubjectKind;
use domain::base::id::{CouncilId, CouncilMemberId};
use domain::base::refusal::{Reason, Refused};
use domain::partnership::councils::CouncilForm;
use domain::partnership::councils::members::CouncilMemberForm;

/// A council, in the sight of nobody.
pub async fn found(tx: &mut Tx<'_>, id: CouncilId) -> Result<CouncilForm, Failure> {
    Ok(entry::found::<CouncilForm>(tx, id).await?.form)
}

/// A council in the sight of nobody, and the refusal of an order about one that was annulled. The order then tells what else is wrong.
pub async fn known(tx: &mut Tx<'_>, id: CouncilId) -> Result<(CouncilForm, Result<(), Failure>), Failure> {
    let council = entry::found::<CouncilForm>(tx, id).await?;
    let stands = council.must_stand().map_err(Failure::from);
    Ok((council.form, stands))
}

/// A council that was not annulled, in the sight of nobody.
pub async fn standing(tx: &mut Tx<'_>, id: CouncilId) -> Result<CouncilForm, Failure> {
    let (council, stands) = known(tx, id).await?;
    stands.map(|()| council)
}

/// Refuses a day on which the council is not there.
pub fn works(council: &CouncilForm, on: NaiveDate, pointer: &str) -> Result<(), Failure> {
    let reason = council.against_day(on).map(|it| it.at(pointer));
    Ok(Refused::unless_empty(reason.into_iter().collect())?)
}

/// A council that the right of this transaction runs, or the refusal of an order that names another one. The order then tells what else is
/// wrong with it.
pub(super) async fn run(tx: &mut Tx<'_>, id: CouncilId) -> (Option<CouncilForm>, Result<(), Failure>) {
    apart(must_run(tx, id).await)
}

async fn must_run(tx: &mut Tx<'_>, id: CouncilId) -> Result<CouncilForm, Failure> {
    must_refer(tx, SubjectKind::Council, Some(id), "/council_id").await?;
    let council = standing(tx, id).await?;
    match tx.scope().answers_for(council.organization_id) {
        true => Ok(council),
        false => Err(dangling("/council_id")),
    }
}

/// The councils in which the account of the caller is a member in office today. A narrowed key has none.
pub(super) async fn in_office(tx: &mut Tx<'_>) -> Result<Vec<CouncilId>, Failure> {
    let scope = tx.scope();
    let own = scope.somebody.filter(|_| !scope.is_narrowed);
    let (Some(user), today) = (own, tx.today()) else { return Ok(Vec::new()) };
    Ok(db!(tx, load, crate::scope::councils::in_office!(&[user], today))?)
}

/// The members of a council, those who have left among them.
pub async fn members(
    tx: &mut Tx<'_>,
    id: CouncilId,
) -> Result<Vec<(CouncilMemberId, CouncilMemberForm)>, Failure> {
    let theirs = council_members::table.filter(council_members::council_id.eq(bind(id)));
    let ids: Vec<CouncilMemberId> =
        db!(tx, load, theirs.order(council_members::id).select(council_members::id))?;
    let found = entry::those::<CouncilMemberForm>(tx, ids).await?;
    Ok(found.into_iter().map(|it| (it.id, it.form)).collect())
}

/// The reasons against a member that rest on the council and on its other members. `before` is the member before an edit.
pub(super) async fn against_member(
    tx: &mut Tx<'_>,
    id: CouncilId,
    form: &CouncilMemberForm,
    before: Option<&CouncilMemberForm>,
) -> Result<Vec<Reason>, Failure> {
    // A member who does not change is not asked again, for the council may have changed: they may leave at any time.
    let is_same = |it: &CouncilMemberForm| {
        (it.organization_id, &it.side, it.voting, it.user_id)
            == (form.organization_id, &form.side, form.voting, form.user_id)
    };
    let mut reasons = match before.is_some_and(is_same) {
        true => Vec::new(),
        false => {
            let council = found(tx, id).await?;
            let is_staff = match form.user_id {
                Some(user) => serves(tx, user, council.organization_id).await?,
                None => false,
            };
            form.against_council(&council, is_staff)
        }
    };
    if before.is_none_or(|it| it.from_on != form.from_on) {
        let day = found(tx, id).await?.against_day(form.from_on);
        reasons.extend(day.map(|it| it.at("/from_on")));
    }
    if before.is_some_and(|it| form.is_within(it)) {
        return Ok(reasons);
    }
    let all = members(tx, id).await?;
    let itself = all.iter().position(|it| Some(&it.1) == before);
    let others = all.iter().enumerate().filter(|(n, _)| Some(*n) != itself).map(|(_, it)| &it.1);
    reasons.extend(form.against_others(others));
    Ok(reasons)
}
