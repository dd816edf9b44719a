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
use actix_web::http::Method;
use domain::base::access::may;
use domain::base::entry::{Annulment, Entered, Entry, Step};
use persistence::engine::failure::Failure;
use persistence::entry::{self, EntryCard};
use persistence::tx::Tx;
use uuid::Uuid;

mod contract;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;

/// The routes of every entry.
pub fn routes(config: &mut ServiceConfig<'_>) {
    macro_rules! serve {
        ($($form:ty)+) => {$(
            serve_entry::<$form>(config);
            if <$form as Entry>::ABOUT.has_annulment {
                serve_step::<$form, Annulment>(config);
            }
        )+};
    }
    macro_rules! serve_steps {
        ($($form:ty => $step:ty;)*) => { $(serve_step::<$form, $step>(config);)* };
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
        let (it, corrections) = entry::load::<F>(tx, id.0).await?;
        it.must_stand()?;
        let states: Vec<&str> = F::ABOUT.members.iter().filter(|it| it.is_state).map(|it| it.name).collect();
        let mut form = edit.of_without(&it.form, &states)?;
        form.carry(&it.form);
        let edited = it.clone().edit(form.clone());
        let edited = entry::judged_edit(tx, (&it, &corrections), &form, edited).await?;
        let card = entry::save_changed(tx, edited).await?;
        entry::changed::<F>(tx, id.0, &form).await?;
        Ok(card)
    })
    .await
}

async fn take<F: Entry, S: Step<F>>(
    db: Guarded<S::Right>,
    id: Id<F::Id>,
    order: Order<S>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (before, corrections) = entry::load::<F>(tx, id.0).await?;
        before.must_stand()?;
        corrections.must_let(S::ACTION)?;
        let today = tx.today();
        let form = order.changed(before.form.clone(), today);
        let taken = order.take(before.clone(), today);
        // A step that the state forbids is told by that alone. One that leaves the form, as the annulment does, is not refused for what stands
        // in it.
        let taken = match form == before.form || !S::against(&before, today).is_empty() {
            true => taken?,
            false => entry::judged_step(tx, &before, (&form, &*order), taken).await?,
        };
        let card = entry::save_changed(tx, taken).await?;
        entry::changed::<F>(tx, id.0, &*order).await?;
        Ok(card)
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

/// The addresses of an entry: the collection, one of it.
fn addresses<F: Entry>() -> (String, String) {
    let at = F::ABOUT.at;
    let all = match &F::ABOUT.parent {
        Some(under) => format!("/{}/{{id}}/{at}", under.at),
        None => format!("/{at}"),
    };
    (all, format!("/{at}/{{id}}"))
}

fn serve_entry<F: Entry>(config: &mut ServiceConfig<'_>) {
    let (all, one) = addresses::<F>();
    config.describe(contract::paths::<F>, contract::schemas::<F>);
    match F::ABOUT.parent {
        Some(_) => config.handle(GET, &all, list_under::<F>).handle(POST, &all, add_under::<F>),
        None => config.handle(GET, &all, list::<F>).handle(POST, &all, add::<F>),
    };
    config.handle(GET, &one, get::<F>).handle(GET, &format!("{one}/history"), history::<F>);
    if !F::ABOUT.is_entered_once {
        config.handle(PUT, &one, replace::<F>);
    }
}

fn serve_step<F: Entry, S: Step<F>>(config: &mut ServiceConfig<'_>) {
    config.describe(contract::step_paths::<F, S>, contract::step_schemas::<F, S>);
    config.handle(POST, &format!("{}/{}", addresses::<F>().1, S::AT), take::<F, S>);
}
