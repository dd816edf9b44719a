//! A caller who has been let in, and the order that the request is. Nothing here knows a right or a card by its type, so all of it is
//! compiled once.
use crate::http::accepted::is_english;
use crate::http::answer::{Answer, Warning};
use crate::http::config::Settings;
use crate::http::faults::Found;
use crate::http::logins::throttle::Place;
use crate::http::order::{BodyDigest, IsPatch};
use crate::http::problem::{
    BAD_HEADER, FORBIDDEN, IN_FLIGHT, KEY_REQUIRED, NOT_FOUND, Problem, VERSION_REQUIRED,
};
use crate::http::slots::Slot;
use crate::http::state::{InFlight, State};
use crate::http::tags;
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest, web};
use domain::base::access::{Caller, Right, Role};
use domain::base::change::Subject;
use domain::region::users::CHANGE_FIRST;
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::idempotency::{self, Answered, Key, Known};
use persistence::tx::{Actor, Tx};
use persistence::{registry, sight};

/// The id of the request, given by the client or made at the edge.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// An authenticated caller in their region, let in by a right.
pub struct Entered {
    state: web::Data<State>,
    pub(super) region: Region,
    pub(super) actor: Actor,
    pub(super) request: HttpRequest,
}

impl Entered {
    /// Lets the caller of a request in, if the caller holds the right and it reaches the subject of the address.
    pub(super) async fn enter(request: HttpRequest, right: Right) -> Result<Self, Problem> {
        let state = crate::http::state::of(&request)?;
        let (region, caller) = state.authenticate(&request).await?;
        let request_id = request.extensions().get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default();
        if caller.must_change_password() && right != Right::ChangePassword {
            return Err(CHANGE_FIRST.refuse().into());
        }
        let expected = expected_versions(&request)?;
        let is_allowed = caller.may(right);
        let actor = Actor { caller: Some(caller), right, request_id, expected };
        let entered = Self { state, region, actor, request };
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
        let Some(subject) = subject else { return Problem::new(&FORBIDDEN).with("right", self.actor.right) };
        match self.region.read(&self.actor, async |tx: &mut Tx<'_>| sight::sees(tx, subject).await).await {
            Ok(true) => Problem::new(&FORBIDDEN).with("right", self.actor.right),
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

    /// The order that the request is.
    pub(super) fn order(&self) -> Result<Ordered, Problem> {
        Ok(Ordered {
            key: self.key()?,
            must_match: is_edit(self.request.method()),
            found: self.found(),
            english: is_english(self.request.headers()),
        })
    }

    /// Marks an order with a key as running, until what is returned is dropped.
    pub(super) fn begin(&self, order: &Ordered) -> Result<Option<InFlight>, Problem> {
        let Some(key) = &order.key else { return Ok(None) };
        match self.state.begin(&self.region, key) {
            None => Err(Problem::new(&IN_FLIGHT).with_header("Retry-After", 1)),
            running => Ok(running),
        }
    }

    /// The code of the caller's region.
    pub fn region_code(&self) -> &str {
        self.region.code()
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

/// The order that a request is, for its transaction.
pub(super) struct Ordered {
    key: Option<Key>,
    must_match: bool,
    found: Option<Found>,
    english: bool,
}

/// The outcome of the transaction of an order.
pub(super) enum Performed {
    Now(Answer),
    Before(Answered),
    OtherRequest,
}

impl Ordered {
    /// Whether the answer is kept for a repetition.
    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// The outcome of the same order that was sent before.
    pub(super) async fn before(&self, tx: &mut Tx<'_>) -> Result<Option<Performed>, Failure> {
        let Some(key) = &self.key else { return Ok(None) };
        Ok(match idempotency::find(tx, key).await? {
            Known::New => None,
            Known::Answered(answered) => Some(Performed::Before(answered)),
            Known::OtherRequest => Some(Performed::OtherRequest),
        })
    }

    /// The result of the work, or the refusal of a body with faults together with what the rules say of it.
    pub(super) fn beside<T>(&self, worked: Result<T, Failure>) -> Result<T, Failure> {
        let Some(found) = &self.found else { return worked };
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

    /// The warnings of the order. Fails where an edit compared no version.
    pub(super) fn warnings(&self, tx: &mut Tx<'_>) -> Result<Vec<Warning>, Failure> {
        if self.must_match && !tx.has_matched() {
            return Err(Failure::Broken("an edit that compared no version".into()));
        }
        Ok(tx.take_warnings().into_iter().map(|it| Warning::of(it, self.english)).collect())
    }

    /// Keeps the answer for a repetition. Another one is kept in the place of an answer with a secret.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx<'_>,
        answer: Answer,
        bare: Option<Answer>,
    ) -> Result<Performed, Failure> {
        if let Some(key) = &self.key {
            idempotency::keep(tx, key, bare.as_ref().unwrap_or(&answer).answered()).await?;
        }
        Ok(Performed::Now(answer))
    }
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
