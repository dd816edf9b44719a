//! Entries over HTTP: the same operations for each, and their place in the contract.
//!
//! - this page: list, enter, get, replace, annul, history; under a parent where an entry has one.
//! - `contract`: the operations and schemas of the contract, made of the form and its data.
//!
//! Invariant: an entry is in the contract, in the matrix of access and in the sentences about all entries by its one line in
//! `domain::entries`.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history;
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::guard::{Get, Post, Put};
use actix_web::web;
use domain::base::access::may;
use domain::base::entry::{Annulment, Entered, Entry, Step};
use persistence::engine::failure::Failure;
use persistence::entry::{self, EntryCard};
use persistence::tx::Tx;
use std::marker::PhantomData;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;
use uuid::Uuid;

mod contract;

/// The routes of every entry.
pub fn routes(config: &mut ServiceConfig<'_>) {
    macro_rules! serve {
        ($($form:ty)+) => {$(
            config.service(Entries::<$form>(PhantomData));
            if <$form as Entry>::ABOUT.has_annulment {
                config.service(Steps::<$form, Annulment>(PhantomData));
            }
        )+};
    }
    macro_rules! serve_steps {
        ($($form:ty => $step:ty;)*) => { $(config.service(Steps::<$form, $step>(PhantomData));)* };
    }
    domain::every_entry!(serve!);
    domain::every_step!(serve_steps!);
}

async fn list<F: Entry>(db: Guarded<F::Read>, query: Query<F::Filter>) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| entry::list::<F>(tx, None, filter, window).await).await
}

async fn list_under<F: Entry>(
    db: Guarded<F::Read>,
    parent: Id<Uuid>,
    query: Query<F::Filter>,
) -> Result<Answer, Problem> {
    let parent = Some(parent.0);
    db.list(query, async |tx, filter, window| entry::list::<F>(tx, parent, filter, window).await).await
}

async fn add<F: Entry>(db: Guarded<F::Edit>, form: Order<F>) -> Result<Answer, Problem> {
    db.create(async move |tx| enter(tx, None, form.clone()).await).await
}

async fn add_under<F: Entry>(
    db: Guarded<F::Edit>,
    parent: Id<Uuid>,
    form: Order<F>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        entry::must_reach_parent::<F>(tx, parent.0).await?;
        enter(tx, Some(parent.0), form.clone()).await
    })
    .await
}

async fn enter<F: Entry>(tx: &mut Tx<'_>, parent: Option<Uuid>, form: F) -> Result<EntryCard<F>, Failure> {
    let added = Entered::add(tx.mint(), parent, form.clone());
    let added = entry::judged(tx, parent, &form, added).await?;
    entry::save_added(tx, added).await
}

async fn get<F: Entry>(db: Guarded<F::Read>, id: Id<F::Id>) -> Result<Answer, Problem> {
    db.read(async |tx| entry::card::<F>(tx, id.0).await).await
}

async fn replace<F: Entry>(db: Guarded<F::Edit>, id: Id<F::Id>, edit: Edit<F>) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = entry::load::<F>(tx, id.0).await?;
        it.must_stand()?;
        let states: Vec<&str> = F::ABOUT.members.iter().filter(|it| it.is_state).map(|it| it.name).collect();
        let form = edit.of_without(&it.form, &states)?;
        let (parent, edited) = (it.parent, it.edit(form.clone()));
        let edited = entry::judged(tx, parent, &form, edited).await?;
        entry::save_changed(tx, edited).await
    })
    .await
}

async fn take<F: Entry, S: Step<F>>(
    db: Guarded<S::Right>,
    id: Id<F::Id>,
    order: Order<S>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = entry::load::<F>(tx, id.0).await?;
        it.must_stand()?;
        let before = it.clone();
        let taken = order.take(it, tx.today())?;
        let form = taken.value().form.clone();
        // A step that leaves the form, as the annulment does, is not refused for what stands in it.
        let taken = match form == before.form {
            true => taken,
            false => entry::judged(tx, before.parent, &form, Ok(taken)).await?,
        };
        entry::save_changed(tx, taken).await
    })
    .await
}

async fn history<F: Entry>(
    db: Guarded<may::ReadHistory>,
    id: Id<F::Id>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, F::ABOUT.kind, id.0, query).await
}

/// The place of an entry in the API.
struct Entries<F>(PhantomData<fn() -> F>);

/// The addresses of an entry: the collection, one of it.
fn addresses<F: Entry>() -> (String, String) {
    let at = F::ABOUT.at;
    let all = match &F::ABOUT.parent {
        Some(under) => format!("/{}/{{id}}/{at}", under.at),
        None => format!("/{at}"),
    };
    (all, format!("/{at}/{{id}}"))
}

impl<F: Entry> HttpServiceFactory for Entries<F> {
    fn register(self, config: &mut AppService) {
        let (all, one) = addresses::<F>();
        let history_of = format!("{one}/history");
        // A resource for each method: what none of them takes is answered where unknown addresses are.
        let (at_get, at_post) =
            (|it: &str| web::resource(it).guard(Get()), |it: &str| web::resource(it).guard(Post()));
        match F::ABOUT.parent {
            Some(_) => {
                at_get(&all).to(list_under::<F>).register(config);
                at_post(&all).to(add_under::<F>).register(config);
            }
            None => {
                at_get(&all).to(list::<F>).register(config);
                at_post(&all).to(add::<F>).register(config);
            }
        }
        at_get(&one).to(get::<F>).register(config);
        if !F::ABOUT.is_entered_once {
            web::resource(one).guard(Put()).to(replace::<F>).register(config);
        }
        at_get(&history_of).to(history::<F>).register(config);
    }
}

impl<F: Entry> OpenApiFactory for Entries<F> {
    fn paths(&self) -> Paths {
        contract::paths::<F>()
    }
    fn schemas(&self, all: &mut Vec<(String, RefOr<Schema>)>) {
        contract::schemas::<F>(all);
    }
}

/// The place of a step of an entry in the API.
struct Steps<F, S>(PhantomData<fn() -> (F, S)>);

impl<F: Entry, S: Step<F>> HttpServiceFactory for Steps<F, S> {
    fn register(self, config: &mut AppService) {
        let at = format!("{}/{}", addresses::<F>().1, S::AT);
        web::resource(at).guard(Post()).to(take::<F, S>).register(config);
    }
}

impl<F: Entry, S: Step<F>> OpenApiFactory for Steps<F, S> {
    fn paths(&self) -> Paths {
        contract::step_paths::<F, S>()
    }
    fn schemas(&self, all: &mut Vec<(String, RefOr<Schema>)>) {
        all.push((S::name().into_owned(), S::schema()));
        S::schemas(all);
    }
}
