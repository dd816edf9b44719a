//! Merges of entries of the register over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{RegisterEntryId, RegisterMergeId};
use domain::people::register::merges::{InForce, RegisterMergeOrder, RegisterMergeReversal};
use persistence::people::register::merges::{self, RegisterMergeCard, RegisterMergeFilter};

crate::http::page::pages! { RegisterMergePage of RegisterMergeCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(merge_register_entries).service(list_register_merges).service(get_register_merge);
    config.service(reverse_register_merge).service(get_register_merge_history);
}

/// Merge two entries of the register
///
/// Tells that another entry is a second one of the same person. Nothing moves: everything stays where it is, lists of one record show
/// those of both, and rules count both. It is refused, with each clash named, while both have something that one person has once. It is also
/// refused while a death is on record under one of the two alone. The record of the death under the other ends what goes on there.
#[utoipa::path(tag = "register", params(("id" = RegisterEntryId, Path)), request_body = RegisterMergeOrder, responses((status = 201, body = RegisterMergeCard)))]
#[post("/register-entries/{id}/merges")]
async fn merge_register_entries(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterEntryId>,
    order: Order<RegisterMergeOrder>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let facts = merges::facts(tx, id.0, &order).await?;
        let merged = InForce::merge(tx.mint(), id.0, &order, &facts)?;
        let merge_id = merged.value().id;
        merges::save_merged(tx, merged).await?;
        merges::card(tx, merge_id).await
    })
    .await
}

/// List merges of entries
///
/// Merges, the newest first. They are shown to those who keep the register.
#[utoipa::path(tag = "register", params(RegisterMergeFilter), responses((status = 200, body = RegisterMergePage)))]
#[get("/register-merges")]
async fn list_register_merges(
    db: Guarded<may::ManageRegister>,
    query: Query<RegisterMergeFilter>,
) -> Result<Answer, Problem> {
    db.list(query, merges::list).await
}

/// Get a merge of entries
///
/// One merge, with all that was begun under both records while it held.
#[utoipa::path(tag = "register", params(("id" = RegisterMergeId, Path)), responses((status = 200, body = RegisterMergeCard)))]
#[get("/register-merges/{id}")]
async fn get_register_merge(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterMergeId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| merges::card(tx, id.0).await).await
}

/// Reverse a merge of entries
///
/// Every card is as it was before the merge. The answer tells what was begun meanwhile. The latest merge of a person is reversed first,
/// and the pair is not proposed again.
#[utoipa::path(tag = "register", params(("id" = RegisterMergeId, Path)), request_body = RegisterMergeReversal, responses((status = 200, body = RegisterMergeCard)))]
#[post("/register-merges/{id}/reversal")]
async fn reverse_register_merge(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterMergeId>,
    order: Order<RegisterMergeReversal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (merge, is_latest) = merges::load(tx, id.0).await?;
        merges::save_reversed(tx, merge.in_force()?.reverse(&order, is_latest)?).await?;
        merges::card(tx, id.0).await
    })
    .await
}

/// Get the history of a merge
///
/// Changes of the merge, the latest first.
#[utoipa::path(tag = "register", params(("id" = RegisterMergeId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/register-merges/{id}/history")]
async fn get_register_merge_history(
    db: Guarded<may::ReadHistory>,
    id: Id<RegisterMergeId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::RegisterMerge, id.0, query).await
}
