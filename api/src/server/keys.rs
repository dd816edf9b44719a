//! The key files. They are made at the first start, and only their owner may read them. A master key is made only where
//! no region exists, because a new one opens nothing that another has sealed.
use crate::http::logins::tokens::Tokens;
use persistence::engine::seal::{MasterKey, hex, random, unhex};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file of the key that seals personal data.
pub fn master_file(folder: &Path) -> PathBuf {
    folder.join("master.key")
}

/// The key that seals personal data. `is_new` tells whether there is no region yet.
pub async fn master(
    folder: &Path,
    is_new: impl AsyncFnOnce() -> Result<bool, String>,
) -> Result<MasterKey, String> {
    let path = master_file(folder);
    if !path.exists() && !is_new().await? {
        return Err(format!(
            "{} is missing: put back the key with which the regions were made; a new one would not open them",
            path.display()
        ));
    }
    let text = read_or_make(&path, || {
        let secret = random::<32>().map_err(|it| it.to_string())?;
        Ok(hex(&secret))
    })?;
    let secret = unhex(text.trim()).and_then(|it| <[u8; 32]>::try_from(it).ok());
    secret
        .map(MasterKey::new)
        .ok_or_else(|| format!("{}: 64 hexadecimal digits are expected", path.display()))
}

/// The key that signs tokens.
pub fn tokens(folder: &Path, issuer: &str) -> Result<Tokens, String> {
    let path = folder.join("signing.pem");
    let pem = read_or_make(&path, Tokens::generate)?;
    Tokens::new(issuer, &pem).map_err(|it| format!("{}: no Ed25519 private key in PEM: {it}", path.display()))
}

fn read_or_make(path: &Path, make: impl FnOnce() -> Result<String, String>) -> Result<String, String> {
    let told = |it: std::io::Error| format!("{}: {it}", path.display());
    if path.exists() {
        return std::fs::read_to_string(path).map_err(told);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(told)?;
    }
    let text = make()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(told)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(told)?;
    Ok(text)
}
