//! A client: the API without a socket, a clock set to the days that are told of, accounts that log in by themselves.
use super::{CODE, PASSWORD, Progress};
use crate::http::config::Cli;
use crate::http::logins::tokens::Tokens;
use crate::http::state::State;
use crate::server::metrics::Metrics;
use actix_web::body::MessageBody;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use actix_web::{test, web};
use chrono::{NaiveDate, TimeDelta};
use clap::Parser;
use domain::base::access::{Grant, Role};
use domain::base::moment::{Moment, born_by};
use domain::base::text::{Login, Oktmo, Title};
use domain::region::users::{NewUser, Password};
use futures_util::future::LocalBoxFuture;
use persistence::db::{Db, Region};
use persistence::engine::column::machine_clock;
use persistence::engine::page::RegionInfo;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// A reply: status and body.
type Answered = Result<(u16, Vec<u8>), String>;

/// The API of the region, and its clock.
pub struct Client {
    ask: Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answered>>,
    db: Db,
    region: Region,
    clock: Arc<Mutex<Moment>>,
    now: Moment,
    tokens: RefCell<HashMap<String, (Moment, String)>>,
    /// The institution whose accounts act, by the beginning of their logins. Empty for the agency.
    institution: Cell<&'static str>,
    progress: Cell<Progress>,
    tell: Box<dyn Fn(Progress)>,
}

impl Client {
    /// Makes the region so many days ago, with its administrator.
    pub async fn open(db: &Db, days_ago: i64, tell: Box<dyn Fn(Progress)>) -> Result<Self, String> {
        let now = machine_clock();
        let clock = Arc::new(Mutex::new(now.plus(TimeDelta::days(-days_ago))));
        let db = db.with_clock(Arc::new({
            let clock = clock.clone();
            move || *clock.lock().unwrap_or_else(PoisonError::into_inner)
        }));
        let info = RegionInfo {
            code: CODE.into(),
            name: "Демонстрационная область".into(),
            territory: Oktmo::new("25000000"),
            zone: "Asia/Irkutsk".parse()?,
        };
        let region = db.add_region(info, crate::shipped::ship).await.map_err(|it| it.to_string())?;
        add_admin(&region).await?;
        let settings = Cli::parse_from(["nastavnik", "serve"]).settings;
        let tokens = Tokens::new(&settings.public_url, &Tokens::generate()?)?;
        let state = web::Data::new(State::new(db.clone(), tokens, settings));
        let metrics = web::Data::new(Metrics::new().map_err(|it| it.to_string())?);
        let service = Rc::new(test::init_service(crate::server::app(&state, &metrics)).await);
        let ask = Box::new(move |request: TestRequest| -> LocalBoxFuture<'static, Answered> {
            let service = service.clone();
            Box::pin(async move {
                let answer = test::call_service(&*service, request.to_request()).await;
                let status = answer.status().as_u16();
                let body =
                    answer.into_body().try_into_bytes().map_err(|_| "an answer without an end".to_owned())?;
                Ok((status, body.to_vec()))
            })
        });
        let progress = Cell::new(Progress { chapter: "programs", requests: 0 });
        let (tokens, institution) = (RefCell::default(), Cell::default());
        Ok(Self { ask, db, region, clock, now, tokens, institution, progress, tell })
    }

    /// The region.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Begins a chapter of the story.
    pub fn chapter(&self, chapter: &'static str) {
        self.report(Progress { chapter, ..self.progress.get() });
    }

    /// Lets accounts of that institution act from now on: `specialist` is `home.specialist` then. Empty: those of the agency again.
    pub fn act_for(&self, institution: &'static str) {
        self.institution.set(institution);
    }

    /// The login of somebody in the institution that acts.
    fn login_of(&self, who: &str) -> String {
        match self.institution.get() {
            "" => who.to_owned(),
            institution => format!("{institution}.{who}"),
        }
    }

    fn report(&self, progress: Progress) {
        self.progress.set(progress);
        (self.tell)(progress);
    }

    /// Finishes what is queued.
    pub async fn close(self) {
        self.db.close().await;
    }

    /// Sets the clock to so many days ago.
    pub fn days_ago(&self, days: i64) {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = self.now.plus(TimeDelta::days(-days));
    }

    /// Sets the clock to so many minutes after the midnight that began a day so many days ago, and tells that instant.
    pub fn at_minute(&self, days_ago: i64, minutes: i64) -> String {
        let at = self.region.info().zone.dawn(self.date(days_ago)).plus(TimeDelta::minutes(minutes));
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = at;
        at.to_string()
    }

    /// The region's calendar day so many days ago, as the API writes it.
    pub fn day(&self, days_ago: i64) -> String {
        self.date(days_ago).to_string()
    }

    /// The birth date of somebody who turned that age so many days ago.
    pub fn born(&self, years: i32, days_ago: i64) -> String {
        born_by(self.date(days_ago), years).to_string()
    }

    /// The instant so many days ago, at four in the afternoon of the region.
    pub fn moment(&self, days_ago: i64) -> String {
        format!("{}T08:00:00Z", self.date(days_ago))
    }

    fn date(&self, days_ago: i64) -> NaiveDate {
        self.region.info().zone.day(self.now.plus(TimeDelta::days(-days_ago)))
    }

    /// Posts by an account and answers what came back.
    pub async fn post(&self, who: &str, path: &str, body: Value) -> Result<Value, String> {
        let request = self.request(who, Method::POST, path).await?.set_json(body);
        self.send(request, path).await
    }

    /// Puts a form in the place of the one that a thing has, which tells its version.
    pub async fn put(&self, who: &str, path: &str, thing: &Value, body: Value) -> Result<Value, String> {
        let version = thing.get("version").and_then(Value::as_i64).unwrap_or_default();
        let request = self.request(who, Method::PUT, path).await?.set_json(body);
        self.send(request.insert_header(("if-match", format!("\"{version}\""))), path).await
    }

    /// Edits some members of a thing's form.
    pub async fn patch(&self, who: &str, path: &str, thing: &Value, body: Value) -> Result<Value, String> {
        let version = thing.get("version").and_then(Value::as_i64).unwrap_or_default();
        let request = self.request(who, Method::PATCH, path).await?.set_payload(body.to_string());
        let request = request.insert_header(("content-type", "application/merge-patch+json"));
        self.send(request.insert_header(("if-match", format!("\"{version}\""))), path).await
    }

    /// Posts and answers the id of what is new.
    pub async fn add(&self, who: &str, path: &str, body: Value) -> Result<String, String> {
        let added = self.post(who, path, body).await?;
        added
            .get("id")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| format!("{path}: no id in {added}"))
    }

    /// Opens an account with these grants and answers its id.
    pub async fn account(&self, login: &str, name: &str, grants: Value) -> Result<String, String> {
        let form = json!({"login": login, "name": name, "grants": grants, "password": PASSWORD});
        self.add("admin", "/users", form).await
    }

    /// Reads by an account.
    pub async fn get(&self, who: &str, path: &str) -> Result<Value, String> {
        let request = self.request(who, Method::GET, path).await?;
        self.send(request, path).await
    }

    /// Uploads a scan and answers its id.
    pub async fn scan(&self, who: &str, purpose: &str, name: &str) -> Result<String, String> {
        let boundary = "a-scan-of-paper";
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n{purpose}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n%PDF-1.4\n% {name}\n%%EOF\n\r\n--{boundary}--\r\n"
        );
        let request = self.request(who, Method::POST, "/files").await?;
        let request =
            request.insert_header(("content-type", format!("multipart/form-data; boundary={boundary}")));
        let added = self.send(request.set_payload(body), "/files").await?;
        added
            .get("id")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| format!("/files: no id in {added}"))
    }

    async fn request(&self, who: &str, method: Method, path: &str) -> Result<TestRequest, String> {
        let token = self.token(&self.login_of(who)).await?;
        let request = TestRequest::default().method(method).uri(&format!("/api/v1{path}"));
        Ok(request.insert_header(("authorization", format!("Bearer {token}"))))
    }

    async fn send(&self, request: TestRequest, path: &str) -> Result<Value, String> {
        let (status, body) = (self.ask)(request).await?;
        let Progress { chapter, requests } = self.progress.get();
        self.report(Progress { chapter, requests: requests + 1 });
        let text = String::from_utf8_lossy(&body).into_owned();
        if !(200..300).contains(&status) {
            return Err(format!("{path} answered {status}: {text}"));
        }
        serde_json::from_str(&text).map_err(|it| format!("{path}: {it}"))
    }

    /// A token of the account, not older than ten minutes of the client's time.
    async fn token(&self, who: &str) -> Result<String, String> {
        let now = *self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.tokens.borrow().get(who).cloned();
        if let Some((_, token)) =
            known.filter(|(since, _)| (0..600).contains(&now.since(*since).num_seconds()))
        {
            return Ok(token);
        }
        let login = TestRequest::post().uri("/api/v1/auth/login");
        let login = login.peer_addr(std::net::SocketAddr::from(([127, 0, 0, 1], 1)));
        let pair =
            self.send(login.set_json(json!({"login": who, "password": PASSWORD})), "/auth/login").await?;
        let token = pair.get("access_token").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.tokens.borrow_mut().insert(who.to_owned(), (now, token.clone()));
        Ok(token)
    }
}

/// The first account of a region cannot be opened by another one.
async fn add_admin(region: &Region) -> Result<(), String> {
    let grant = Grant { role: Role::RegionAdmin, organization_id: None, program_id: None, territory: None };
    let order = NewUser {
        login: Login::new("admin"),
        name: Title::new("Администратор демонстрационной области"),
        person_id: None,
        work_phone: None,
        grants: vec![grant],
        active: true,
        password: Password::new(PASSWORD),
    };
    crate::region::users::open_by("demo", region, order).await
}

/// The members of an object, with these instead of its own.
pub fn with(mut form: Value, more: Value) -> Value {
    if let (Some(form), Value::Object(more)) = (form.as_object_mut(), more) {
        form.extend(more);
    }
    form
}

/// The id of the first row of a page.
pub fn first(page: &Value) -> Result<String, String> {
    let id = page.pointer("/items/0/id").and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| format!("nothing in {page}"))
}
