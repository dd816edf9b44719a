//! Servers as processes of their own, so that what they cost can be told from what asking costs.
use crate::client::{Client, PASSWORD};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A server, which ends with this value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts the product. Its log goes to a file, as it would anywhere.
    pub fn product(flags: &[String], log: File) -> Self {
        let mut command = product();
        command.args(flags).arg("serve");
        Self::start(command, log, |line| line.split("http://").nth(1)?.split(';').next()?.trim().parse().ok())
    }

    /// Starts this program again as one of the bare servers.
    pub fn bare(arguments: &[String], log: File) -> Self {
        let mut command = Command::new(own());
        command.arg("serve").args(arguments).stdin(Stdio::piped());
        Self::start(command, log, |line| line.trim().parse().ok())
    }

    /// Waits until it says where it listens.
    fn start(mut command: Command, log: File, address: impl Fn(&str) -> Option<SocketAddr>) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("a server starts");
        let mut line = String::new();
        let told = child.stdout.take().expect("its output");
        BufReader::new(told).read_line(&mut line).expect("its output");
        let address = address(&line).unwrap_or_else(|| panic!("no address in '{line}'"));
        Self { child, address }
    }

    /// Asks so many times, from several clients at once. The answers are in no order.
    pub fn at_once<T: Send>(
        &self,
        clients: usize,
        times: usize,
        ask: impl Fn(&Client, usize) -> T + Sync,
    ) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let work = || {
            let (client, mut done) = (Client::new(format!("http://{}", self.address)), Vec::new());
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= times {
                    return done;
                }
                done.push(ask(&client, n));
            }
        };
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..clients).map(|_| scope.spawn(work)).collect();
            all.into_iter().flat_map(|it| it.join().expect("a client")).collect()
        })
    }

    /// Memory that it holds, in megabytes, where the system tells.
    pub fn resident_mb(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find_map(|it| it.strip_prefix("VmRSS:"));
        line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |it| it / 1024)
    }

    /// Processor time that it has used, where the system tells (`/proc`, in hundredths of a second).
    pub fn cpu(&self) -> Option<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let after_name = text.rsplit(')').next()?;
        let ticks: Vec<u64> =
            after_name.split(' ').skip(12).take(2).filter_map(|it| it.parse().ok()).collect();
        (ticks.len() == 2).then(|| Duration::from_millis(ticks.iter().sum::<u64>() * 10))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn own() -> PathBuf {
    std::env::current_exe().expect("this program has a file")
}

/// The product as it was built beside this program, without the settings of the caller's environment.
pub fn product() -> Command {
    let program = own().with_file_name("nastavnik");
    assert!(program.exists(), "{} is not there: make bench builds it", program.display());
    let mut command = Command::new(program);
    command.env_clear().env("NASTAVNIK_PASSWORD", PASSWORD);
    command
}

/// In a bare server's process: tells the parent where it listens, and ends with the parent.
pub fn announce(address: SocketAddr) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{address}");
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
}
