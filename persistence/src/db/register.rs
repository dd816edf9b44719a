//! The register of regions: the codes of the regions of an installation. A file or schema that it does not name is no
//! region, with any content.
//!
//! It is `regions.txt` in the folder of SQLite, a code a line, and the table `nastavnik.regions` on PostgreSQL. An
//! installation from before the register gets one at its next start.
use super::{Engine, SCHEMA};
use crate::engine::failure::Failure;
use crate::engine::page::RegionInfo;
use crate::engine::postgres;
use crate::journal;
use diesel_async::AsyncPgConnection;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file of the register.
const FILE: &str = "regions.txt";
/// The first lines of the file.
const HEAD: &str = "# The regions of this folder, one code a line. `nastavnik region` writes it; other files are left alone.\n";
/// The table of the register, with the schema around it. Several processes may begin at once, hence the lock.
const TABLE: &str = "BEGIN; SELECT pg_advisory_xact_lock(7306085); CREATE SCHEMA IF NOT EXISTS nastavnik; \
     CREATE TABLE IF NOT EXISTS nastavnik.regions (code TEXT NOT NULL PRIMARY KEY); COMMIT";

/// A lock against other commands that make or erase regions in the same folder, held until it is dropped.
pub(super) struct Lock(#[expect(dead_code, reason = "holding it is what it is for")] File);

pub(super) fn lock(folder: &Path) -> Result<Lock, Failure> {
    let path = folder.join("regions.lock");
    let told = |it: std::io::Error| Failure::Broken(format!("{}: {it}", path.display()));
    std::fs::create_dir_all(folder).map_err(told)?;
    let file = OpenOptions::new().create(true).append(true).open(&path).map_err(told)?;
    file.try_lock().map_err(|_| {
        Failure::Broken(format!(
            "{} is locked: another command is making or erasing a region",
            path.display()
        ))
    })?;
    Ok(Lock(file))
}

impl Engine {
    /// The codes in the register, in their order. None if there is no register yet.
    pub(super) async fn registered(&self) -> Result<Option<Vec<String>>, Failure> {
        match self {
            Self::Sqlite { folder } => read(&folder.join(FILE)),
            Self::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                if journal::schemas(&lobby, "nastavnik").await?.iter().all(|it| !it.is_empty()) {
                    return Ok(None);
                }
                journal::registered(&lobby).await.map(Some)
            }
        }
    }

    /// The codes that the names of files or schemas would stand for, registered or not.
    pub(super) async fn found(&self) -> Result<Vec<String>, Failure> {
        match self {
            Self::Sqlite { folder } => Ok(files(folder)),
            Self::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                journal::schemas(&lobby, SCHEMA).await
            }
        }
    }

    /// Begins the register with these codes, or adds them.
    pub(super) async fn register(&self, codes: &[String]) -> Result<(), Failure> {
        match self {
            Self::Sqlite { folder } => {
                let mut all = read(&folder.join(FILE))?.unwrap_or_default();
                all.extend(codes.iter().filter(|it| !all.contains(it)).cloned().collect::<Vec<_>>());
                write(folder, &all)
            }
            Self::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                lay(&lobby).await?;
                for code in codes {
                    postgres::batch(&lobby, &entered(code)).await?;
                }
                Ok(())
            }
        }
    }

    /// Takes a code out of the register.
    pub(super) async fn strike(&self, code: &str) -> Result<(), Failure> {
        match self {
            Self::Sqlite { folder } => {
                let mut all = read(&folder.join(FILE))?.unwrap_or_default();
                all.retain(|it| it != code);
                write(folder, &all)
            }
            Self::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                let strike = format!("DELETE FROM nastavnik.regions WHERE code = '{code}'");
                Ok(postgres::batch(&lobby, &strike).await?)
            }
        }
    }

    /// The file or schema of a region, for people.
    pub(super) fn place(&self, code: &str) -> String {
        match self {
            Self::Sqlite { folder } => file(folder, code).display().to_string(),
            Self::Postgres { .. } => format!("schema {SCHEMA}{code}"),
        }
    }
}

/// The file of a region.
pub(super) fn file(folder: &Path, code: &str) -> PathBuf {
    folder.join(format!("{code}.sqlite"))
}

/// Makes the table of the register, if it is not there.
pub(super) async fn lay(lobby: &AsyncPgConnection) -> Result<(), Failure> {
    Ok(postgres::batch(lobby, TABLE).await?)
}

/// The statement that enters a code. A code has only letters, digits and underscores.
pub(super) fn entered(code: &str) -> String {
    format!("INSERT INTO nastavnik.regions (code) VALUES ('{code}') ON CONFLICT DO NOTHING")
}

fn read(path: &Path) -> Result<Option<Vec<String>>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::Stops(format!("{}: {error}", path.display()))),
    };
    let mut codes: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#')) {
        let wrong = |why: &str| Failure::Stops(format!("{}: '{line}' {why}", path.display()));
        if !RegionInfo::is_code(line) {
            return Err(wrong("is not the code of a region: delete the line"));
        }
        if codes.iter().any(|it| it == line) {
            return Err(wrong("is registered twice: delete one of the two lines"));
        }
        codes.push(line.to_owned());
    }
    Ok(Some(codes))
}

/// Writes the register whole: beside it first, so that a reader finds the old one or the new one.
fn write(folder: &Path, codes: &[String]) -> Result<(), Failure> {
    let (path, beside) = (folder.join(FILE), folder.join(format!("{FILE}.new")));
    let lines: String = codes.iter().map(|it| format!("{it}\n")).collect();
    let told = |it: std::io::Error| Failure::Broken(format!("{}: {it}", path.display()));
    let mut file = File::create(&beside).map_err(told)?;
    file.write_all(format!("{HEAD}{lines}").as_bytes()).and_then(|()| file.sync_all()).map_err(told)?;
    std::fs::rename(&beside, &path).map_err(told)?;
    settle(folder)
}

/// Makes the names of new files in a folder survive a power cut.
pub(super) fn settle(folder: &Path) -> Result<(), Failure> {
    File::open(folder).and_then(|it| it.sync_all()).map_err(Failure::broken)
}

fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
    let databases = names.filter(|it| it.extension().is_some_and(|it| it == "sqlite"));
    let mut names: Vec<String> =
        databases.filter_map(|it| it.file_stem()?.to_str().map(str::to_owned)).collect();
    names.sort();
    names
}
