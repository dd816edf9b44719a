//! The guard: the only way from a handler to the database. Without permission there is no transaction.
use crate::http::answer::{Accepted, Answer};
use crate::http::download::Download;
use crate::http::entered::{Entered, Performed};
use crate::http::leaving;
use crate::http::list::Query;
use crate::http::naming::Named;
use crate::http::order::Entrance;
use crate::http::problem::{KEY_REUSED, NOT_FOUND, Problem};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use domain::base::access::Permission;
use futures_util::future::LocalBoxFuture;
use persistence::db::Work;
use persistence::engine::card::Card;
use persistence::engine::failure::Failure;
use persistence::engine::page::{self, Page, Window};
use persistence::region::files::FileCard;
use persistence::tx::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;
use std::ops::Deref;

/// The access of an authenticated caller to their region, by one right.
pub struct Guarded<P> {
    entered: Entered,
    right: PhantomData<fn() -> P>,
}

impl<P> Deref for Guarded<P> {
    type Target = Entered;
    fn deref(&self) -> &Entered {
        &self.entered
    }
}

impl<P: Permission> FromRequest for Guarded<P> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (request, entrance) = (request.clone(), Entrance::default());
        request.extensions_mut().insert(entrance.clone());
        Box::pin(async move {
            let entered = Entered::enter(request, P::RIGHT).await?;
            entrance.open();
            Ok(Self { entered, right: PhantomData })
        })
    }
}

impl<P: Permission> Guarded<P> {
    async fn show<T: Card>(&self, work: impl Work<T>) -> Result<(T, Named), Problem> {
        self.must_be_whole()?;
        let read = async |tx: &mut Tx<'_>| {
            let card = work(tx).await?;
            shown(tx, card).await
        };
        self.peek(read).await
    }

    /// Answers with one card.
    pub async fn read<T: Card>(self, work: impl Work<T>) -> Result<Answer, Problem> {
        let (card, body) = self.show(work).await?;
        Ok(Answer::card(200, &card, body).unless_known(self.request.headers()))
    }

    /// Answers with the content of a file, chunk by chunk. The read is journaled like that of its card.
    pub async fn download(self, work: impl Work<FileCard>) -> Result<Download, Problem> {
        let (card, _) = self.show(work).await?;
        let Entered { region, actor, request, .. } = self.entered;
        Download::of(region, actor, card, request.headers())
    }

    /// Reads a value that is needed before the transaction of an order, such as the password hash to compare with.
    pub async fn peek<T>(&self, work: impl Work<T>) -> Result<T, Problem> {
        match self.region.read(&self.actor, work).await {
            Ok(value) => Ok(value),
            Err(failure) => Err(self.explain(failure).await),
        }
    }

    /// Reads a value that takes long to read: in one snapshot, off the worker threads. An incomplete order is refused before.
    pub async fn peek_apart<T: Send + 'static>(
        &self,
        work: impl Work<T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.must_be_complete()?;
        let read = self.region.read_apart(self.actor.clone(), work);
        match leaving::unless_gone(&self.request, read).await {
            Ok(value) => Ok(value),
            Err(failure) => Err(self.explain(failure).await),
        }
    }

    /// Answers with one card that takes long to read: in one snapshot, off the worker threads.
    pub async fn read_apart<T: Card + 'static>(
        self,
        work: impl Work<T> + Send + 'static,
    ) -> Result<Answer, Problem> {
        self.must_be_whole()?;
        let read = async move |tx: &mut Tx<'_>| {
            let card = work(tx).await?;
            shown(tx, card).await
        };
        let (card, body) = self.peek_apart(read).await?;
        Ok(Answer::card(200, &card, body).unless_known(self.request.headers()))
    }

    /// Answers with a page of a list.
    pub async fn list<F, T>(
        self,
        query: Query<F>,
        work: impl AsyncFn(&mut Tx<'_>, &F, &Window) -> Result<Page<T>, Failure>,
    ) -> Result<Answer, Problem>
    where
        F: Serialize + DeserializeOwned,
        T: Card,
    {
        self.must_be_whole()?;
        let window = query.window(&self.region)?;
        let read = async |tx: &mut Tx<'_>| {
            tx.begin_list();
            let page = work(tx, query.filter(), &window).await?;
            shown_page(tx, page).await
        };
        let (items, next) = self.peek(read).await?;
        let answer = query.answer::<T>(&self.region, items, next.as_ref());
        Ok(answer.unless_known(self.request.headers()))
    }

    /// Changes an existing thing. Answers 200 with its current card.
    pub async fn write<T: Card + 'static>(
        self,
        work: impl Work<T> + Send + 'static,
    ) -> Result<Answer, Problem> {
        self.perform(200, work, None).await
    }

    /// Changes an existing thing and answers 200 with a secret. The kept answer is the card as `bare` leaves it, so that no
    /// repetition gets the secret and no row holds it.
    pub async fn reveal<T: Card + 'static>(
        self,
        bare: fn(&T) -> T,
        work: impl Work<T> + Send + 'static,
    ) -> Result<Answer, Problem> {
        self.perform(200, work, Some(bare)).await
    }

    /// Creates a thing. Answers 201 with its card and its address.
    pub async fn create<T: Card + 'static>(
        self,
        work: impl Work<T> + Send + 'static,
    ) -> Result<Answer, Problem> {
        self.perform(201, work, None).await
    }

    /// Takes in an order that somebody decides later. Answers 202 with its card and its address.
    pub async fn take_in<T: Card + 'static>(
        self,
        work: impl Work<T> + Send + 'static,
    ) -> Result<Answer, Problem> {
        self.perform(202, work, None).await
    }

    /// Starts work that continues after the request. Answers 202 with the card of the subject, and the address of the
    /// job as `Location`. The job is enqueued in the same transaction, and a repeated request with the same key gets
    /// the same job.
    pub async fn accept<T: Card + 'static>(
        self,
        work: impl Work<Accepted<T>> + Send + 'static,
    ) -> Result<Answer, Problem> {
        self.perform(202, work, None).await
    }

    async fn perform<T: Card + 'static>(
        self,
        status: u16,
        work: impl Work<T> + Send + 'static,
        bare: Option<fn(&T) -> T>,
    ) -> Result<Answer, Problem> {
        let order = self.order()?;
        let _running = self.begin(&order)?;
        let perform = async move |tx: &mut Tx<'_>| {
            if let Some(before) = order.before(tx).await? {
                return Ok(before);
            }
            let card = order.beside(work(tx).await)?;
            let warnings = order.warnings(tx)?;
            let body = Named::of(tx, &card).await?;
            let answer = Answer::warned(status, &card, body, &warnings).map_err(Failure::broken)?;
            let kept = match bare.filter(|_| order.has_key()) {
                Some(bare) => {
                    let card = bare(&card);
                    let body = Named::of(tx, &card).await?;
                    Some(Answer::warned(status, &card, body, &warnings).map_err(Failure::broken)?)
                }
                None => None,
            };
            order.keep(tx, answer, kept).await
        };
        // The future is boxed, or every layer of the framework would move its kilobytes.
        match Box::pin(self.region.write(self.actor.clone(), perform)).await {
            Ok(Performed::Now(answer)) => Ok(answer),
            Ok(Performed::Before(answered)) => Ok(Answer::again::<T>(answered)),
            Ok(Performed::OtherRequest) => Err(Problem::new(&KEY_REUSED)),
            Err(failure) => Err(self.explain(failure).await),
        }
    }
}

/// A card for an answer, and its text with names beside ids. The people whom it shows are journaled.
pub(super) async fn shown<T: Card>(tx: &mut Tx<'_>, card: T) -> Result<(T, Named), Failure> {
    tx.disclose(card.personal())?;
    let body = Named::of(tx, &card).await?;
    Ok((card, body))
}

/// The text of a page for an answer, with names beside ids, and the place of the next page. The people whom it shows are journaled.
pub(super) async fn shown_page<T: Card>(
    tx: &mut Tx<'_>,
    page: Page<T>,
) -> Result<(Named, Option<page::Place>), Failure> {
    tx.disclose(page.items.iter().flat_map(Card::personal))?;
    Ok((Named::of(tx, &page.items).await?, page.next))
}

/// An id in an address. Text that is not an id is answered with 404, like the id of a missing thing.
#[derive(Debug)]
pub struct Id<I>(pub I);

impl<I: std::str::FromStr> FromRequest for Id<I> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|it| it.parse().ok());
        std::future::ready(id.map(Self).ok_or_else(|| Problem::new(&NOT_FOUND)))
    }
}

/// The second id in an address, such as `…/candidates/{mentor_id}`.
#[derive(Debug)]
pub struct OtherId<I>(pub I);

impl<I: std::str::FromStr> FromRequest for OtherId<I> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let second = request.match_info().iter().find(|it| it.0 != "id");
        let id = second.and_then(|it| it.1.parse().ok());
        std::future::ready(id.map(Self).ok_or_else(|| Problem::new(&NOT_FOUND)))
    }
}
