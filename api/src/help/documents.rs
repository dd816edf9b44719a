//! Documents that are due by age over HTTP. Help with a document is an entry.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::CaseId;
use persistence::help::documents::{self, DocumentsDueCard};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_documents_due);
}

/// Get the documents that are due in a case
///
/// Documents that people have from an age on, from ninety days before the birthday: a passport at 14, 20 and 45, the list for housing at
/// 14 for those who grew up in care, an ИНН and an account of the own at 18. A document on record in a case that the caller sees, or with the
/// person, is left out.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), responses((status = 200, body = DocumentsDueCard)))]
#[get("/cases/{id}/documents-due")]
async fn get_documents_due(db: Guarded<may::ReadServices>, id: Id<CaseId>) -> Result<Answer, Problem> {
    db.read(async |tx| documents::due_in(tx, id.0).await).await
}
