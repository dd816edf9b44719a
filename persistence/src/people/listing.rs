//! The list of people. Each way in which a caller sees people is read by its index in the order of ids, so that a page reads a page
//! however many people an institution has. A new way of `visible!` is added here too.
use super::PersonCard;
use super::persons::{Row, cards, coordinator, visible_people};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, family_members, mentor_applications, people, representatives};
use crate::scope::beneficiaries::answered_for;
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::id::PersonId;
use uuid::Uuid;

/// The first ids of a way, beyond the place where the page begins, and before the last one that is still of use.
macro_rules! first_of {
    ($tx:expr, $window:expr, $floor:expr, $way:expr, $column:expr) => {{
        let found: Vec<PersonId> = db!($tx, load, {
            let column = $column;
            let mut all =
                $way.select(column).distinct().order(column.desc()).limit($window.fetch()).into_boxed();
            if let Some(after) = $window.after_id() {
                all = all.filter(column.lt(bind(after)));
            }
            if let Some(floor) = $floor {
                all = all.filter(column.gt(bind(Uuid::from(floor))));
            }
            all
        })?;
        found
    }};
}

/// The people that the caller sees, the newest first.
pub async fn list_people(tx: &mut Tx<'_>, window: &Window) -> Result<Page<PersonCard>, Failure> {
    let scope = tx.scope().clone();
    // The people of territories are in no order of ids.
    let is_by_ways = !scope.everything && scope.territories.is_empty();
    let ids = if is_by_ways { Some(ids_by_ways(tx, &scope, window).await?) } else { None };
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = match &ids {
            Some(ids) => people::table.filter(people::id.eq_any(binds(ids))).into_boxed(),
            None => visible_people!(scope, None),
        };
        all = all.order(people::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(people::id.lt(bind(after)));
        }
        all.select(Row::as_select())
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: cards(tx, page.items).await?, next: page.next })
}

/// The ids of the people on the page, with the first one beyond it.
async fn ids_by_ways(tx: &mut Tx<'_>, scope: &Scope, window: &Window) -> Result<Vec<PersonId>, Failure> {
    let granted = scope.granted.iter().copied();
    let beyond = |it: &PersonId| window.after_id().is_none_or(|after| Uuid::from(*it) < after);
    let mut ids: Vec<PersonId> = granted.filter(beyond).collect();
    let none = None::<PersonId>;
    if let Some(author) = coordinator(scope) {
        let outside = people::organization_id.is_null().and(people::entered_by.eq(bind(Some(author))));
        ids.extend(first_of!(tx, window, none, people::table.filter(outside), people::id));
    }
    for of in &scope.organizations {
        let entered = people::table.filter(people::organization_id.eq(bind(Some(*of))));
        ids.extend(first_of!(tx, window, none, entered, people::id));
        let recipients = beneficiaries::table.filter(beneficiaries::organization_id.eq(bind(*of)));
        let persons = recipients.filter(beneficiaries::person_id.is_not_null());
        ids.extend(first_of!(tx, window, none, persons, beneficiaries::person_id.assume_not_null()));
        let applied = mentor_applications::organization_id.eq(bind(*of));
        let applicants = mentor_applications::table.filter(applied);
        ids.extend(first_of!(tx, window, none, applicants, mentor_applications::person_id));
    }
    for of in &scope.programs {
        let applied = mentor_applications::program_id.eq(bind(*of));
        let applicants = mentor_applications::table.filter(applied);
        ids.extend(first_of!(tx, window, none, applicants, mentor_applications::person_id));
    }
    first(&mut ids, window);
    ids.extend(around_recipients(tx, scope, window, &ids).await?);
    first(&mut ids, window);
    Ok(ids)
}

/// Keeps the first ids of a page, each once.
fn first(ids: &mut Vec<PersonId>, window: &Window) {
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids.dedup();
    ids.truncate(usize::try_from(window.fetch()).unwrap_or(0));
}

/// Family members and representatives of recipients. Of a full page only those before its last one are of use: few people of the whole
/// region lie between. Otherwise all of the institution's recipients are asked.
async fn around_recipients(
    tx: &mut Tx<'_>,
    scope: &Scope,
    window: &Window,
    ids: &[PersonId],
) -> Result<Vec<PersonId>, Failure> {
    if scope.organizations.is_empty() {
        return Ok(Vec::new());
    }
    let is_full = i64::try_from(ids.len()).is_ok_and(|it| it >= window.fetch());
    let (members, acting) = (family_members::person_id, representatives::person_id);
    if let Some(floor) = ids.last().copied().filter(|_| is_full) {
        let floor = Some(floor);
        // Asked from the person on, as `visible!` does.
        let recipients = || beneficiaries::table.filter(answered_for!(scope));
        let of_family = beneficiaries::family_id.eq(family_members::family_id.nullable());
        let of_families = family_members::table.filter(exists(recipients().filter(of_family)));
        let mut all = first_of!(tx, window, floor, of_families, members);
        let of_recipient = beneficiaries::id.eq(representatives::beneficiary_id);
        let for_recipients = representatives::table.filter(exists(recipients().filter(of_recipient)));
        all.extend(first_of!(tx, window, floor, for_recipients, acting));
        return Ok(all);
    }
    let none = None::<PersonId>;
    let recipients = beneficiaries::table.filter(answered_for!(scope));
    let families = recipients.clone().filter(beneficiaries::family_id.is_not_null());
    let families = families.select(beneficiaries::family_id.assume_not_null());
    let of_families = family_members::table.filter(family_members::family_id.eq_any(families));
    let mut all = first_of!(tx, window, none, of_families, members);
    let for_recipients = representatives::table
        .filter(representatives::beneficiary_id.eq_any(recipients.select(beneficiaries::id)));
    all.extend(first_of!(tx, window, none, for_recipients, acting));
    Ok(all)
}
