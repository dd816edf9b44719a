//! A page of another site in a real browser: it sees problems as problems, and reads the headers that it needs.
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tests::{PASSWORD, World};

/// Asks as a frontend does, and sends what it saw to the server of the page.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><script>
const { base, region, password } = GIVEN;
const seen = {};
async function ask(name, path, init = {}) {
  const headers = { "accept-language": "en", "content-type": "application/json", ...init.headers };
  try {
    const answer = await fetch(base + "/api/v1" + path, { ...init, headers });
    const text = await answer.text();
    const body = text ? JSON.parse(text) : {};
    const read = ["etag", "location", "link", "idempotency-replayed", "x-request-id", "retry-after"];
    seen[name] = { status: answer.status, code: body.code, title: body.title, errors: body.errors,
      headers: Object.fromEntries(read.map((it) => [it, answer.headers.get(it)])) };
    return body;
  } catch (error) {
    seen[name] = { failed: String(error) };
    return {};
  }
}
const post = (body, headers) => ({ method: "POST", body: JSON.stringify(body), headers });
(async () => {
  const login = (password) => post({ login: "admin", password, region });
  await ask("wrong_password", "/auth/login", login("wrong"));
  const { access_token } = await ask("signed_in", "/auth/login", login(password));
  const own = { authorization: "Bearer " + access_token };
  const form = { kind: "ngo", name: "Дом", territory: "25655000" };
  const { id } = await ask("entered", "/organizations", post(form, { ...own, "idempotency-key": "one" }));
  await ask("entered_again", "/organizations", post(form, { ...own, "idempotency-key": "one" }));
  await ask("another", "/organizations", post({ ...form, name: "Двор" }, own));
  await ask("field_error", "/organizations", post({ ...form, name: "" }, own));
  const edit = { method: "PUT", body: JSON.stringify(form), headers: { ...own, "if-match": '"7"' } };
  await ask("stale", "/organizations/" + id, edit);
  await ask("unknown_route", "/nothing", { headers: own });
  await ask("expired", "/me", { headers: { authorization: "Bearer a.b.c" } });
  await ask("page", "/organizations?limit=1", { headers: own });
  for (let n = 0; n < 40 && seen.busy?.status !== 429; n++) await ask("busy", "/auth/login", login("wrong"));
  await fetch("/seen", { method: "POST", body: JSON.stringify(seen) });
})();
</script>"#;

/// The browser: `CHROMIUM`, or one that the machine has.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let found = || {
        let folders = std::env::split_paths(&path);
        folders.flat_map(|it| names.map(|name| it.join(name))).find(|it| it.is_file())
    };
    named.or_else(found)
}

/// A browser that is ended with the test.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn open(program: &PathBuf, address: &str, profile: &std::path::Path) -> Browser {
    let mut command = Command::new(program);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
    ]);
    command.arg(format!("--user-data-dir={}", profile.display())).arg(address);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Browser(command.spawn().unwrap_or_else(|it| panic!("{}: {it}", program.display())))
}

/// The first line of a request and its body.
fn request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).expect("a request");
    loop {
        let mut line = String::new();
        let read = reader.read_line(&mut line).expect("a header");
        if read == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    (first, body)
}

/// Serves the page until the browser tells what it saw.
fn seen(listener: &TcpListener, page: &str) -> Value {
    listener.set_nonblocking(true).expect("a listener");
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(60) {
        let Ok((mut stream, _)) = listener.accept() else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        stream.set_nonblocking(false).expect("a stream");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a stream");
        let (first, body) = request(&mut stream);
        let answer = if first.starts_with("GET / ") { page } else { "" };
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{answer}", answer.len()).ok();
        if first.starts_with("POST /seen ") {
            return serde_json::from_slice(&body).expect("what the page saw");
        }
    }
    panic!("the browser told nothing for a minute")
}

#[test]
fn a_page_of_another_site_sees_problems_as_problems_and_reads_headers() {
    let Some(program) = chromium() else {
        let told = "no Chromium: install the package `chromium`, or name the program in CHROMIUM";
        assert!(std::env::var_os("BROWSER_REQUIRED").is_none(), "{told}");
        return println!("not tried in a browser: {told}");
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let world = World::with(&["--cors-origins", &origin]);
    let given = json!({"base": world.base, "region": world.region, "password": PASSWORD});
    let folder = tempfile::tempdir().expect("a folder");
    let _browser = open(&program, &origin, folder.path());
    let seen = seen(&listener, &PAGE.replace("GIVEN", &given.to_string()));
    let of = |name: &str| (seen[name]["status"].clone(), seen[name]["code"].clone());
    for (name, status, code) in [
        ("wrong_password", 401, "session.credentials"),
        ("field_error", 422, "field.empty"),
        ("stale", 412, "version.stale"),
        ("unknown_route", 404, "request.not_found"),
        ("expired", 401, "auth.token"),
        ("busy", 429, "request.too_many"),
    ] {
        assert_eq!(of(name), (json!(status), json!(code)), "{seen:#}");
        assert!(seen[name]["title"].as_str().is_some_and(|it| !it.is_empty()), "{seen:#}");
    }
    assert_eq!(seen["field_error"]["errors"][0]["pointer"], "/name");
    for (name, header) in [
        ("entered", "etag"),
        ("entered", "location"),
        ("entered_again", "idempotency-replayed"),
        ("page", "link"),
        ("page", "etag"),
        ("stale", "etag"),
        ("unknown_route", "x-request-id"),
        ("busy", "retry-after"),
    ] {
        assert!(seen[name]["headers"][header].is_string(), "{name} {header}: {seen:#}");
    }
}
