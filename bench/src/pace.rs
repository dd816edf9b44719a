//! Requests at a steady pace over many connections, however slow the answers are.
use crate::load::{Requests, answer};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A steady pace.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub per_second: u32,
    pub connections: u32,
    pub lasting: Duration,
}

/// An answer, with the moments at which its request was due and was sent. The status 0 is a connection that was closed without
/// an answer.
#[derive(Debug, Clone, Copy)]
pub struct Timed {
    pub due: Instant,
    pub sent: Instant,
    pub answered: Instant,
    pub status: u16,
}

impl Timed {
    /// The time since the request was due. A request that had to wait for another one is slow too.
    pub fn since_due(&self) -> Duration {
        self.answered - self.due
    }
    /// The time since the request was sent.
    pub fn since_sent(&self) -> Duration {
        self.answered - self.sent
    }
}

/// Sends the requests in turn at that pace.
pub async fn keep(pace: Pace, address: SocketAddr, requests: Requests) -> Vec<Timed> {
    let began = Instant::now() + Duration::from_millis(200);
    let mut clients = JoinSet::new();
    for number in 0..pace.connections {
        clients.spawn(client(pace, number, address, requests.clone(), began));
    }
    clients.join_all().await.into_iter().flatten().collect()
}

async fn client(
    pace: Pace,
    number: u32,
    address: SocketAddr,
    requests: Requests,
    began: Instant,
) -> Vec<Timed> {
    let (mut all, mut buffer) = (Vec::new(), Vec::with_capacity(64 * 1024));
    let mut stream = open(address).await;
    for turn in 0.. {
        let place = turn * pace.connections + number;
        let after = Duration::from_secs(1) * place / pace.per_second;
        if after > pace.lasting {
            break;
        }
        let due = began + after;
        tokio::time::sleep_until(due.into()).await;
        let sent = Instant::now();
        let request = &requests[usize::try_from(place).expect("a number") % requests.len()];
        let is_sent = stream.write_all(request).await.is_ok();
        let status = if is_sent { answer(&mut stream, &mut buffer).await } else { None };
        all.push(Timed { due, sent, answered: Instant::now(), status: status.unwrap_or(0) });
        if status.is_none() || closes(&buffer) {
            stream = open(address).await;
        }
    }
    all
}

async fn open(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    stream
}

/// Whether the server tells that it closes the connection after this answer.
fn closes(answer: &[u8]) -> bool {
    answer.windows(17).any(|it| it.eq_ignore_ascii_case(b"connection: close"))
}

/// The number of answers of each status.
pub fn statuses(all: &[Timed]) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    all.iter().for_each(|it| *counts.entry(it.status).or_default() += 1);
    counts
}

/// The time that so many of a thousand answers did not exceed, in milliseconds.
pub fn within_ms(all: &[Timed], time: fn(&Timed) -> Duration, thousandths: usize) -> f64 {
    let mut times: Vec<Duration> = all.iter().map(time).collect();
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times.get((times.len() * thousandths / 1000).min(last)).map_or(f64::NAN, |it| it.as_secs_f64() * 1000.0)
}

/// The answers that took longer, and the seconds of the run in which their requests were due: a stall shows as neighbours.
pub fn longer_than(all: &[Timed], time: Duration) -> (usize, Vec<u64>) {
    let began = all.iter().map(|it| it.due).min();
    let slow: Vec<_> = all.iter().filter(|it| it.since_due() > time).collect();
    let mut seconds: Vec<u64> =
        slow.iter().filter_map(|it| Some(it.due.duration_since(began?).as_secs())).collect();
    seconds.sort_unstable();
    seconds.dedup();
    (slow.len(), seconds)
}
