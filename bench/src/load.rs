//! The client: connections that stay open and send the next request after each answer. It has one thread, so that it
//! takes little processor time from the servers.
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The number of connections.
pub const CONNECTIONS: usize = 32;

/// The bytes of requests, which are sent one after the other in a loop.
pub type Requests = Arc<Vec<Vec<u8>>>;

/// The result of sending requests for a while.
pub struct Round {
    pub answered: usize,
    /// The number of answers other than 200 or 201, such as 503.
    pub refused: usize,
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
}

impl Round {
    /// The result, made of the times of all answers. This function sorts them.
    pub fn of(mut times: Vec<Duration>, refused: usize, took: Duration) -> Self {
        times.sort_unstable();
        let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
        let answered = times.len();
        let per_second = f64::from(u32::try_from(answered).expect("a number")) / took.as_secs_f64();
        Self { answered, refused, per_second, p50: at(50), p99: at(99) }
    }
}

/// Sends requests for the given time, from the first again after the last.
pub fn ask(address: SocketAddr, requests: &Requests, lasting: Duration) -> Round {
    send(address, requests, lasting, usize::MAX)
}

/// Sends each request once, within the given time.
pub fn ask_each(address: SocketAddr, requests: &Requests, lasting: Duration) -> Round {
    send(address, requests, lasting, requests.len())
}

fn send(address: SocketAddr, requests: &Requests, lasting: Duration, most: usize) -> Round {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let next = Arc::new(AtomicUsize::new(0));
        let mut streams = Vec::new();
        for _ in 0..CONNECTIONS {
            let stream = TcpStream::connect(address).await.expect("the server listens");
            stream.set_nodelay(true).expect("a socket");
            streams.push(stream);
        }
        let began = Instant::now();
        let end = began + lasting;
        let mut clients = JoinSet::new();
        for stream in streams {
            clients.spawn(client(stream, requests.clone(), next.clone(), most, end));
        }
        let (mut times, mut refused) = (Vec::new(), 0);
        for (its_times, its_refused) in clients.join_all().await {
            times.extend(its_times);
            refused += its_refused;
        }
        Round::of(times, refused, began.elapsed())
    })
}

async fn client(
    mut stream: TcpStream,
    requests: Requests,
    next: Arc<AtomicUsize>,
    most: usize,
    end: Instant,
) -> (Vec<Duration>, usize) {
    let (mut times, mut refused, mut buffer) = (Vec::new(), 0, Vec::with_capacity(64 * 1024));
    let mut now = Instant::now();
    while now < end {
        let place = next.fetch_add(1, Ordering::Relaxed);
        if place >= most {
            break;
        }
        let request = &requests[place % requests.len()];
        stream.write_all(request).await.expect("the server listens");
        let status = answer(&mut stream, &mut buffer).await.expect("the server keeps the connection");
        let then = Instant::now();
        if matches!(status, 200 | 201) {
            times.push(then - now)
        } else {
            refused += 1
        }
        now = then;
    }
    (times, refused)
}

/// Reads one whole answer and returns its status. `None` if the server has closed the connection.
pub async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<u16> {
    const LENGTH: &[u8] = b"\r\ncontent-length: ";
    buffer.clear();
    let head = loop {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
        if let Some(head) = find(buffer, b"\r\n\r\n") {
            break head;
        }
    };
    let length = find(&buffer[..head], LENGTH).expect("an answer with a length") + LENGTH.len();
    let digits = buffer[length..].iter().take_while(|it| it.is_ascii_digit());
    let length = digits.fold(0, |all, digit| all * 10 + usize::from(digit - b'0'));
    while buffer.len() < head + 4 + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    std::str::from_utf8(&buffer["HTTP/1.1 ".len()..][..3]).ok()?.parse().ok()
}

fn find(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len()).position(|it| it == sought)
}

/// The bytes of one request, with the headers of a usual client.
pub fn request(method: &str, path: &str, token: &str, body: Option<&str>) -> Vec<u8> {
    let mut text = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n"
    );
    if let Some(body) = body {
        text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body.unwrap_or_default());
    text.into_bytes()
}
