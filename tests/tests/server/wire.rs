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
}

const MODES: [Mode; 5] = [Mode::Open, Mode::Cut, Mode::Frozen, Mode::Swallows, Mode::FreezesAtCommit];
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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, state) = (listener.local_addr().unwrap().port(), State(Arc::default()));
        let seen = state.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if seen.mode() == Mode::Cut {
                    continue;
                }
                let far = TcpStream::connect(&target).unwrap();
                for (from, to) in [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)] {
                    let state = seen.clone();
                    std::thread::spawn(move || carry(from, to, &state));
                }
            }
        });
        Self { port, state }
    }

    pub fn turn(&self, mode: Mode) {
        self.state.0.store(mode as u8, Ordering::SeqCst);
    }
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
