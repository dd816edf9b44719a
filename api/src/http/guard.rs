//! The guard: the only way from a handler to the database. Without permission there is no transaction.
use crate::http::accepted::is_english;
use crate::http::answer::{Accepted, Answer, Warning};
use crate::http::config::Settings;
use crate::http::download::Download;
use crate::http::faults::Found;
use crate::http::leaving;
use crate::http::list::Query;
use crate::http::logins::throttle::Place;
use crate::http::naming::Named;
use crate::http::order::{BodyDigest, IsPatch};
use crate::http::problem::{
    BAD_HEADER, FORBIDDEN, IN_FLIGHT, KEY_REQUIRED, KEY_REUSED, NOT_FOUND, Problem, VERSION_REQUIRED,
};
use crate::http::slots::Slot;
use crate::http::state::State;
use crate::http::tags;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use domain::base::access::{Caller, Permission, Right, Role};
use domain::base::change::Subject;
use domain::region::users::CHANGE_FIRST;
use futures_util::future::LocalBoxFuture;
use persistence::db::{Region, Work};
use persistence::engine::card::Card;
use persistence::engine::failure::Failure;
use persistence::engine::page::{self, Page, Window};
use persistence::idempotency::{self, Answered, Key, Known};
use persistence::region::files::FileCard;
use persistence::tx::{Actor, Tx};
use persistence::{registry, sight};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;
use std::rc::Rc;
use tokio::sync::Notify;

/// The id of the request, given by the client or made at the edge.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// A signal that the caller has been let in. The body is read after it, so that callers without permission learn
/// nothing about errors in their body.
#[derive(Debug, Clone, Default)]
pub struct Entrance(Rc<Notify>);

impl Entrance {
    /// Waits until the caller of a guarded request has been let in. A request without a guard has no entrance and
    /// does not wait.
    pub async fn wait(request: &HttpRequest) {
        let entrance = request.extensions().get::<Self>().cloned();
        if let Some(entrance) = entrance {
            entrance.0.notified().await;
        }
    }
}

/// The access of an authenticated caller to their region, by one right.
pub struct Guarded<P> {
    state: web::Data<State>,
    pub(super) region: Region,
    pub(super) actor: Actor,
    pub(super) request: HttpRequest,
    right: PhantomData<fn() -> P>,
}

impl<P: Permission> FromRequest for Guarded<P> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (request, entrance) = (request.clone(), Entrance::default());
        request.extensions_mut().insert(entrance.clone());
        Box::pin(async move {
            let entered = Self::enter(request).await?;
            entrance.0.notify_one();
            Ok(entered)
        })
    }
}

impl<P: Permission> Guarded<P> {
    async fn enter(request: HttpRequest) -> Result<Self, Problem> {
        let state = crate::http::state::of(&request)?;
        let (region, caller) = state.authenticate(&request).await?;
        let request_id = request.extensions().get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default();
        if caller.must_change_password() && P::RIGHT != Right::ChangePassword {
            return Err(CHANGE_FIRST.refuse().into());
        }
        let expected = expected_versions(&request)?;
        let is_allowed = caller.may(P::RIGHT);
        let actor = Actor { caller: Some(caller), right: P::RIGHT, request_id, expected };
        let entered = Self { state, region, actor, request, right: PhantomData };
        let subject = addressed(&entered.request);
        if is_allowed && (entered.reaches(subject).await? || entered.has_answered().await?) {
            Ok(entered)
        } else {
            Err(entered.refusal(subject).await)
        }
    }

    /// Whether the right reaches the subject of a change. The check comes before the body is read, so that only
    /// permitted callers learn of errors in an order. The transaction of the change checks it again.
    async fn reaches(&self, subject: Option<Subject>) -> Result<bool, Problem> {
        let Some(subject) = subject.filter(|_| self.request.method() != Method::GET) else { return Ok(true) };
        Ok(self.region.read(&self.actor, async |tx: &mut Tx<'_>| sight::reaches(tx, subject).await).await?)
    }

    /// Whether the same request was answered before. A repetition must pass, although the first request may have
    /// ended the caller's sight of the subject.
    async fn has_answered(&self) -> Result<bool, Problem> {
        let Some(key) = self.key()? else { return Ok(false) };
        Ok(self
            .region
            .read(&self.actor, async |tx: &mut Tx<'_>| idempotency::is_known(tx, &key).await)
            .await?)
    }

    fn caller(&self) -> Option<&Caller> {
        self.actor.caller.as_deref()
    }

    /// The problem of a refused request: 403 if the caller may see the subject, otherwise 404, which tells nothing.
    async fn refusal(&self, subject: Option<Subject>) -> Problem {
        let Some(subject) = subject else { return Problem::new(&FORBIDDEN).with("right", P::RIGHT) };
        match self.region.read(&self.actor, async |tx: &mut Tx<'_>| sight::sees(tx, subject).await).await {
            Ok(true) => Problem::new(&FORBIDDEN).with("right", P::RIGHT),
            Ok(false) => Problem::new(&NOT_FOUND),
            Err(failure) => failure.into(),
        }
    }

    pub(super) async fn explain(&self, failure: Failure) -> Problem {
        match failure {
            Failure::NotFound(subject @ Some(_)) => self.refusal(subject).await,
            other => other.into(),
        }
    }

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
        Download::of(self.region, self.actor, card, self.request.headers())
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

    /// The code of the caller's region.
    pub fn region_code(&self) -> &str {
        self.region.code()
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
        let key = self.key()?;
        let _running = match &key {
            Some(key) => Some(
                self.state
                    .begin(&self.region, key)
                    .ok_or_else(|| Problem::new(&IN_FLIGHT).with_header("Retry-After", 1))?,
            ),
            None => None,
        };
        let must_match = is_edit(self.request.method());
        let (found, english) = (self.found(), is_english(self.request.headers()));
        let perform = async move |tx: &mut Tx<'_>| {
            if let Some(key) = &key {
                match idempotency::find(tx, key).await? {
                    Known::New => {}
                    Known::Answered(answered) => return Ok(Performed::Before(answered)),
                    Known::OtherRequest => return Ok(Performed::OtherRequest),
                }
            }
            let card = beside(found.as_ref(), work(tx).await)?;
            if must_match && !tx.has_matched() {
                return Err(Failure::Broken("an edit that compared no version".into()));
            }
            let told = tx.take_warnings().into_iter().map(|it| Warning::of(it, english));
            let warnings: Vec<Warning> = told.collect();
            let body = Named::of(tx, &card).await?;
            let answer = Answer::warned(status, &card, body, &warnings).map_err(Failure::broken)?;
            let Some(key) = &key else { return Ok(Performed::Now(answer)) };
            let kept = match bare {
                Some(bare) => {
                    let card = bare(&card);
                    let body = Named::of(tx, &card).await?;
                    Some(Answer::warned(status, &card, body, &warnings).map_err(Failure::broken)?)
                }
                None => None,
            };
            idempotency::keep(tx, key, kept.as_ref().unwrap_or(&answer).answered()).await?;
            Ok(Performed::Now(answer))
        };
        // The future is boxed, or every layer of the framework would move its kilobytes.
        match Box::pin(self.region.write(self.actor.clone(), perform)).await {
            Ok(Performed::Now(answer)) => Ok(answer),
            Ok(Performed::Before(answered)) => Ok(Answer::again::<T>(answered)),
            Ok(Performed::OtherRequest) => Err(Problem::new(&KEY_REUSED)),
            Err(failure) => Err(self.explain(failure).await),
        }
    }

    /// The faults of the body, where it had one.
    fn found(&self) -> Option<Found> {
        self.request.extensions().get::<Found>().cloned()
    }

    /// Refuses a question whose body has faults.
    pub(super) fn must_be_whole(&self) -> Result<(), Problem> {
        self.found().map_or(Ok(()), |it| it.refuse(&[])).map_err(Problem::from)
    }

    /// The caller's idempotency key of this request, if one was sent.
    fn key(&self) -> Result<Option<Key>, Problem> {
        let is_order = self.request.method() == Method::POST;
        if !is_order && self.request.method() != Method::PUT {
            return Ok(None);
        }
        let caller = self.caller().ok_or_else(|| Problem::new(&FORBIDDEN))?;
        let Some(sent) = self.request.headers().get("idempotency-key") else {
            // An edit that is repeated without a key is stale, so it happens once in any case.
            let is_needed = is_order && caller.is(Role::Integration);
            return if is_needed { Err(Problem::new(&KEY_REQUIRED)) } else { Ok(None) };
        };
        let sent = sent
            .to_str()
            .ok()
            .map(|it| it.trim().trim_matches('"'))
            .filter(|it| (1..=128).contains(&it.len()));
        let sent = sent.ok_or_else(|| Problem::new(&BAD_HEADER).with("header", "Idempotency-Key"))?;
        let body = self.request.extensions().get::<BodyDigest>().map(|it| it.0.clone()).unwrap_or_default();
        // The edge has made a PUT of a PATCH, whose body means something else.
        let is_patch = self.request.extensions().contains::<IsPatch>();
        let method = if is_patch { Method::PATCH.as_str() } else { self.request.method().as_str() };
        // Keys of one account may be narrowed differently, and one is not told what another one was answered.
        let narrowed =
            if caller.narrowing.is_none() { String::new() } else { format!("\n{:?}", caller.narrowing) };
        let request = format!("{method} {}\n{body}{narrowed}", self.request.uri());
        // A keyed digest, because some bodies hold passwords.
        let fingerprint = self.region.keys().blind("idempotency_keys.fingerprint", &request);
        Ok(Some(Key { user: caller.user.into(), key: sent.to_owned(), fingerprint }))
    }

    /// Refuses an order in which a member is lacking, unreadable or out of its bounds, before anything that is not undone.
    pub fn must_be_complete(&self) -> Result<(), Problem> {
        self.found().map_or(Ok(()), |it| it.must_be_complete()).map_err(Problem::from)
    }

    /// A place to compare the caller's current password, or the problem that tells when there is one.
    pub fn place(&self) -> Result<Place, Problem> {
        self.must_be_complete()?;
        let caller = self.caller().ok_or_else(|| Problem::new(&FORBIDDEN))?;
        self.state.throttle.change(caller.user.into(), self.state.db.now())
    }

    /// A slot for one more upload of the caller, or the problem that there is none.
    pub fn slot(&self) -> Result<Slot, Problem> {
        let caller = self.caller().ok_or_else(|| Problem::new(&FORBIDDEN))?;
        self.state.slots.take(self.region.code(), caller.user, self.state.settings.upload_slots)
    }

    /// The settings of the server.
    pub fn settings(&self) -> &Settings {
        &self.state.settings
    }

    /// The caller's region.
    pub fn region(&self) -> &Region {
        &self.region
    }
}

/// The result of the work, or the refusal of a body with faults together with what the rules say of it.
fn beside<T>(found: Option<&Found>, worked: Result<T, Failure>) -> Result<T, Failure> {
    let Some(found) = found else { return worked };
    match worked {
        Ok(card) => {
            found.refuse(&[])?;
            Ok(card)
        }
        Err(Failure::Refused(by_rules)) => {
            found.refuse(by_rules.reasons())?;
            Err(Failure::Refused(by_rules))
        }
        // A form with faults need not be tried again, and may break an assumption of the storage.
        Err(other @ (Failure::Broken(_) | Failure::Unsealed(_) | Failure::Crossed(_))) => {
            found.refuse(&[])?;
            Err(other)
        }
        Err(other) => {
            found.must_be_complete()?;
            Err(other)
        }
    }
}

enum Performed {
    Now(Answer),
    Before(Answered),
    OtherRequest,
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

fn is_edit(method: &Method) -> bool {
    matches!(*method, Method::PUT | Method::PATCH | Method::DELETE)
}

/// The versions in `If-Match`. Every edit needs one, so that nobody overwrites a version that they have not seen. Other
/// requests may send it.
fn expected_versions(request: &HttpRequest) -> Result<Option<Vec<i64>>, Problem> {
    match tags::versions(request.headers())? {
        None if is_edit(request.method()) => Err(Problem::new(&VERSION_REQUIRED)),
        found => Ok(found),
    }
}

/// The subject that the address names: `/api/v1/mentorships/{id}/…`.
fn addressed(request: &HttpRequest) -> Option<Subject> {
    let collection = request.path().strip_prefix("/api/v1/")?.split('/').next()?;
    let id: uuid::Uuid = request.match_info().get("id")?.parse().ok()?;
    Some(Subject::new(registry::kind_of(collection)?, id))
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
