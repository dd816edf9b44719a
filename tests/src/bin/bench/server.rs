//! Servers in processes of their own, so that their processor time is separate from the client's.
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A process of this program with the arguments of one server.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts the process and waits until it prints its address. Its log goes to a file, as in production.
    pub fn start(arguments: &[String], log: File) -> Self {
        let program = std::env::current_exe().expect("this program has a file");
        let mut command = Command::new(program);
        command.arg("serve").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("this program starts");
        let mut line = String::new();
        let told = child.stdout.take().expect("its output");
        BufReader::new(told).read_line(&mut line).expect("its output");
        let address = line.trim().parse().unwrap_or_else(|_| panic!("no address in '{line}'"));
        Self { child, address }
    }

    /// The used processor time, if the system reports it (`/proc`, in hundredths of a second).
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

/// Prints the address for the parent process, and ends when the parent ends. It runs in the server's process.
pub fn announce(address: SocketAddr) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{address}");
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
}
