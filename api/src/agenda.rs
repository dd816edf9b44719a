//! The agenda over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get};
use domain::base::access::may;
use persistence::agenda::{self, Agenda, AgendaQuestion};

/// The route of the agenda.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_my_agenda);
}

/// Get my agenda
///
/// Meetings of today and this week, things that wait for a decision, pairs that are silent, and things that end or expire. Each part is the
/// first page of a list, under the right of that list; without the right it is empty.
#[utoipa::path(tag = "users", params(AgendaQuestion), responses((status = 200, body = Agenda)))]
#[get("/me/agenda")]
async fn get_my_agenda(db: Guarded<may::UseAccount>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: AgendaQuestion = list::filters(request.query_string())?;
    db.read(async |tx| agenda::of_caller(tx, &asked).await).await
}
