//! The command line: every setting is a flag and an environment variable, with a default and a sentence.
use crate::http::logins::proxies::{ForwardingHeader, Network};
use actix_web::http::Uri;
use clap::{Args, Parser, Subcommand};
use persistence::engine::page::RegionInfo;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Nastavnik: the open backend of mentoring and accompaniment in a region.
#[derive(Debug, Parser)]
#[command(name = "nastavnik", version, about, max_term_width = 110)]
pub struct Cli {
    /// Where and how.
    #[command(flatten)]
    pub settings: Settings,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The settings of the program.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the regions are: `sqlite:FOLDER` (a file each) or `postgres://USER:PASSWORD@HOST/DATABASE` (a schema each;
    /// add `?sslmode=require` for TLS)
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite:data/regions",
        global = true,
        hide_env_values = true
    )]
    pub database_url: String,
    /// Open only these regions, by code, separated by commas: how regions are spread over processes. All by default
    #[arg(long, env = "NASTAVNIK_REGIONS", value_delimiter = ',', global = true)]
    pub regions: Vec<String>,
    /// Folder of the keys: `signing.pem` signs tokens, `master.key` seals personal data. Made at the first start; back them up
    #[arg(long, env = "NASTAVNIK_KEYS", default_value = "data/keys", global = true)]
    pub keys: PathBuf,
    /// Address to listen at. TLS is terminated in front of it
    #[arg(long, env = "NASTAVNIK_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Address under which clients know this server; the issuer of its tokens
    #[arg(long, env = "NASTAVNIK_PUBLIC_URL", default_value = "http://127.0.0.1:8080", global = true)]
    pub public_url: String,
    /// Origins whose pages may call the API (CORS), exact, separated by commas
    #[arg(long, env = "NASTAVNIK_CORS_ORIGINS", value_delimiter = ',', global = true)]
    pub cors_origins: Vec<String>,
    /// Proxies that are believed about the address of a client: addresses and networks such as `10.0.0.0/8`, separated by
    /// commas
    #[arg(long, env = "NASTAVNIK_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<Network>,
    /// The header in which they name it. All others are ignored
    #[arg(
        long,
        env = "NASTAVNIK_FORWARDING_HEADER",
        value_enum,
        default_value = "x-forwarded-for",
        global = true
    )]
    pub forwarding_header: ForwardingHeader,
    /// Worker threads; 0 means one per processor core
    #[arg(long, env = "NASTAVNIK_WORKERS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=256), global = true)]
    pub workers: u16,
    /// Connections that may be open at once, per worker
    #[arg(long, env = "NASTAVNIK_MAX_CONNECTIONS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000), global = true)]
    pub max_connections: u32,
    /// Writes that may wait in a SQLite region before the next is told to come back (503)
    #[arg(long, env = "NASTAVNIK_WRITE_QUEUE", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=100_000), global = true)]
    pub write_queue: u32,
    /// Writes that run at once in a PostgreSQL region; more suit a slow network to it, and some are then repeated
    #[arg(long, env = "NASTAVNIK_PG_WRITERS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=500), global = true)]
    pub pg_writers: u16,
    /// Seconds in which the headers of a request must arrive
    #[arg(long, env = "NASTAVNIK_HEADER_SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=60), global = true)]
    pub header_seconds: u16,
    /// Seconds in which the body of a request must arrive
    #[arg(long, env = "NASTAVNIK_BODY_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=600), global = true)]
    pub body_seconds: u16,
    /// Seconds after which a client that takes nothing of its answer is cut off
    #[arg(long, env = "NASTAVNIK_READER_SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=600), global = true)]
    pub reader_seconds: u16,
    /// Files that an account may upload at once
    #[arg(long, env = "NASTAVNIK_UPLOAD_SLOTS", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=16), global = true)]
    pub upload_slots: u16,
    /// Mebibytes that an account may upload within 24 hours
    #[arg(long, env = "NASTAVNIK_UPLOAD_QUOTA", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=1_048_576), global = true)]
    pub upload_quota: u32,
    /// Seconds that requests under way have to finish after SIGTERM
    #[arg(long, env = "NASTAVNIK_SHUTDOWN_SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u16).range(0..=600), global = true)]
    pub shutdown_seconds: u16,
    /// Seconds between two looks at what time has brought about: terms that ended, proposals that lapsed
    #[arg(long, env = "NASTAVNIK_CLOCK_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3600), global = true)]
    pub clock_seconds: u16,
    /// The level of the log: `error`, `warn`, `info`, `debug`, or per module as in `info,persistence=debug`
    #[arg(long, env = "NASTAVNIK_LOG", default_value = "info", global = true)]
    pub log: String,
}

impl Settings {
    /// Bytes that an account may upload within 24 hours.
    pub fn upload_quota_bytes(&self) -> i64 {
        i64::from(self.upload_quota) * 1024 * 1024
    }
    /// Refuses settings that are well formed and make no sense, which clap cannot see.
    pub fn check(&self) -> Result<(), String> {
        let public: Uri =
            self.public_url.parse().map_err(|it| format!("--public-url '{}': {it}", self.public_url))?;
        if public.scheme().is_none() || public.authority().is_none() || self.public_url.ends_with('/') {
            return Err(format!(
                "--public-url '{}': an address such as https://api.example.org is expected",
                self.public_url
            ));
        }
        for origin in &self.cors_origins {
            let uri: Option<Uri> = origin.parse().ok();
            let whole = |it: &Uri| {
                it.scheme_str()
                    .zip(it.authority())
                    .is_some_and(|(scheme, host)| format!("{scheme}://{host}") == *origin)
            };
            if !uri.as_ref().is_some_and(whole) {
                return Err(format!(
                    "--cors-origins '{origin}': an origin such as https://app.example.org is expected"
                ));
            }
        }
        if let Some(code) = self.regions.iter().find(|it| !RegionInfo::is_code(it)) {
            return Err(format!("--regions '{code}': not the code of a region"));
        }
        env_filter::Builder::new()
            .try_parse(&self.log)
            .map(drop)
            .map_err(|it| format!("--log '{}': {it}", self.log))
    }
}

/// The commands of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API; brings every region to the newest schema first
    Serve {
        /// Make and fill a demonstration region if there is no region yet
        #[arg(long)]
        demo: bool,
    },
    /// Bring every region to the newest schema
    Migrate,
    /// Print the OpenAPI document
    Openapi,
    /// Regions: a database each
    #[command(subcommand)]
    Region(RegionCommand),
    /// Accounts
    #[command(subcommand)]
    User(UserCommand),
    /// The demonstration region
    #[command(subcommand)]
    Demo(DemoCommand),
    /// Copy a region's database into a new file, consistently, while it is in use
    Backup {
        /// The region's code
        #[arg(long)]
        region: String,
        /// The file to be made; it must not exist
        #[arg(long)]
        to: PathBuf,
    },
}

/// The commands for regions.
#[derive(Debug, Subcommand)]
pub enum RegionCommand {
    /// Make a region
    Add {
        /// Its code: small Latin letters, digits, underscores, beginning with a letter
        #[arg(long)]
        code: String,
        /// Its name
        #[arg(long)]
        name: String,
        /// Its ОКТМО, 8 or 11 digits
        #[arg(long)]
        territory: String,
        /// Its time zone, an IANA name such as `Europe/Kirov`
        #[arg(long, default_value = "Europe/Moscow")]
        time_zone: String,
    },
    /// Take in a region whose file or schema was put beside the others, such as a restored backup
    Register {
        /// Its code
        #[arg(long)]
        code: String,
    },
    /// List the regions
    List,
    /// Erase a region with everything in it. There is no way back: back it up first
    Remove {
        /// Its code
        #[arg(long)]
        code: String,
        /// Yes, everything
        #[arg(long)]
        yes: bool,
    },
    /// Read a region whole and tell whether its journal and its sealed data are sound: to be run after a restore
    Check {
        /// Its code
        #[arg(long)]
        code: String,
    },
}

/// The commands for accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Open an account; the password is read from NASTAVNIK_PASSWORD or from standard input, never from the command line
    Add {
        /// The region's code
        #[arg(long)]
        region: String,
        /// The name to log in under
        #[arg(long)]
        login: String,
        /// The name of the account, as colleagues see it
        #[arg(long)]
        name: String,
        /// Its role, such as `region_admin`
        #[arg(long)]
        role: String,
        /// The institution, for roles that belong to one
        #[arg(long)]
        organization: Option<uuid::Uuid>,
        /// The program, for a coordinator
        #[arg(long)]
        program: Option<uuid::Uuid>,
        /// The territory, for a guardianship officer
        #[arg(long)]
        territory: Option<String>,
        /// The password
        #[arg(long, env = "NASTAVNIK_PASSWORD", hide = true, hide_env_values = true)]
        password: Option<String>,
    },
    /// Give an account a one-time password and print it: it works for 24 hours, opens only the change of the password, and
    /// ends every session of the account
    OneTimePassword {
        /// The region's code
        #[arg(long)]
        region: String,
        /// The name to log in under
        #[arg(long)]
        login: String,
    },
}

/// The commands for the demonstration region.
#[derive(Debug, Subcommand)]
pub enum DemoCommand {
    /// Make the region `demo` and fill it with invented people, through the same rules as the API
    Load,
}
