//! A client: how a test asks a server. Each reply is held against the contract.
use crate::contract;
use crate::world::PASSWORD;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::io::Read;
use std::net::SocketAddr;
use std::time::Duration;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// A way to ask a server.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    agent: ureq::Agent,
}

/// Somebody who can ask.
#[derive(Clone, Debug)]
pub struct Account {
    pub login: String,
    pub token: String,
    pub refresh_token: String,
    pub id: String,
}

/// A reply.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
    /// The codes of everything that is wrong.
    pub fn codes(&self) -> Vec<&str> {
        self.body["errors"].as_array().into_iter().flatten().filter_map(|it| it["code"].as_str()).collect()
    }
    /// The members at which a refusal points.
    pub fn pointers(&self) -> Vec<&str> {
        self.body["errors"].as_array().into_iter().flatten().filter_map(|it| it["pointer"].as_str()).collect()
    }
    /// The card as a list shows it: without the actions that only single cards tell.
    pub fn row(&self) -> Value {
        let mut row = self.body.clone();
        row.as_object_mut().expect("a card").remove("available_actions");
        row
    }
    /// The codes of the actions that the card offers.
    pub fn actions(&self) -> Value {
        let all = self.body["available_actions"].as_array().expect("actions");
        all.iter().map(|it| it["code"].clone()).collect()
    }
    /// The action with that code.
    pub fn action(&self, code: &str) -> Option<&Value> {
        self.body["available_actions"].as_array().expect("actions").iter().find(|it| it["code"] == code)
    }
    /// The id of an item of a list.
    pub fn id_of(item: &Value) -> String {
        item["id"].as_str().expect("an id").to_owned()
    }
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }
    /// The version for `If-Match`.
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag with {}", self.text)).to_owned()
    }
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        self
    }
    /// A refusal for this alone, at that member.
    #[track_caller]
    pub fn refused_at(self, status: u16, code: &str, at: &str) -> Self {
        let it = self.refused(status, code);
        assert_eq!((it.codes(), it.pointers()), (vec![code], vec![at]), "{}", it.text);
        it
    }
    pub fn items(&self) -> &Vec<Value> {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no items in {}", self.text))
    }
    /// The ids of the items of a list.
    pub fn ids(&self) -> Vec<String> {
        self.items().iter().map(Self::id_of).collect()
    }
    /// The kinds of the items of a history.
    pub fn kinds(&self) -> Vec<&Value> {
        self.items().iter().map(|it| &it["kind"]).collect()
    }
}

/// The same without the names beside ids, for they depend on what the reader may see.
pub fn without_names(it: &Value) -> Value {
    match it {
        Value::Object(members) => {
            let is_beside = |name: &str| {
                name.strip_suffix("_name").is_some_and(|it| members.contains_key(&format!("{it}_id")))
            };
            let kept = members.iter().filter(|(name, _)| !is_beside(name));
            Value::Object(kept.map(|(name, it)| (name.clone(), without_names(it))).collect())
        }
        Value::Array(items) => items.iter().map(without_names).collect(),
        other => other.clone(),
    }
}

/// A request on its way.
pub struct Ask<'w> {
    client: &'w Client,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Ask<'_> {
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.into(), value.to_string()));
        self
    }
    pub fn by(self, account: &Account) -> Self {
        let token = format!("Bearer {}", account.token);
        self.header("authorization", token)
    }
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }
    pub fn body(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self.header("content-type", media_type)
    }
    pub fn send(self) -> Reply {
        let asked = format!("{} {}", self.method, self.path);
        self.attempt().unwrap_or_else(|it| panic!("{asked}: {it}"))
    }
    /// The same where the server may be gone.
    pub fn attempt(self) -> Result<Reply, ureq::Error> {
        let (method, path) = (self.method, self.path.clone());
        let reply = self.exchange()?;
        contract::check(method, &path, &reply);
        Ok(reply)
    }
    /// The status alone. The contract has no answer of a server whose tables were taken away, so it is not held against it.
    pub fn status(self) -> u16 {
        let asked = format!("{} {}", self.method, self.path);
        self.exchange().unwrap_or_else(|it| panic!("{asked}: {it}")).status
    }
    fn exchange(self) -> Result<Reply, ureq::Error> {
        let mut request = ureq::http::Request::builder()
            .method(self.method)
            .uri(format!("{}{}", self.client.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let sent = match self.body {
            Some(body) => self.client.agent.run(request.body(body).expect("a request")),
            None => self.client.agent.run(request.body(()).expect("a request")),
        };
        let mut answer = sent?;
        let status = answer.status().as_u16();
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let headers: Vec<_> = answer.headers().iter().map(header).collect();
        let bytes = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec()?;
        let text = String::from_utf8_lossy(&plain(&headers, &bytes)).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Reply { status, headers, text, body, bytes })
    }
}

/// The body before it was compressed.
fn plain(headers: &[(String, String)], bytes: &[u8]) -> Vec<u8> {
    let is_packed = headers.iter().any(|(name, value)| name == "content-encoding" && value == "gzip");
    if !is_packed || bytes.is_empty() {
        return bytes.to_vec();
    }
    let mut all = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut all).expect("gzip");
    all
}

/// The account of an access token, as the token tells it: to ask `/me` would be another request for each login.
fn account_of(token: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims["sub"].as_str().map(str::to_owned)
}

/// Takes the address of a server as it is written. The resolver of names begins a thread for each request.
#[derive(Debug)]
struct Written;

impl Resolver for Written {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let written = uri.authority().and_then(|it| it.as_str().parse::<SocketAddr>().ok());
        let mut all = self.empty();
        all.push(written.ok_or(ureq::Error::HostNotFound)?);
        Ok(all)
    }
}

impl Client {
    /// A client of the server at that address.
    pub fn new(base: String) -> Self {
        // The buffers of a connection are filled with zeros, which takes a tenth of a request with those of 128 KiB.
        let config = ureq::Agent::config_builder()
            .input_buffer_size(16 * 1024)
            .output_buffer_size(16 * 1024)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)));
        Self { base, agent: ureq::Agent::with_parts(config.build(), DefaultConnector::default(), Written) }
    }

    /// The host and port of the server.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }
    pub fn ask(&self, method: &'static str, path: &str) -> Ask<'_> {
        Ask { client: self, method, path: path.to_owned(), headers: Vec::new(), body: None }
    }
    pub fn get(&self, who: &Account, path: &str) -> Reply {
        self.ask("GET", &format!("/api/v1{path}")).by(who).send()
    }
    pub fn post(&self, who: &Account, path: &str, body: Value) -> Reply {
        self.ask("POST", &format!("/api/v1{path}")).by(who).json(&body).send()
    }
    pub fn put(&self, who: &Account, path: &str, etag: &str, body: Value) -> Reply {
        self.ask("PUT", &format!("/api/v1{path}")).by(who).header("if-match", etag).json(&body).send()
    }
    pub fn patch(&self, who: &Account, path: &str, etag: &str, body: Value) -> Reply {
        let patch = body.to_string().into_bytes();
        self.ask("PATCH", &format!("/api/v1{path}"))
            .by(who)
            .header("if-match", etag)
            .body("application/merge-patch+json", patch)
            .send()
    }
    /// Edits members of a thing as it is now.
    pub fn edit(&self, who: &Account, path: &str, members: Value) -> Reply {
        let etag = self.get(who, path).expect(200).etag();
        self.patch(who, path, &etag, members)
    }

    /// Logs an account of a region in.
    pub fn login_in(&self, region: &str, login: &str) -> Account {
        self.login_with(region, login, PASSWORD)
    }
    /// The same by that password.
    pub fn login_with(&self, region: &str, login: &str, password: &str) -> Account {
        let body = json!({"login": login, "password": password, "region": region});
        let reply = self.ask("POST", "/api/v1/auth/login").json(&body).send().expect(200);
        let text = |name: &str| reply.body[name].as_str().unwrap_or_default().to_owned();
        let (token, refresh_token) = (text("access_token"), text("refresh_token"));
        Account { login: login.into(), id: account_of(&token).unwrap_or_default(), token, refresh_token }
    }
}
