//! A connection between the server and its database that a test can cut, freeze, or let swallow what it carries.
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Mode {
    Open,
    /// Connections are closed and none is accepted.
    Cut,
    /// Nothing is carried until the wire is open again, as if the server had been stopped.
    Frozen,
    /// Everything that comes is lost.
    Swallows,
    /// It freezes for the answer as soon as it has carried a COMMIT.
    FreezesAtCommit,
    /// A new connection is accepted, and nothing of it carried: so does a server whose first process is stopped.
    HoldsNew,
}

const MODES: [Mode; 6] =
    [Mode::Open, Mode::Cut, Mode::Frozen, Mode::Swallows, Mode::FreezesAtCommit, Mode::HoldsNew];
/// A COMMIT alone, as the protocol writes it.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

#[derive(Clone)]
struct State(Arc<AtomicU8>);

impl State {
    fn mode(&self) -> Mode {
        MODES[usize::from(self.0.load(Ordering::SeqCst))]
    }
}

pub struct Wire {
    pub port: u16,
    state: State,
}

impl Wire {
    pub fn new(target: String) -> Self {
        Self::between(target, None)
    }

    /// The same, but connections whose first packet tells that name are always carried.
    pub fn sparing(target: String, name: &str) -> Self {
        Self::between(target, Some(format!("{name}\0")))
    }

    fn between(target: String, spared: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, state) = (listener.local_addr().unwrap().port(), State(Arc::default()));
        let seen = state.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if seen.mode() == Mode::Cut {
                    continue;
                }
                let (target, spared, state) = (target.clone(), spared.clone(), seen.clone());
                std::thread::spawn(move || {
                    let is_spared = spared.is_some_and(|it| first_packet_tells(&near, it.as_bytes()));
                    join(near, &target, if is_spared { State(Arc::default()) } else { state });
                });
            }
        });
        Self { port, state }
    }

    pub fn turn(&self, mode: Mode) {
        self.state.0.store(mode as u8, Ordering::SeqCst);
    }
}

/// Whether the first packet of a client has that name in it. The packet is left where it is.
fn first_packet_tells(near: &TcpStream, name: &[u8]) -> bool {
    let mut bytes = [0; 1024];
    let count = near.peek(&mut bytes).unwrap_or_default();
    bytes[..count].windows(name.len()).any(|it| it == name)
}

/// Carries both ways, from the time at which new connections are carried.
fn join(near: TcpStream, target: &str, state: State) {
    while state.mode() == Mode::HoldsNew {
        std::thread::sleep(Duration::from_millis(5));
    }
    let far = TcpStream::connect(target).unwrap();
    let (back, forth) = (state.clone(), (near.try_clone().unwrap(), far.try_clone().unwrap()));
    std::thread::spawn(move || carry(far, near, &back));
    carry(forth.0, forth.1, &state);
}

fn carry(mut from: TcpStream, mut to: TcpStream, state: &State) {
    from.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let mut bytes = [0; 16384];
    while state.mode() != Mode::Cut {
        if state.mode() == Mode::Frozen {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        match from.read(&mut bytes) {
            Ok(0) => break,
            Ok(count) => {
                let carried = &bytes[..count];
                while state.mode() == Mode::Frozen {
                    std::thread::sleep(Duration::from_millis(5));
                }
                if state.mode() == Mode::FreezesAtCommit
                    && carried.windows(COMMIT.len()).any(|it| it == COMMIT)
                {
                    state.0.store(Mode::Frozen as u8, Ordering::SeqCst);
                }
                if state.mode() != Mode::Swallows && to.write_all(carried).is_err() {
                    break;
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
