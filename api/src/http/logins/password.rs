//! Passwords at rest: argon2id, off the worker threads and a few at a time, for each costs 19 MiB and tens of milliseconds.
use crate::http::logins::throttle::Place;
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

/// A new one-time password: a hundred random bits in letters and digits that are not taken for each other.
pub fn one_time() -> Result<String, Problem> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let random = persistence::engine::seal::random::<20>()?;
    let mut text = String::with_capacity(23);
    for (n, byte) in random.iter().enumerate() {
        if n > 0 && n % 5 == 0 {
            text.push('-');
        }
        text.extend(ALPHABET.get(usize::from(byte % 32)).map(|it| char::from(*it)));
    }
    Ok(text)
}

/// Whether the password has that hash. Without a hash it takes as long and answers no. A wrong password keeps its place,
/// even if the client does not wait for the answer.
pub async fn fits(password: &str, hash: Option<String>, place: Place) -> Result<bool, Problem> {
    let password = password.to_owned();
    in_turn(move || {
        let fits = compare(&password, hash.as_deref().unwrap_or(&NOBODY)) && hash.is_some();
        if !fits {
            place.keep();
        }
        fits
    })
    .await
}

/// Does the work when it is its turn. The turn lasts as long as the work, which goes on when nobody waits for it any more.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let patience = std::time::Duration::from_secs(5);
    let busy = || Problem::new(&BUSY).with_header("Retry-After", 1);
    let turn =
        tokio::time::timeout(patience, TURNS.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    let work = move || {
        let done = work();
        drop(turn);
        done
    };
    tokio::task::spawn_blocking(work).await.map_err(|it| Problem::new(&INTERNAL).because(it))
}
