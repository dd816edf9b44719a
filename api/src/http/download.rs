//! A file on its way out: an attachment under its own name, whole or a range of it, chunk by chunk.
use crate::http::problem::{Problem, RANGE};
use actix_web::body::{BoxBody, SizedStream};
use actix_web::http::header::{HeaderMap, IF_NONE_MATCH, IF_RANGE, RANGE as RANGE_HEADER};
use actix_web::{HttpRequest, HttpResponse, Responder, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::{Stream, stream};
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::engine::seal::unhex;
use persistence::region::files::{self, CHUNK_BYTES, FileCard};
use persistence::tx::{Actor, Tx};

/// A file that is being sent to somebody who may see it.
pub struct Download {
    region: Region,
    actor: Actor,
    card: FileCard,
    part: Part,
}

/// What is sent of it.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// From this byte to that, both included.
    Range(i64, i64),
    /// The client has it.
    Nothing,
}

impl Download {
    /// What the request asks for of that file.
    pub fn of(region: Region, actor: Actor, card: FileCard, headers: &HeaderMap) -> Result<Self, Problem> {
        let part = part(headers, &tag(&card), card.size_bytes)?;
        Ok(Self { region, actor, card, part })
    }

    /// The bytes of a range. Each chunk is read by itself when the client has taken the one before: the file never changes.
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

    /// What the chunk that holds the first byte has of a range.
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

/// RFC 6266: the name in ASCII for old clients, and as it is.
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

/// RFC 9110: one satisfiable range is sent as such; several, or what is no range of bytes, as the whole.
fn part(headers: &HeaderMap, tag: &str, size: i64) -> Result<Part, Problem> {
    let is_known = |all: &str| {
        all.split(',').any(|it| matches!(it.trim(), "*") || it.trim().trim_start_matches("W/") == tag)
    };
    if text(headers, &IF_NONE_MATCH).is_some_and(is_known) {
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

/// `first-last`, `first-` or `-suffix`; none for anything else.
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
