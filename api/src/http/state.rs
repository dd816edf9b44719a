//! The state that the whole server shares: the regions, the tokens, and callers remembered for less than a second.
use crate::http::config::Settings;
use crate::http::logins::proxies::{Lookout, Network, sender};
use crate::http::logins::throttle::Throttle;
use crate::http::logins::tokens::Tokens;
use crate::http::problem::{BAD_TOKEN, INTERNAL, Problem, UNAUTHENTICATED};
use crate::http::slots::Slots;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, web};
use domain::base::access::Caller;
use domain::base::id::{ApiKeyId, SessionId, UserId};
use domain::region::users::ApiKey;
use persistence::db::{Db, Region};
use persistence::engine::failure::Failure;
use persistence::idempotency::Key;
use persistence::region::users::{self, Presented};
use persistence::tx::{Actor, Tx};
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The time for which the rights of a caller are remembered. A removed right must end within a second.
const BELIEVED: Duration = Duration::from_millis(800);
/// Callers that the memory holds at most.
const REMEMBERED: usize = 50_000;
/// The time in which the use of a key from a wrong network is journaled once.
const MISPLACED: Duration = Duration::from_secs(60);

/// The state of the server.
pub struct State {
    /// All regions of the installation.
    pub db: Db,
    /// The signer and verifier of access tokens.
    pub tokens: Tokens,
    /// The settings with which the server was started.
    pub settings: Settings,
    /// The counter of wrong passwords.
    pub throttle: Throttle,
    /// Looks whether all clients seem to be one.
    pub lookout: Lookout,
    /// The uploads under way.
    pub slots: Slots,
    stops: AtomicBool,
    callers: Mutex<HashMap<Credential, (Instant, Arc<Caller>)>>,
    running: Arc<Mutex<HashSet<Running>>>,
    misplaced: Mutex<HashMap<(ApiKeyId, String), Instant>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Credential {
    Session(String, UserId, SessionId),
    /// The digest of a key, and the address from which it was sent.
    Key(String, IpAddr),
}

type Running = (String, uuid::Uuid, String);

/// A running request with an idempotency key.
pub struct InFlight(Running, Arc<Mutex<HashSet<Running>>>);

impl Drop for InFlight {
    fn drop(&mut self) {
        lock(&self.1).remove(&self.0);
    }
}

fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The state for a request. `serve` attaches it before any routing.
pub fn of(request: &HttpRequest) -> Result<web::Data<State>, Problem> {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks")]
    let state = request.app_data::<web::Data<State>>();
    state.cloned().ok_or_else(|| Problem::new(&INTERNAL).because("no state"))
}

impl State {
    /// The state of a server before its start.
    pub fn new(db: Db, tokens: Tokens, settings: Settings) -> Self {
        Self {
            db,
            tokens,
            settings,
            throttle: Throttle::default(),
            lookout: Lookout::default(),
            slots: Slots::default(),
            stops: AtomicBool::default(),
            callers: Mutex::default(),
            running: Arc::default(),
            misplaced: Mutex::default(),
        }
    }

    /// Notes that the server is about to stop.
    pub fn begin_to_stop(&self) {
        self.stops.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to stop.
    pub fn stops(&self) -> bool {
        self.stops.load(Ordering::Relaxed)
    }

    /// The caller of a request and the region.
    pub async fn authenticate(&self, request: &HttpRequest) -> Result<(Region, Arc<Caller>), Problem> {
        let unauthenticated = || Problem::new(&UNAUTHENTICATED).with_header("WWW-Authenticate", "Bearer");
        let sent = request.headers().get(AUTHORIZATION).ok_or_else(unauthenticated)?;
        let (scheme, token) =
            sent.to_str().ok().and_then(|it| it.split_once(' ')).ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        let found = match token.strip_prefix("nst_") {
            Some(rest) => self.by_key(request, token, rest).await,
            None => self.by_token(token).await,
        };
        found.map_err(|it| it.with_header("WWW-Authenticate", "Bearer error=\"invalid_token\""))
    }

    async fn by_token(&self, token: &str) -> Result<(Region, Arc<Caller>), Problem> {
        let claims = self.tokens.verify(token)?;
        let region = self.db.reach(&claims.region)?.ok_or_else(|| Problem::new(&BAD_TOKEN))?;
        if !claims.is_good(region.now()) {
            return Err(Problem::new(&BAD_TOKEN));
        }
        let credential = Credential::Session(claims.region.clone(), claims.sub, claims.sid);
        if let Some(caller) = self.believed(&credential) {
            return Ok((region, caller));
        }
        let find = async |tx: &mut Tx<'_>| users::session_caller(tx, claims.sub, claims.sid).await;
        let caller = region
            .read(Actor::system("authenticate"), find)
            .await?
            .ok_or_else(|| Problem::new(&BAD_TOKEN))?;
        Ok((region, self.believe(credential, caller)))
    }

    async fn by_key(
        &self,
        request: &HttpRequest,
        key: &str,
        rest: &str,
    ) -> Result<(Region, Arc<Caller>), Problem> {
        let bad = || Problem::new(&BAD_TOKEN);
        let code = rest.rsplitn(3, '_').nth(2).ok_or_else(bad)?;
        let region = self.db.reach(code)?.ok_or_else(bad)?;
        let Settings { forwarding_header, trusted_proxies, .. } = &self.settings;
        let address = sender(request, *forwarding_header, trusted_proxies).address;
        let credential = Credential::Key(persistence::engine::seal::digest(key), address);
        if let Some(caller) = self.believed(&credential) {
            return Ok((region, caller));
        }
        let find = async |tx: &mut Tx<'_>| users::presented(tx, key, address).await;
        match region.read(Actor::system("authenticate"), find).await? {
            None => Err(bad()),
            Some(Presented::Misplaced(key)) => {
                self.note_misplaced(&region, key, address);
                Err(bad())
            }
            Some(Presented::Good(caller, unnoted)) => {
                if let Some(id) = unnoted {
                    let note = async move |tx: &mut Tx<'_>| users::note_use(tx, id).await;
                    region.write(Actor::system("note key"), note).await?;
                }
                Ok((region, self.believe(credential, caller)))
            }
        }
    }

    /// Journals the use of a key from outside of its networks, once a minute for each network. Nobody waits for it: the time of the
    /// answer would tell that the key is known.
    fn note_misplaced(&self, region: &Region, key: ApiKey, address: IpAddr) {
        let mut noted = lock(&self.misplaced);
        noted.retain(|_, since| since.elapsed() < MISPLACED);
        let place = (key.id, Network::around(address).to_string());
        if noted.len() >= REMEMBERED || noted.contains_key(&place) {
            return;
        }
        noted.insert(place, Instant::now());
        let region = region.clone();
        actix_web::rt::spawn(async move {
            let save = async move |tx: &mut Tx<'_>| users::save_misplaced(tx, key.misplaced(address)).await;
            if let Err(failure) = region.write(Actor::system("authenticate"), save).await {
                log::warn!("the use of a key from outside of its networks is not journaled: {failure}");
            }
        });
    }

    fn believed(&self, credential: &Credential) -> Option<Arc<Caller>> {
        let callers = lock(&self.callers);
        callers
            .get(credential)
            .filter(|(since, _)| since.elapsed() < BELIEVED)
            .map(|(_, caller)| caller.clone())
    }

    fn believe(&self, credential: Credential, caller: Caller) -> Arc<Caller> {
        let caller = Arc::new(caller);
        let mut callers = lock(&self.callers);
        if callers.len() >= REMEMBERED {
            callers.retain(|_, (since, _)| since.elapsed() < BELIEVED);
        }
        callers.insert(credential, (Instant::now(), caller.clone()));
        caller
    }

    /// Marks a request as running. None if the same request is already running.
    pub fn begin(&self, region: &Region, key: &Key) -> Option<InFlight> {
        let running = (region.code().to_owned(), key.user, key.key.clone());
        lock(&self.running).insert(running.clone()).then(|| InFlight(running, self.running.clone()))
    }

    /// The region that a visitor names, or the only region if there is one.
    pub async fn region(&self, named: Option<&str>) -> Result<Option<Region>, Failure> {
        let Some(code) = named else {
            let mut all = self.db.regions();
            return match (all.pop(), self.db.closed().first()) {
                (None, Some((code, _))) => self.db.reach(code),
                (only, None) if all.is_empty() => Ok(only),
                _ => Ok(None),
            };
        };
        if self.db.region(code).is_none() && self.throttle.may_look_around() {
            self.db.refresh().await?;
        }
        self.db.reach(code)
    }
}
