//! Seals of personal data. Without the keys, a sealed value cannot be read, moved to another row, or searched for.
use crate::engine::failure::Failure;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

/// The generation of the keys that seal new values.
const KEY_ID: &str = "1";

/// The place of the check value.
const CHECK: &str = "region.key_check";

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Failure::broken("the system gives no randomness"))?;
    Ok(bytes)
}

/// The secret from which the keys of every region are derived. With it and the database, everything can be read.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// The master key, made of the 32 bytes of the key file.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }
    /// The keys of the region with that code.
    pub fn of_region(&self, code: &str) -> Result<RegionKeys, Failure> {
        let root = Salt::new(HKDF_SHA256, b"nastavnik region keys").extract(&self.0);
        let cipher =
            UnboundKey::new(&AES_256_GCM, &derive(&root, code, "fields")?).map_err(Failure::broken)?;
        Ok(RegionKeys {
            region: code.to_owned(),
            cipher: LessSafeKey::new(cipher),
            blind: hmac::Key::new(hmac::HMAC_SHA256, &derive(&root, code, "blind")?),
            marks: hmac::Key::new(hmac::HMAC_SHA256, &derive(&root, code, "marks")?),
        })
    }
}

struct Bytes32;
impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(root: &Prk, region: &str, purpose: &str) -> Result<[u8; 32], Failure> {
    let mut key = [0; 32];
    let info = [region.as_bytes(), b"\0", purpose.as_bytes()];
    root.expand(&info, Bytes32).and_then(|it| it.fill(&mut key)).map_err(Failure::broken)?;
    Ok(key)
}

/// The keys of one region.
pub struct RegionKeys {
    region: String,
    cipher: LessSafeKey,
    blind: hmac::Key,
    marks: hmac::Key,
}

impl RegionKeys {
    /// The place of a sealed value, which the seal binds: the value opens in no other column or row.
    fn place(&self, column: &str, row: Uuid) -> Vec<u8> {
        [self.region.as_bytes(), b"\0", column.as_bytes(), b"\0", row.as_bytes()].concat()
    }
    /// Seals bytes for `table.column` of a row: a nonce, then the ciphertext with its tag.
    pub(crate) fn seal_bytes(&self, column: &str, row: Uuid, plain: &[u8]) -> Result<Vec<u8>, Failure> {
        self.sealed(column, row, |bytes| {
            bytes.extend_from_slice(plain);
            Ok(())
        })
    }
    /// Seals what is written, where it was written: some values have megabytes.
    fn sealed(
        &self,
        column: &str,
        row: Uuid,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Failure>,
    ) -> Result<Vec<u8>, Failure> {
        let nonce = random::<NONCE_LEN>()?;
        let mut bytes = nonce.to_vec();
        write(&mut bytes)?;
        let plain = bytes.get_mut(NONCE_LEN..).unwrap_or_default();
        let place = Aad::from(self.place(column, row));
        let tag = self
            .cipher
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), place, plain)
            .map_err(|_| Failure::broken("sealing failed"))?;
        bytes.extend_from_slice(tag.as_ref());
        Ok(bytes)
    }
    /// Opens bytes that [`Self::seal_bytes`] sealed for the same place.
    pub(crate) fn open_bytes(&self, column: &str, row: Uuid, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        let damaged =
            || Failure::Unsealed(format!("{column} of {row} does not open: damaged, moved, or another key"));
        let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(damaged)?;
        let mut body = body.to_vec();
        let place = Aad::from(self.place(column, row));
        let plain = self
            .cipher
            .open_in_place(Nonce::assume_unique_for_key(*nonce), place, &mut body)
            .map_err(|_| damaged())?;
        Ok(plain.to_vec())
    }
    /// Seals a value as text: `v1.<key>.<base64>`.
    pub fn seal<T: serde::Serialize>(&self, column: &str, row: Uuid, value: &T) -> Result<String, Failure> {
        let write = |bytes: &mut Vec<u8>| serde_json::to_writer(bytes, value).map_err(Failure::broken);
        let mut text = format!("v1.{KEY_ID}.");
        BASE64.encode_string(self.sealed(column, row, write)?, &mut text);
        Ok(text)
    }
    /// A value that only these keys open. The region keeps it, so that another master key is found at once.
    pub(crate) fn check_value(&self) -> Result<String, Failure> {
        self.seal(CHECK, Uuid::nil(), &self.region)
    }
    /// Whether these keys open the check value.
    pub(crate) fn opens(&self, check_value: &str) -> bool {
        self.open::<String>(CHECK, Uuid::nil(), check_value).is_ok_and(|it| it == self.region)
    }
    /// Seals a value that may be absent.
    pub(crate) fn seal_some<T: serde::Serialize>(
        &self,
        column: &str,
        row: impl Into<Uuid>,
        value: Option<&T>,
    ) -> Result<Option<String>, Failure> {
        value.map(|it| self.seal(column, row.into(), it)).transpose()
    }
    /// Opens a value that [`Self::seal_some`] sealed for the same place.
    pub(crate) fn open_some<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
        row: impl Into<Uuid>,
        sealed: Option<impl AsRef<str>>,
    ) -> Result<Option<T>, Failure> {
        sealed.map(|it| self.open(column, row.into(), it.as_ref())).transpose()
    }
    /// Opens a value that [`Self::seal`] sealed for the same place.
    pub fn open<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
        row: Uuid,
        sealed: &str,
    ) -> Result<T, Failure> {
        let unknown = || Failure::Unsealed(format!("{column} of {row} is sealed in an unknown way"));
        let body = sealed
            .strip_prefix("v1.")
            .and_then(|it| it.strip_prefix(KEY_ID))
            .and_then(|it| it.strip_prefix('.'));
        let bytes = BASE64.decode(body.ok_or_else(unknown)?).map_err(|_| unknown())?;
        serde_json::from_slice(&self.open_bytes(column, row, &bytes)?).map_err(Failure::broken)
    }
    /// The keyed digest of a value. Equal values of a column have equal digests, so rows are found and kept unique by
    /// it. The digest does not tell the value.
    pub fn blind(&self, column: &str, value: &str) -> String {
        let mut context = hmac::Context::with_key(&self.blind);
        context.update(column.as_bytes());
        context.update(b"\0");
        context.update(value.as_bytes());
        BASE64.encode(context.sign())
    }
    /// The mark of a text that leaves the server and must return unchanged, such as a cursor.
    pub fn mark(&self, text: &str) -> String {
        BASE64.encode(hmac::sign(&self.marks, text.as_bytes()))
    }
    /// Whether the mark belongs to that text.
    pub fn is_mark(&self, text: &str, mark: &str) -> bool {
        BASE64.decode(mark).is_ok_and(|it| hmac::verify(&self.marks, text.as_bytes(), &it).is_ok())
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// The bytes of hexadecimal digits; none for other text.
pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

/// SHA-256 in base64. Secrets that are only compared are stored so.
pub fn digest(text: &str) -> String {
    BASE64.encode(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()))
}

/// [`digest`] of a value as JSON.
pub(crate) fn digest_of<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    Ok(BASE64.encode(sha256_of(value)?))
}

/// SHA-256 of a value as JSON, which is never there as a whole.
pub(crate) fn sha256_of<T: serde::Serialize>(value: &T) -> Result<ring::digest::Digest, Failure> {
    struct Digesting(ring::digest::Context);
    impl std::io::Write for Digesting {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let digesting = Digesting(ring::digest::Context::new(&ring::digest::SHA256));
    let mut buffered = std::io::BufWriter::new(digesting);
    serde_json::to_writer(&mut buffered, value).map_err(Failure::broken)?;
    let digesting = buffered.into_inner().map_err(Failure::broken)?;
    Ok(digesting.0.finish())
}
