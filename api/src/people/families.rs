//! Families over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{FamilyId, PersonId};
use domain::people::{Family, FamilyForm, FamilyMember};
use persistence::engine::failure::Failure;
use persistence::people::{self, FamilyCard, FamilyFilter};
use persistence::sight::{all_of, must_refer, ruled_after};
use persistence::tx::Tx;

crate::http::page::pages! { FamilyPage of FamilyCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_families).service(add_family);
    config.service(get_family).service(replace_family).service(get_family_history);
}

/// Checks the new members of a family: the caller must be able to see them.
async fn refer(tx: &mut Tx<'_>, form: &FamilyForm, was: &[FamilyMember]) -> Result<(), Failure> {
    let known = |it: &FamilyMember| was.iter().any(|was| was.person_id == it.person_id);
    let mut checks = Vec::new();
    for (index, member) in form.members.iter().enumerate().filter(|(_, it)| !known(it)) {
        let pointer = format!("/members/{index}/person_id");
        checks.push(must_refer(tx, SubjectKind::Person, Some(member.person_id), &pointer).await);
    }
    all_of(checks)
}

/// Whether a member is under 18. Nothing is told of the members of a family that names somebody whom the caller does not see.
async fn has_minors(
    tx: &mut Tx<'_>,
    form: &FamilyForm,
    refers: &Result<(), Failure>,
) -> Result<bool, Failure> {
    if refers.is_err() {
        return Ok(false);
    }
    let members: Vec<PersonId> = form.members.iter().map(|it| it.person_id).collect();
    people::has_minors(tx, &members).await
}

/// List families
///
/// Families that the caller may see, the newest record first.
#[utoipa::path(tag = "people", params(FamilyFilter), responses((status = 200, body = FamilyPage)))]
#[get("/families")]
async fn list_families(db: Guarded<may::ReadPeople>, query: Query<FamilyFilter>) -> Result<Answer, Problem> {
    db.list(query, people::list_families).await
}

/// Put a family on record
///
/// Adds a family. The record belongs to the institution of the caller, who sees it from then on. Warns of a child who is a
/// member of another family that the caller sees, and of minor children of whom none is a member on record.
#[utoipa::path(tag = "people", request_body = FamilyForm, responses((status = 201, body = FamilyCard)))]
#[post("/families")]
async fn add_family(db: Guarded<may::EditPeople>, form: Order<FamilyForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let refers = refer(tx, &form, &[]).await;
        let has_minors = has_minors(tx, &form, &refers).await?;
        let family = ruled_after([refers], Family::add(tx.mint(), &form, has_minors))?;
        let id = family.value().id;
        people::save_family_added(tx, family).await?;
        people::warn_of_children(tx, id, &form, has_minors).await?;
        people::family_card(tx, id).await
    })
    .await
}

/// Get a family
///
/// One family with its members.
#[utoipa::path(tag = "people", params(("id" = FamilyId, Path)), responses((status = 200, body = FamilyCard)))]
#[get("/families/{id}")]
async fn get_family(db: Guarded<may::ReadPeople>, id: Id<FamilyId>) -> Result<Answer, Problem> {
    db.read(async |tx| people::family_card(tx, id.0).await).await
}

/// Replace a family
///
/// Replaces the whole form, members included; needs the version in `If-Match`. An institution that answers neither for the
/// family nor for one of its members edits nothing.
#[utoipa::path(tag = "people", params(("id" = FamilyId, Path)), request_body = FamilyForm, responses((status = 200, body = FamilyCard)))]
#[put("/families/{id}")]
async fn replace_family(
    db: Guarded<may::EditPeople>,
    id: Id<FamilyId>,
    edit: Edit<FamilyForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let family = people::load_family(tx, id.0).await?;
        let form = edit.of(&family.form)?;
        let refers = refer(tx, &form, &family.form.members).await;
        let has_minors = has_minors(tx, &form, &refers).await?;
        let edited = ruled_after([refers], family.edit(&form, has_minors))?;
        people::save_family_edited(tx, edited).await?;
        people::warn_of_children(tx, id.0, &form, has_minors).await?;
        people::family_card(tx, id.0).await
    })
    .await
}

/// Get the history of a family
///
/// Changes of the family's record, the latest first.
#[utoipa::path(tag = "people", params(("id" = FamilyId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/families/{id}/history")]
async fn get_family_history(
    db: Guarded<may::ReadHistory>,
    id: Id<FamilyId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Family, id.0, query).await
}
