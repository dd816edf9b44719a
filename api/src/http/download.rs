//! Download of a file: an attachment under the file's own name, whole or as a range, chunk by chunk.
use crate::http::problem::{Problem, RANGE};
use crate::http::tags;
use actix_web::body::{BoxBody, SizedStream};
use actix_web::http::header::{HeaderMap, IF_RANGE, RANGE as RANGE_HEADER};
use actix_web::{HttpRequest, HttpResponse, Responder, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::{Stream, stream};
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::engine::seal::unhex;
use persistence::region::files::{self, CHUNK_BYTES, FileCard};
use persistence::tx::{Actor, Tx};

/// A file that is sent to a caller who may see it.
pub struct Download {
    region: Region,
    actor: Actor,
    card: FileCard,
    part: Part,
}

/// The part of the file that is sent.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// The bytes from the first to the last, both included.
    Range(i64, i64),
    /// Nothing, because the client already has the file.
    Nothing,
}

impl Download {
    /// The part of the file that the request asks for.
    pub fn of(region: Region, actor: Actor, card: FileCard, headers: &HeaderMap) -> Result<Self, Problem> {
        let part = part(headers, &tag(&card), card.size_bytes)?;
        Ok(Self { region, actor, card, part })
    }

    /// The bytes of a range. Each chunk is read in its own transaction, after the client has taken the one before.
    /// That is safe, because a file never changes.
    fn bytes(self, first: i64, last: i64) -> impl Stream<Item = Result<web::Bytes, Failure>> {
        stream::try_unfold((self, first), move |(it, at)| async move {
            if at > last {
                return Ok(None);
            }
            let piece = it.piece(at, last).await?;
            let next = at + i64::try_from(piece.len()).map_err(Failure::broken)?;
            Ok(Some((piece, (it, next))))
        })
    }

    /// The bytes of a range that are in the chunk with its first byte.
    async fn piece(&self, first: i64, last: i64) -> Result<web::Bytes, Failure> {
        let chunk_bytes = i64::try_from(CHUNK_BYTES).map_err(Failure::broken)?;
        let n = i32::try_from(first / chunk_bytes).map_err(Failure::broken)?;
        let id = self.card.id;
        let read = async |tx: &mut Tx<'_>| files::chunk(tx, id, n).await;
        let chunk = self.region.read(&self.actor, read).await?;
        let from = usize::try_from(first % chunk_bytes).map_err(Failure::broken)?;
        let wanted = usize::try_from(last - first + 1).map_err(Failure::broken)?;
        match chunk.get(from..).map(|it| it.get(..wanted).unwrap_or(it)) {
            Some(piece @ [_, ..]) => Ok(web::Bytes::copy_from_slice(piece)),
            _ => Err(Failure::broken(format!("file {id} is shorter than its card says"))),
        }
    }
}

impl Responder for Download {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let (mut answer, first, last) = match self.part {
            Part::Nothing => {
                return HttpResponse::NotModified().insert_header(("ETag", tag(&self.card))).finish();
            }
            Part::Whole => (HttpResponse::Ok(), 0, self.card.size_bytes - 1),
            Part::Range(first, last) => {
                let mut answer = HttpResponse::PartialContent();
                let range = format!("bytes {first}-{last}/{}", self.card.size_bytes);
                answer.insert_header(("Content-Range", range));
                (answer, first, last)
            }
        };
        answer.insert_header(("ETag", tag(&self.card)));
        answer.insert_header(("Accept-Ranges", "bytes"));
        answer.insert_header(("Content-Disposition", disposition(self.card.name.as_str())));
        if let Some(digest) = unhex(&self.card.sha256) {
            answer.insert_header(("Repr-Digest", format!("sha-256=:{}:", BASE64.encode(digest))));
        }
        answer.content_type(self.card.media_type.mime());
        let length = u64::try_from(last - first + 1).unwrap_or_default();
        answer.body(SizedStream::new(length, Box::pin(self.bytes(first, last))))
    }
}

fn tag(card: &FileCard) -> String {
    format!("\"{}\"", card.sha256.get(..16).unwrap_or_default())
}

/// The header of RFC 6266: the name in ASCII for old clients, and the real name.
fn disposition(name: &str) -> String {
    let plain =
        |it: char| if it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_' | ' ') { it } else { '_' };
    let kept = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b'_' | b'~');
    let encode = |it: u8| if kept(it) { char::from(it).to_string() } else { format!("%{it:02X}") };
    let fallback: String = name.chars().map(plain).collect();
    let encoded: String = name.bytes().map(encode).collect();
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{encoded}")
}

fn text<'h>(headers: &'h HeaderMap, name: &actix_web::http::header::HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|it| it.to_str().ok())
}

/// The requested part by RFC 9110. One satisfiable range is sent as such. Several ranges, or another unit than bytes,
/// get the whole file.
fn part(headers: &HeaderMap, tag: &str, size: i64) -> Result<Part, Problem> {
    if tags::is_known(headers, tag) {
        return Ok(Part::Nothing);
    }
    if text(headers, &IF_RANGE).is_some_and(|it| it.trim() != tag) {
        return Ok(Part::Whole);
    }
    let asked = text(headers, &RANGE_HEADER).and_then(|it| it.trim().strip_prefix("bytes="));
    let Some((first, last)) = asked.and_then(range) else { return Ok(Part::Whole) };
    let (first, last) = match (first, last) {
        (Some(first), last) => (first, last.unwrap_or(i64::MAX).min(size - 1)),
        (None, suffix) => (size - suffix.unwrap_or(0).min(size), size - 1),
    };
    if first > last {
        let unsatisfied = Problem::new(&RANGE).with("size_bytes", size);
        return Err(unsatisfied.with_header("Content-Range", format!("bytes */{size}")));
    }
    Ok(Part::Range(first, last))
}

/// A range: `first-last`, `first-` or `-suffix`; none for any other text.
fn range(asked: &str) -> Option<(Option<i64>, Option<i64>)> {
    let (first, last) = asked.split_once('-')?;
    let number = |text: &str| match text.trim() {
        "" => Some(None),
        digits if digits.bytes().all(|it| it.is_ascii_digit()) => digits.parse().ok().map(Some),
        _ => None,
    };
    match (number(first)?, number(last)?) {
        (None, None) => None,
        (Some(first), Some(last)) if last < first => None,
        found => Some(found),
    }
}
