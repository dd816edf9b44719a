//! People over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::PersonId;
use domain::people::{Death, DeathAnnulment, PeopleSearch, Person, PersonForm};
use persistence::people::{self, PersonCard};
use persistence::sight::{must_reach, must_refer, ruled};
use persistence::tx::Tx;

crate::http::page::pages! { PersonPage of PersonCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_people).service(add_person).service(search_people).service(find_duplicates);
    config.service(get_person).service(replace_person).service(get_person_history);
    config.service(record_death).service(annul_death);
}

/// List people
///
/// People that the caller may see, the newest record first. To find somebody, use the search.
#[utoipa::path(tag = "people", responses((status = 200, body = PersonPage)))]
#[get("/people")]
async fn list_people(db: Guarded<may::ReadPeople>, query: Query<NoFilter>) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| people::list_people(tx, window).await).await
}

/// Put a person on record
///
/// Adds a person. The record belongs to the institution of the caller, who sees it from then on. A СНИЛС is unique in
/// the region. Warns of a possible duplicate that the caller sees.
#[utoipa::path(tag = "people", request_body = PersonForm, responses((status = 201, body = PersonCard)))]
#[post("/people")]
async fn add_person(db: Guarded<may::EditPeople>, form: Order<PersonForm>) -> Result<Answer, Problem> {
    // A taken СНИЛС leaves a trace that is not undone.
    db.must_be_complete()?;
    // Asked before the transaction: everybody who enters people would cross with everybody else who reads the same day of birth.
    let is_like_another = db.peek(async |tx: &mut Tx<'_>| people::is_like_another(tx, &form).await).await?;
    db.create(async move |tx| {
        let person = Person::add(tx.mint(), &form, tx.today())?;
        let id = person.value().id;
        people::save_person_added(tx, person).await?;
        // A key of a territory enters nobody who lives elsewhere: it would not see them.
        if tx.scope().is_narrowed {
            must_reach(tx, SubjectKind::Person, id, "/residence").await?;
        }
        if is_like_another {
            people::warn_of_another(tx);
        }
        people::person_card(tx, id).await
    })
    .await
}

/// Search for people
///
/// Searches by words of the name or their beginnings, in any order and spelling, by СНИЛС and by date of birth; all given values must match. Results are
/// ordered by name. The search terms are in the body, because personal data must not appear in an address.
#[utoipa::path(tag = "people", request_body = PeopleSearch, responses((status = 200, body = PersonPage)))]
#[post("/people/search")]
async fn search_people(
    db: Guarded<may::ReadPeople>,
    request: HttpRequest,
    find: Order<PeopleSearch>,
) -> Result<Answer, Problem> {
    let query = Query::by_body(&request, find.clone())?;
    db.list(query, people::search_people).await
}

/// Find possible duplicates of a person
///
/// Takes the form of a person before they are entered. Answers with people that the caller sees and whose data are much alike: names
/// with an error or from a passport, a date with the month before the day, a telephone. At most 20, the likeliest first, each with its
/// `likeness`.
#[utoipa::path(tag = "people", request_body = PersonForm, responses((status = 200, body = PersonPage)))]
#[post("/people/duplicates")]
async fn find_duplicates(
    db: Guarded<may::ReadPeople>,
    request: HttpRequest,
    form: Order<PersonForm>,
) -> Result<Answer, Problem> {
    let query = Query::by_body(&request, form.clone())?;
    db.list(query, people::list_possible_duplicates).await
}

/// Get a person
///
/// One person with contacts and documents.
#[utoipa::path(tag = "people", params(("id" = PersonId, Path)), responses((status = 200, body = PersonCard)))]
#[get("/people/{id}")]
async fn get_person(db: Guarded<may::ReadPeople>, id: Id<PersonId>) -> Result<Answer, Problem> {
    db.read(async |tx| people::person_card(tx, id.0).await).await
}

/// Replace a person
///
/// Replaces the whole form; needs the version in `If-Match`. If the caller sees only a masked СНИЛС, a form without
/// one keeps the stored СНИЛС. Warns if the consent to a mentorship that runs holds no more by another birth date.
#[utoipa::path(tag = "people", params(("id" = PersonId, Path)), request_body = PersonForm, responses((status = 200, body = PersonCard)))]
#[put("/people/{id}")]
async fn replace_person(
    db: Guarded<may::EditPeople>,
    id: Id<PersonId>,
    edit: Edit<PersonForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let person = people::load_person(tx, id.0).await?;
        // A taken СНИЛС leaves a trace that is not undone.
        let form = people::with_unseen(tx, &person, edit.complete(&person.form)?).await?;
        people::save_person_edited(tx, person.edit(&form, tx.today())?).await?;
        people::warn_of_duplicates(tx, id.0, &form).await?;
        people::person_card(tx, id.0).await
    })
    .await
}

/// Record the death of a person
///
/// Records the day of death and its document; needs the version in `If-Match`. Mentorships and cases of the person end with it: a recipient's mentorships
/// on the ground `recipient_died`, a mentor's on the ground `mentor_died`, cases with the reason `died`. Plans without a case end with the
/// reason `died`. An application to become a mentor that is not decided is closed as withdrawn. Memberships of clubs and groups of
/// volunteers end on that day. Registrations for events that begin later are cancelled, and their seats go to those who wait. Nothing new
/// begins with the person, and waiting lists, rounds and work lists leave the person out. Warns if a consent to a mentorship that runs
/// holds no more, because the person gave it for the recipient.
#[utoipa::path(tag = "people", params(("id" = PersonId, Path)), request_body = Death, responses((status = 200, body = PersonCard)))]
#[post("/people/{id}/death")]
async fn record_death(
    db: Guarded<may::EditPeople>,
    id: Id<PersonId>,
    order: Order<Death>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let shown = must_refer(tx, SubjectKind::File, order.document_file_id, "/document_file_id").await;
        let person = people::load_person(tx, id.0).await?;
        people::save_death(tx, ruled(person.die(&order, tx.today()), [shown])?, None).await?;
        people::person_card(tx, id.0).await
    })
    .await
}

/// Annul the death of a person
///
/// Corrects a death that was recorded by mistake; needs the version in `If-Match`. The person is alive, may wait and be
/// accompanied again. Mentorships, cases, plans and memberships that the death ended stay ended, and no seat comes back: new ones may begin.
#[utoipa::path(tag = "people", params(("id" = PersonId, Path)), request_body = DeathAnnulment, responses((status = 200, body = PersonCard)))]
#[post("/people/{id}/death/annulment")]
async fn annul_death(
    db: Guarded<may::EditPeople>,
    id: Id<PersonId>,
    order: Order<DeathAnnulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let person = people::load_person(tx, id.0).await?;
        people::save_death(tx, person.live_on()?, Some(&order)).await?;
        people::person_card(tx, id.0).await
    })
    .await
}

/// Get the history of a person
///
/// Changes of the person's record, the latest first.
#[utoipa::path(tag = "people", params(("id" = PersonId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/people/{id}/history")]
async fn get_person_history(
    db: Guarded<may::ReadHistory>,
    id: Id<PersonId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Person, id.0, query).await
}
