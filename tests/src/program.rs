//! The program as an operator runs it: a process of its own, which tests can kill.
use crate::client::{Account, Client};
use crate::template;
use crate::world::{PASSWORD, postgres_url};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// An installation: a folder with a region in it.
pub struct Installation {
    pub region: String,
    folder: tempfile::TempDir,
    /// On PostgreSQL: the address of a database of its own, where it needs one. The region of other installations stands in the shared one.
    database: Option<String>,
}

/// The files of a folder with their paths in it.
fn files(root: &Path, folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let found = std::fs::read_dir(root.join(folder)).expect("a folder").flatten();
    let of = |it: std::fs::DirEntry| {
        let path = folder.join(it.file_name());
        match it.path().is_dir() {
            true => files(root, &path),
            false => vec![(path, std::fs::read(it.path()).expect("a file"))],
        }
    };
    found.flat_map(of).collect()
}

/// A server of an installation.
pub struct Process {
    pub client: Client,
    child: Child,
}

/// The program under test, which is built beside the tests.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test runs from a file");
    let path = test.ancestors().nth(2).expect("a target folder").join("nastavnik");
    assert!(path.exists(), "{} is not there: make some", path.display());
    path
}

impl Installation {
    /// An installation with a region and its administrator.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let region = format!("p{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let it = Self { region, folder: tempfile::tempdir().expect("a folder"), database: None };
        it.bring_key();
        let told =
            it.run(&["region", "add", "--code", &it.region, "--name", "Проверка", "--territory", "25000000"]);
        assert!(told.status.success(), "{told:?}");
        let told = it.run(&[
            "user",
            "add",
            "--region",
            &it.region,
            "--login",
            "admin",
            "--name",
            "Админ",
            "--role",
            "region_admin",
        ]);
        assert!(told.status.success(), "{told:?}");
        it
    }

    /// An installation with the demonstration region. Loading takes longer than most tests, so it is done once and copied.
    pub fn demonstration() -> Self {
        static LOADED: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = tempfile::tempdir().expect("a folder");
        let mut it = Self { region: api::demo::CODE.into(), folder, database: None };
        if postgres_url().is_some() {
            it.bring_key();
            let name = format!("demo_{}", COUNT.fetch_add(1, Ordering::SeqCst));
            it.database = Some(template::copy_demonstration(name, |url| it.load(url)));
            return it;
        }
        for (path, content) in LOADED.get_or_init(|| {
            it.load(&it.url());
            files(it.folder.path(), Path::new(""))
        }) {
            let path = it.folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, content).expect("a copy");
        }
        it
    }

    fn load(&self, url: &str) {
        let mut command = self.command();
        command.env("DATABASE_URL", url).env("NASTAVNIK_REGIONS", &self.region).args(["demo", "load"]);
        let told = command.output().expect("the program runs");
        assert!(told.status.success(), "{told:?}");
    }

    /// On PostgreSQL, installations of other tests have regions in the same database, so the program makes no key there.
    fn bring_key(&self) {
        if postgres_url().is_some() {
            let keys = self.folder.path().join("keys");
            std::fs::create_dir(&keys).expect("a folder");
            std::fs::write(keys.join("master.key"), "5a".repeat(32)).expect("a key");
        }
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The address of its databases.
    fn url(&self) -> String {
        let shared =
            || postgres_url().unwrap_or_else(|| format!("sqlite:{}/regions", self.folder.path().display()));
        self.database.clone().unwrap_or_else(shared)
    }

    /// A command of the program with the settings of this installation.
    pub fn command(&self) -> Command {
        let mut command = Command::new(binary());
        command
            .env_clear()
            .env("DATABASE_URL", self.url())
            .env("NASTAVNIK_KEYS", self.folder.path().join("keys"));
        command
            .env("NASTAVNIK_LISTEN", "127.0.0.1:0")
            .env("NASTAVNIK_LOG", "warn")
            .env("NASTAVNIK_PASSWORD", PASSWORD);
        command
    }

    /// Runs a command of the program and waits for its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command();
        if arguments.first() != Some(&"region") || arguments.get(1) != Some(&"add") {
            command.env("NASTAVNIK_REGIONS", &self.region);
        }
        command.args(arguments).output().expect("the program runs")
    }

    /// Starts a server of the installation.
    pub fn serve(&self) -> Process {
        let mut command = self.command();
        command.env("NASTAVNIK_REGIONS", &self.region).arg("serve");
        self.serve_with(command)
    }

    /// Starts a server by the given command.
    pub fn serve_with(&self, mut command: Command) -> Process {
        command.stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a greeting");
        let base = line
            .split("http://")
            .nth(1)
            .and_then(|it| it.split(';').next())
            .unwrap_or_else(|| panic!("no address in '{line}'"));
        Process { client: Client::new(format!("http://{}", base.trim())), child }
    }
}

impl Default for Installation {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if let Some(address) = self.database.take() {
            template::aside(move || async move { template::drop_database(&address).await });
        } else if postgres_url().is_some() {
            let _ = self.run(&["region", "remove", "--code", &self.region, "--yes"]);
        }
    }
}

impl Process {
    pub fn admin(&self, installation: &Installation) -> Account {
        self.client.login_in(&installation.region, "admin")
    }
    /// The log of a process that was started with a pipe for it.
    pub fn log(&mut self) -> ChildStderr {
        self.child.stderr.take().expect("a pipe for the log")
    }
    /// Memory of the process in megabytes: `VmRSS` now, `VmHWM` at most. 0 where the system does not tell.
    pub fn memory_mb(&self, which: &str) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find_map(|it| it.strip_prefix(which));
        line.and_then(|it| it.split_whitespace().nth(1)?.parse::<u64>().ok()).map_or(0, |it| it / 1024)
    }
    /// Lets the most memory be counted from now.
    pub fn forget_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }
    /// Kills the process by `kill -9`, without any cleanup.
    pub fn kill(mut self) {
        self.child.kill().expect("it was alive");
        self.child.wait().expect("it ends");
    }
    /// Stops the process by `kill -TERM`. Returns whether it ended without an error.
    pub fn terminate(mut self) -> bool {
        let told =
            Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
        self.child.wait().expect("it ends").success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
