//! Passwords at rest: argon2id, off the worker threads and a few at a time, for each costs 19 MiB and tens of milliseconds.
use crate::http::problem::{BUSY, INTERNAL, Problem};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Semaphore;

/// Hashes computed at once.
static TURNS: Semaphore = Semaphore::const_new(4);

/// Compared with where no account has that login, so that its absence takes the same time.
static NOBODY: LazyLock<String> = LazyLock::new(|| compute("nobody has this password").unwrap_or_default());

/// Whether hashes cost next to nothing here.
static CHEAP: AtomicBool = AtomicBool::new(false);

/// Lets every later hash of this process cost next to nothing: worlds of tests open hundreds of accounts.
///
/// No setting leads here, so a server in production cannot be started so. The lints refuse a call in the program.
pub fn cheapen() {
    CHEAP.store(true, Ordering::Relaxed);
}

fn argon2() -> Argon2<'static> {
    let least = Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None);
    match least {
        Ok(least) if CHEAP.load(Ordering::Relaxed) => Argon2::new(Algorithm::Argon2id, Version::V0x13, least),
        _ => Argon2::default(),
    }
}

fn compute(password: &str) -> Result<String, String> {
    argon2().hash_password(password.as_bytes()).map(|it| it.to_string()).map_err(|it| it.to_string())
}

fn compare(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|it| Argon2::default().verify_password(password.as_bytes(), &it).is_ok())
}

/// The hash of a password.
pub async fn hash(password: &str) -> Result<String, Problem> {
    let password = password.to_owned();
    in_turn(move || compute(&password)).await?.map_err(|it| Problem::new(&INTERNAL).because(it))
}

/// Whether the password has that hash. Without a hash it takes as long and answers no.
pub async fn fits(password: &str, hash: Option<String>) -> Result<bool, Problem> {
    let password = password.to_owned();
    in_turn(move || match hash {
        Some(hash) => compare(&password, &hash),
        None => {
            compare(&password, &NOBODY);
            false
        }
    })
    .await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let patience = std::time::Duration::from_secs(5);
    let busy = || Problem::new(&BUSY).with_header("Retry-After", 1);
    let _turn =
        tokio::time::timeout(patience, TURNS.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    tokio::task::spawn_blocking(work).await.map_err(|it| Problem::new(&INTERNAL).because(it))
}
