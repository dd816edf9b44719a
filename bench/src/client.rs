//! A client of the API that asks one thing after the other.
use serde_json::{Value, json};
use std::time::Duration;

/// The password of every account that is opened here.
pub const PASSWORD: &str = "сирень у старой пристани";

#[derive(Clone)]
pub struct Client {
    base: String,
    agent: ureq::Agent,
}

/// Somebody who can ask.
pub struct Account {
    pub token: String,
}

/// A reply.
pub struct Reply {
    status: u16,
    location: Option<String>,
    pub text: String,
    pub body: Value,
}

impl Reply {
    fn of(mut answer: ureq::http::Response<ureq::Body>) -> Self {
        let location = answer.headers().get("location").and_then(|it| it.to_str().ok()).map(str::to_owned);
        let text = answer.body_mut().read_to_string().expect("a text");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status: answer.status().as_u16(), location, text, body }
    }
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }
    pub fn location(&self) -> &str {
        self.location.as_deref().unwrap_or_else(|| panic!("no place with {}", self.text))
    }
    pub fn items(&self) -> &Vec<Value> {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no items in {}", self.text))
    }
}

impl Client {
    pub fn new(base: String) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)));
        Self { base, agent: config.build().into() }
    }
    pub fn get(&self, who: &Account, path: &str) -> Reply {
        self.ask("GET", path, Some(who), None, None)
    }
    pub fn post(&self, who: &Account, path: &str, body: Value) -> Reply {
        self.ask("POST", path, Some(who), None, Some(&body))
    }
    pub fn put(&self, who: &Account, path: &str, etag: &str, body: Value) -> Reply {
        self.ask("PUT", path, Some(who), Some(etag), Some(&body))
    }
    /// Uploads a small PDF and returns its id.
    pub fn upload(&self, who: &Account, purpose: &str) -> String {
        const BOUNDARY: &str = "----nastavnik-bench";
        let part = |headers: &str, content: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {headers}\r\n\r\n{content}\r\n")
        };
        let file = "name=\"file\"; filename=\"scan.pdf\"\r\nContent-Type: application/pdf";
        let body = format!(
            "{}{}--{BOUNDARY}--\r\n",
            part("name=\"purpose\"", purpose),
            part(file, "%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n")
        );
        let request = ureq::http::Request::builder()
            .method("POST")
            .uri(format!("{}/api/v1/files", self.base))
            .header("authorization", format!("Bearer {}", who.token))
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        let sent = self.agent.run(request.body(body).expect("a request"));
        Reply::of(sent.unwrap_or_else(|it| panic!("POST /files: {it}"))).expect(201).id()
    }
    pub fn login_in(&self, region: &str, login: &str) -> Account {
        let order = json!({"login": login, "password": PASSWORD, "region": region});
        let reply = self.ask("POST", "/auth/login", None, None, Some(&order)).expect(200);
        Account { token: reply.body["access_token"].as_str().expect("a token").to_owned() }
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        who: Option<&Account>,
        etag: Option<&str>,
        body: Option<&Value>,
    ) -> Reply {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}/api/v1{path}", self.base));
        if let Some(who) = who {
            request = request.header("authorization", format!("Bearer {}", who.token));
        }
        if let Some(etag) = etag {
            request = request.header("if-match", etag);
        }
        let sent = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(body.to_string()).expect("a request"))
            }
            None => self.agent.run(request.body(()).expect("a request")),
        };
        Reply::of(sent.unwrap_or_else(|it| panic!("{method} {path}: {it}")))
    }
}
