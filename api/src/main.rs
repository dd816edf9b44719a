//! The program: one binary with the server, migrations and the commands of an operator.
use api::demo::Progress;
use api::http::config::{Cli, Command, DemoCommand, RegionCommand, Settings, UserCommand};
use api::http::state::State;
use api::server::keys;
use clap::Parser;
use domain::base::access::{Grant, Role};
use domain::base::text::{Login, Oktmo, Title};
use domain::base::word::Word;
use domain::region::users::{NewUser, Password};
use persistence::db::{Db, Limits, Region};
use persistence::engine::column::machine_clock;
use persistence::engine::failure::Failure;
use persistence::engine::page::RegionInfo;
use persistence::tx::Actor;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use validator::Validate;

/// A request allocates and frees many small parts. This allocator spends less processor time on them than that of libc.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Regions, keys and copies hold the lives of children. Nobody but the owner of the process reads what it makes.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            let told = error.render().to_string();
            let _ = writeln!(std::io::stderr(), "{}", told.lines().next().unwrap_or_default());
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    if let Err(why) = cli.settings.check() {
        let _ = writeln!(std::io::stderr(), "nastavnik: {why}");
        return ExitCode::from(2);
    }
    env_logger::Builder::new().parse_filters(&cli.settings.log).format_timestamp_millis().init();
    match actix_web::rt::System::new().block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "nastavnik: {why}");
            ExitCode::FAILURE
        }
    }
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

async fn run(cli: Cli) -> Result<(), String> {
    let settings = cli.settings;
    match cli.command {
        Command::Openapi => {
            let _ = write!(std::io::stdout(), "{}", api::openapi::yaml()?);
            Ok(())
        }
        Command::Serve { demo } => serve(settings, demo).await,
        Command::Migrate => {
            let db = open(&settings).await?;
            let (open, closed) = (db.regions().len(), db.closed());
            say(&format!("{open} region(s) at the newest schema"));
            close(db).await?;
            closed.first().map_or(Ok(()), |(code, why)| Err(format!("region '{code}' stays closed: {why}")))
        }
        Command::Region(command) => region(&settings, command).await,
        Command::User(UserCommand::Add {
            region,
            login,
            name,
            role,
            organization,
            program,
            territory,
            password,
        }) => {
            let grant = Grant {
                role: Role::parse(&role)
                    .ok_or_else(|| format!("'{role}' is no role; roles are {}", roles()))?,
                organization_id: organization.map(Into::into),
                program_id: program.map(Into::into),
                territory: territory.as_deref().map(Oktmo::new),
            };
            let db = open(&settings).await?;
            let password = password.map_or_else(read_password, Ok)?;
            let order = NewUser {
                login: Login::new(&login),
                name: Title::new(&name),
                person_id: None,
                work_phone: None,
                grants: vec![grant],
                active: true,
                password: Password::new(&password),
            };
            add_user(&named(&db, &region)?, order).await?;
            say(&format!("account '{login}' opened in region '{region}'"));
            close(db).await
        }
        Command::User(UserCommand::OneTimePassword { region, login }) => {
            let db = open(&settings).await?;
            let named = named(&db, &region)?;
            let name = Login::new(&login);
            let issued = api::region::users::issue_by("user one-time-password", &named, &name).await;
            let issued = issued.map_err(|it| format!("account '{login}' in region '{region}': {it}"))?;
            say(&issued.password.unwrap_or_default());
            close(db).await
        }
        Command::Demo(DemoCommand::Load) => {
            // The command adds a new region, so the existing regions need not be opened.
            let db = connect(&settings).await?;
            say(&load_demonstration(&db).await?);
            close(db).await
        }
        Command::Backup { region, to } => {
            let db = open(&settings).await?;
            let region = named(&db, &region)?;
            persistence::db::backup::make(&region, &to).await.map_err(|it| it.to_string())?;
            say(&format!("region '{}' copied to {}", region.code(), to.display()));
            close(db).await
        }
    }
}

fn roles() -> String {
    Role::ALL.iter().map(|it| it.code()).collect::<Vec<_>>().join(", ")
}

async fn connect(settings: &Settings) -> Result<Db, String> {
    let limits = Limits {
        queue_length: usize::try_from(settings.write_queue).unwrap_or(usize::MAX),
        writers: usize::from(settings.pg_writers),
        only: settings.regions.clone(),
    };
    let told = |it| format!("--database-url (DATABASE_URL): {it}");
    let is_new = async || Db::is_new(&settings.database_url).await.map_err(told);
    let master = keys::master(&settings.keys, is_new).await?;
    Db::at(&settings.database_url, master, Arc::new(machine_clock), limits).map_err(told)
}

async fn open(settings: &Settings) -> Result<Db, String> {
    let db = connect(settings).await?;
    match db.open().await {
        Ok(()) => Ok(db),
        Err(Failure::OtherKey(code)) => Err(other_key(settings, &code)),
        Err(why) => Err(format!("the database cannot be opened: {why}")),
    }
}

fn other_key(settings: &Settings, code: &str) -> String {
    format!(
        "{} is not the key with which region '{code}' was made: put that key back; nothing was written",
        keys::master_file(&settings.keys).display()
    )
}

async fn close(db: Db) -> Result<(), String> {
    db.close().await;
    Ok(())
}

fn named(db: &Db, code: &str) -> Result<Region, String> {
    if let Some((_, why)) = db.closed().iter().find(|it| it.0 == code) {
        return Err(format!("region '{code}' is closed: {why}"));
    }
    db.region(code).ok_or_else(|| {
        let known: Vec<String> = db.regions().iter().map(|it| it.code().to_owned()).collect();
        format!("there is no region '{code}'; there are: {}", known.join(", "))
    })
}

async fn serve(settings: Settings, demo: bool) -> Result<(), String> {
    let tokens = keys::tokens(&settings.keys, &settings.public_url)?;
    let db = open(&settings).await?;
    if demo && db.regions().is_empty() && db.closed().is_empty() {
        load_demonstration(&db).await?;
        db.open().await.map_err(|it| it.to_string())?;
    }
    for it in db.regions() {
        // A region created before the product had annexes or forms of plans gets them here.
        if let Err(why) = it.write(Actor::system("ship"), api::shipped::ship_later).await {
            log::warn!("the annexes and forms of {}: {why}", it.code());
        }
    }
    if db.regions().is_empty() && db.closed().is_empty() {
        log::warn!("there is no region yet: make one with `nastavnik region add`");
    }
    let listener = std::net::TcpListener::bind(settings.listen)
        .map_err(|it| format!("--listen {}: {it}", settings.listen))?;
    let address = listener.local_addr().map_err(|it| it.to_string())?;
    let server = api::server::serve(listener, State::new(db.clone(), tokens, settings))
        .map_err(|it| it.to_string())?;
    say(&format!(
        "Nastavnik serves at http://{address}; the contract to read and try: http://{address}/docs/"
    ));
    if demo {
        say(&api::demo::greeting());
    }
    api::server::make_ahead();
    server.await.map_err(|it| it.to_string())?;
    close(db).await
}

/// Tells how far it has come instead of logging hundreds of requests.
async fn load_demonstration(db: &Db) -> Result<String, String> {
    let usual = log::max_level();
    log::set_max_level(usual.min(log::LevelFilter::Warn));
    let last = Mutex::new("");
    let tell = move |it: Progress| {
        let line =
            format!("loading the demonstration region: {}, {} requests so far", it.chapter, it.requests);
        show(it.chapter, &line, &last);
    };
    let loaded = api::demo::load(db, tell).await;
    log::set_max_level(usual);
    end_line();
    loaded
}

/// Goes back to the beginning of a terminal's line and empties it.
const NEW_LINE: &str = "\r\x1b[K";

/// One line on a terminal, written anew at each call; elsewhere a line for each chapter.
fn show(chapter: &'static str, line: &str, last: &Mutex<&'static str>) {
    let mut out = std::io::stderr();
    let before = std::mem::replace(&mut *last.lock().unwrap_or_else(PoisonError::into_inner), chapter);
    let _ = if out.is_terminal() {
        write!(out, "{NEW_LINE}{line}").and_then(|()| out.flush())
    } else if before == chapter {
        Ok(())
    } else {
        writeln!(out, "{line}")
    };
}

fn end_line() {
    if std::io::stderr().is_terminal() {
        let _ = write!(std::io::stderr(), "{NEW_LINE}");
    }
}

async fn region(settings: &Settings, command: RegionCommand) -> Result<(), String> {
    // The added region is new or unregistered, so the existing regions need not be opened.
    let db = match command {
        RegionCommand::Add { .. } | RegionCommand::Register { .. } => connect(settings).await?,
        _ => open(settings).await?,
    };
    match command {
        RegionCommand::Add { code, name, territory, time_zone } => {
            if !RegionInfo::is_code(&code) {
                return Err(format!(
                    "--code '{code}': small Latin letters, digits and underscores, 2 to 30, beginning with a letter"
                ));
            }
            let territory = Oktmo::new(&territory);
            territory.validate().map_err(|_| "--territory: an ОКТМО has 8 or 11 digits".to_owned())?;
            let zone = time_zone.parse().map_err(|it: String| format!("--time-zone: {it}"))?;
            let region = db
                .add_region(RegionInfo { code, name, territory, zone }, api::shipped::ship)
                .await
                .map_err(|it| it.to_string())?;
            say(&format!(
                "region '{}' is there; open its first account with `nastavnik user add --region {} --role region_admin …`",
                region.code(),
                region.code()
            ));
        }
        RegionCommand::Register { code } => {
            let region = db.register(&code).await.map_err(|it| match it {
                Failure::OtherKey(_) => other_key(settings, &code),
                other => format!("region '{code}': {other}"),
            })?;
            say(&format!("region '{}' is registered", region.code()));
        }
        RegionCommand::List => {
            for it in db.regions() {
                say(&format!(
                    "{}\t{}\t{}\t{}",
                    it.code(),
                    it.info().name,
                    it.info().territory,
                    it.info().zone.name()
                ));
            }
            for (code, why) in db.closed() {
                say(&format!("{code}\tclosed: {why}"));
            }
        }
        RegionCommand::Remove { yes: false, .. } => return Err("--yes is needed to erase a region".into()),
        RegionCommand::Remove { code, yes: true } => {
            db.remove_region(&code).await.map_err(|it| it.to_string())?;
            say(&format!("region '{code}' is erased"));
        }
        RegionCommand::Check { code } => {
            let last = Mutex::new("");
            let tell =
                move |place, seals| show(place, &format!("reading {place}, {seals} seals opened"), &last);
            let found = persistence::db::backup::check(&named(&db, &code)?, tell).await;
            end_line();
            say(&found.map_err(|it| format!("region '{code}' is not sound: {it}"))?)
        }
    }
    close(db).await
}

fn read_password() -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|it| it.to_string())?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

async fn add_user(region: &Region, order: NewUser) -> Result<(), String> {
    order.validate().map_err(|it| {
        let reasons = domain::base::clauses::reasons(&it);
        reasons
            .iter()
            .map(|it| format!("{} {}", it.pointer.as_deref().unwrap_or_default(), it.rule.en))
            .collect::<Vec<_>>()
            .join("; ")
    })?;
    api::region::users::open_by("user add", region, order).await
}
