//! Upload of a file. While it arrives, its size and time are limited, its first bytes are checked, and its chunks are
//! sealed.
use crate::http::json::Pointer;
use crate::http::order::{self, BodyDigest};
use crate::http::problem::{BAD_HEADER, BUSY, MALFORMED, MOST, Problem, TIMEOUT, TOO_LARGE};
use actix_multipart::{Field, Multipart};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};
use actix_web::{HttpMessage, HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::base::id::FileId;
use domain::base::refusal::{Refused, Rule};
use domain::base::text::{MISSING, Title, UNKNOWN, WORD};
use domain::base::word::Word;
use domain::region::files::{
    DIGEST, EMPTY, FilePurpose, MAX_SIZE_BYTES, MEDIA_TYPE, MediaType, NewFile, TOO_LARGE as FILE_TOO_LARGE,
};
use futures_util::{Stream, StreamExt, TryStreamExt};
use persistence::engine::seal::{RegionKeys, hex};
use persistence::region::files::{CHUNK_BYTES, seal_chunk};
use ring::digest::{Context, SHA256};
use std::cell::RefCell;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Files that arrive at once at most. Each may hold 25 MiB of memory until it is stored.
static ROOM: Semaphore = Semaphore::const_new(16);
/// Bytes that boundaries, headers and the other part may have besides the file.
const BESIDE_BYTES: i64 = 64 * 1024;
/// Bytes of a code from a catalogue at most.
const WORD_BYTES: usize = 64;

/// A file that has arrived completely.
pub struct Upload {
    /// The description of the file.
    pub file: NewFile,
    /// The sealed content of the file.
    pub chunks: Vec<Vec<u8>>,
}

/// Bytes that the file of a request has at least, by what the request announces.
pub fn announced(headers: &HeaderMap) -> i64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<i64>().ok());
    length.map_or(1, |it| (it - BESIDE_BYTES).max(1))
}

/// Receives a file under its future id, because the seals of its chunks bind that id.
pub async fn receive(
    request: &HttpRequest,
    body: web::Payload,
    keys: &RegionKeys,
    id: FileId,
) -> Result<Upload, Problem> {
    order::accept(request.headers(), "multipart/form-data")?;
    if announced(request.headers()) > MAX_SIZE_BYTES {
        return Err(too_large());
    }
    let _room = ROOM.try_acquire().map_err(|_| Problem::new(&BUSY).with_header("Retry-After", 5))?;
    let patience = Duration::from_secs(crate::http::state::of(request)?.settings.body_seconds.into());
    let tap = Tap::on(body);
    let read = async {
        let upload = parts(Multipart::new(request.headers(), tap.stream()), keys, id).await?;
        tap.drain().await?;
        Ok::<_, Problem>(upload)
    };
    let upload = tokio::time::timeout(patience, read).await.map_err(|_| Problem::new(&TIMEOUT))??;
    check_digest(request.headers(), &tap.digest())?;
    let NewFile { name, purpose, media_type, sha256, .. } = &upload.file;
    let digest = format!("{sha256} {purpose} {media_type} {name}");
    request.extensions_mut().insert(BodyDigest(digest));
    Ok(upload)
}

fn too_large() -> Problem {
    Problem::new(&TOO_LARGE).with("max_bytes", MAX_SIZE_BYTES)
}
fn malformed(cause: impl ToString) -> Problem {
    Problem::new(&MALFORMED).because(cause)
}
/// The problem of a file that breaks the given rule.
fn refuse(rule: &'static Rule) -> Problem {
    Refused::from(rule.reason().at("/file")).into()
}

/// The body stream, counted and digested while it passes, because `Content-Digest` is about the whole body.
struct Tap(Rc<RefCell<Passing>>);

struct Passing {
    body: web::Payload,
    digest: Context,
    seen: i64,
}

impl Tap {
    fn on(body: web::Payload) -> Self {
        Self(Rc::new(RefCell::new(Passing { body, digest: Context::new(&SHA256), seen: 0 })))
    }
    fn stream(&self) -> impl Stream<Item = Result<web::Bytes, PayloadError>> + use<> {
        let passing = self.0.clone();
        futures_util::stream::poll_fn(move |context| {
            let mut passing = passing.borrow_mut();
            let part = match passing.body.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(part))) => part,
                other => return other,
            };
            passing.digest.update(&part);
            passing.seen += i64::try_from(part.len()).unwrap_or(i64::MAX);
            let fits = passing.seen <= MAX_SIZE_BYTES + BESIDE_BYTES;
            Poll::Ready(Some(if fits { Ok(part) } else { Err(PayloadError::Overflow) }))
        })
    }
    /// Reads the rest after the last boundary, so that the digest covers it.
    async fn drain(&self) -> Result<(), Problem> {
        self.stream().try_for_each(|_| std::future::ready(Ok(()))).await.map_err(|it| broken(&it.into()))
    }
    fn digest(&self) -> Vec<u8> {
        self.0.borrow().digest.clone().finish().as_ref().to_vec()
    }
}

fn broken(error: &actix_multipart::MultipartError) -> Problem {
    match error {
        actix_multipart::MultipartError::Payload(PayloadError::Overflow) => too_large(),
        other => malformed(other),
    }
}

/// Reads the two parts, in either order.
async fn parts(mut all: Multipart, keys: &RegionKeys, id: FileId) -> Result<Upload, Problem> {
    let (mut purpose, mut content, mut reasons) = (None, None, Vec::new());
    while let Some(mut field) = all.try_next().await.map_err(|it| broken(&it))? {
        match field.name() {
            Some("purpose") if purpose.is_none() => purpose = Some(word(&mut field).await?),
            Some("file") if content.is_none() => content = Some(Content::read(field, keys, id).await?),
            Some("purpose" | "file") => return Err(malformed("a part stands twice")),
            other if reasons.len() < MOST => {
                let mut at = Pointer::default();
                at.push(other.unwrap_or_default());
                reasons.push(UNKNOWN.reason().at(at.text()));
            }
            _ => {}
        }
    }
    reasons.extend(content.is_none().then(|| MISSING.reason().at("/file")));
    match &purpose {
        None => reasons.push(MISSING.reason().at("/purpose")),
        Some(None) => reasons.push(WORD.reason().at("/purpose")),
        Some(Some(_)) => {}
    }
    Refused::unless_empty(reasons)?;
    match (content, purpose.flatten()) {
        (Some(content), Some(purpose)) => content.into_upload(purpose),
        _ => Err(malformed("a part is missing")),
    }
}

/// The purpose. `None` if no catalogue has the word.
async fn word(field: &mut Field) -> Result<Option<FilePurpose>, Problem> {
    let Ok(bytes) = field.bytes(WORD_BYTES).await else { return Ok(None) };
    let bytes = bytes.map_err(|it| broken(&it))?;
    Ok(std::str::from_utf8(&bytes).ok().and_then(FilePurpose::parse))
}

/// A file while it arrives.
struct Content<'k> {
    keys: &'k RegionKeys,
    id: FileId,
    name: String,
    claimed: Option<String>,
    media_type: Option<MediaType>,
    hash: Context,
    size_bytes: i64,
    /// The chunk that is being filled.
    plain: Vec<u8>,
    chunks: Vec<Vec<u8>>,
}

impl<'k> Content<'k> {
    async fn read(mut field: Field, keys: &'k RegionKeys, id: FileId) -> Result<Self, Problem> {
        let mut content = Self {
            keys,
            id,
            name: file_name(&field),
            claimed: field.content_type().map(|it| it.essence_str().to_owned()),
            media_type: None,
            hash: Context::new(&SHA256),
            size_bytes: 0,
            plain: Vec::with_capacity(CHUNK_BYTES),
            chunks: Vec::new(),
        };
        while let Some(part) = field.try_next().await.map_err(|it| broken(&it))? {
            content.take(&part)?;
        }
        if content.size_bytes == 0 {
            return Err(refuse(&EMPTY));
        }
        content.seal()?;
        check_digest(field.headers(), content.hash.clone().finish().as_ref())?;
        Ok(content)
    }

    fn take(&mut self, mut part: &[u8]) -> Result<(), Problem> {
        self.hash.update(part);
        self.size_bytes += i64::try_from(part.len()).unwrap_or(i64::MAX);
        if self.size_bytes > MAX_SIZE_BYTES {
            let reason = FILE_TOO_LARGE.reason().at("/file").with("max_bytes", MAX_SIZE_BYTES);
            return Err(Refused::from(reason).into());
        }
        while !part.is_empty() {
            let (now, later) = part.split_at(part.len().min(CHUNK_BYTES - self.plain.len()));
            self.plain.extend_from_slice(now);
            if self.plain.len() == CHUNK_BYTES {
                self.seal()?;
            }
            part = later;
        }
        Ok(())
    }

    fn seal(&mut self) -> Result<(), Problem> {
        if self.plain.is_empty() {
            return Ok(());
        }
        if self.chunks.is_empty() {
            self.media_type = Some(self.judge(&self.plain)?);
        }
        let n = i32::try_from(self.chunks.len()).unwrap_or(i32::MAX);
        self.chunks.push(seal_chunk(self.keys, self.id, n, &self.plain)?);
        self.plain.clear();
        Ok(())
    }

    /// The media type by the first bytes. The declared type and the name's ending must agree with it.
    fn judge(&self, head: &[u8]) -> Result<MediaType, Problem> {
        let is = media_type(head).ok_or_else(|| refuse(&MEDIA_TYPE))?;
        let claimed = self.claimed.as_deref().filter(|it| *it != "application/octet-stream");
        let ending = self.name.rsplit_once('.').map(|(_, it)| it.to_lowercase()).unwrap_or_default();
        let is_of = |it: &MediaType| it.extensions().contains(&ending.as_str());
        let called = MediaType::ALL.iter().find(|it| is_of(it));
        let agrees =
            claimed.is_none_or(|it| MediaType::from_mime(it) == Ok(is)) && called.is_none_or(|it| *it == is);
        if agrees { Ok(is) } else { Err(refuse(&MEDIA_TYPE)) }
    }

    fn into_upload(self, purpose: FilePurpose) -> Result<Upload, Problem> {
        let media_type = self.media_type.ok_or_else(|| refuse(&MEDIA_TYPE))?;
        let sha256 = hex(self.hash.finish().as_ref());
        let file = NewFile {
            name: Title::new(&self.name),
            purpose,
            media_type,
            size_bytes: self.size_bytes,
            sha256,
        };
        Ok(Upload { file, chunks: self.chunks })
    }
}

fn file_name(field: &Field) -> String {
    let Some(it) = field.content_disposition() else { return String::new() };
    let extended = it.get_filename_ext().and_then(|it| String::from_utf8(it.value.clone()).ok());
    extended.or_else(|| it.get_filename().map(str::to_owned)).unwrap_or_default()
}

/// The media type of an accepted file by its first bytes.
fn media_type(head: &[u8]) -> Option<MediaType> {
    let mime = infer::get(head)?.mime_type();
    let known = MediaType::from_mime(mime).ok();
    if mime == "application/zip" { office(head) } else { known }
}

/// The type of an Office document. Its entries may have any order, so each entry's name is checked.
fn office(head: &[u8]) -> Option<MediaType> {
    const ENTRY: &[u8] = b"PK\x03\x04";
    /// Bytes of an entry's header before its name.
    const NAME: usize = 30;
    let entries = head.windows(ENTRY.len()).enumerate().filter(|(_, it)| *it == ENTRY);
    let mut names = entries.filter_map(|(at, _)| head.get(at + NAME..));
    names.find_map(|name| match name {
        name if name.starts_with(b"word/") => Some(MediaType::Docx),
        name if name.starts_with(b"xl/") => Some(MediaType::Xlsx),
        _ => None,
    })
}

/// Checks a digest by RFC 9530: a SHA-256, if sent, must match the received bytes. Other algorithms are ignored.
fn check_digest(headers: &HeaderMap, digest: &[u8]) -> Result<(), Problem> {
    let Some(sent) = headers.get("content-digest") else { return Ok(()) };
    let wrong = || Problem::new(&BAD_HEADER).with("header", "Content-Digest");
    let all = sent.to_str().map_err(|_| wrong())?;
    let Some(value) = all.split(',').find_map(|it| it.trim().strip_prefix("sha-256=")) else { return Ok(()) };
    let text = value.strip_prefix(':').and_then(|it| it.strip_suffix(':')).ok_or_else(wrong)?;
    let expected = BASE64.decode(text).map_err(|_| wrong())?;
    if expected == digest { Ok(()) } else { Err(refuse(&DIGEST)) }
}
