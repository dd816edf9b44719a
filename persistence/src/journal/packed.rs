//! Reads of personal data in packed form. Reads written at once are kept in the order of requests, which costs least; later they
//! are sorted by subject, so that the readers of one subject are found by an index.
use crate::engine::failure::Failure;
use crate::tx::Read;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::UserId;
use domain::base::moment::Moment;
use domain::base::word::Word;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// The bytes of an id.
type Id = [u8; 16];

/// The id of a request: of this program's own making, or as the client has sent it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Request {
    Ours(Id),
    Sent(String),
}

impl From<&str> for Request {
    fn from(text: &str) -> Self {
        match text.parse::<Uuid>() {
            Ok(id) if id.simple().to_string() == text => Self::Ours(id.into_bytes()),
            _ => Self::Sent(text.to_owned()),
        }
    }
}

impl std::fmt::Display for Request {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ours(id) => Uuid::from_bytes(*id).simple().fmt(out),
            Self::Sent(text) => out.write_str(text),
        }
    }
}

/// The data of one subject that were shown to an account by one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Disclosure {
    pub(super) subject: Subject,
    pub(super) user: UserId,
    pub(super) at: Moment,
    request: Request,
}

/// Reads that are written at once.
#[derive(Serialize, Deserialize)]
struct Batch {
    kinds: Vec<String>,
    since: i64,
    reads: Vec<BatchRead>,
}
#[derive(Serialize, Deserialize)]
struct BatchRead {
    user: Id,
    request: Request,
    /// Microseconds after `since`.
    after: i64,
    subjects: Vec<(u32, Id)>,
}

/// Reads sorted by subject.
#[derive(Serialize, Deserialize)]
struct Sorted {
    kinds: Vec<String>,
    users: Vec<Id>,
    since: i64,
    subjects: Vec<SortedSubject>,
}
#[derive(Serialize, Deserialize)]
struct SortedSubject {
    kind: u32,
    id: Id,
    reads: Vec<SortedRead>,
}
#[derive(Serialize, Deserialize)]
struct SortedRead {
    user: u32,
    request: Request,
    after: i64,
}

/// The distinct values of a packed text, in the order of their places.
struct Places<T> {
    all: Vec<T>,
    places: HashMap<T, u32>,
}
impl<T: Copy + Eq + Hash> Places<T> {
    fn new() -> Self {
        Self { all: Vec::new(), places: HashMap::new() }
    }
    fn of(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        *self.places.entry(value).or_insert_with(|| {
            self.all.push(value);
            next
        })
    }
}
impl Places<SubjectKind> {
    fn codes(self) -> Vec<String> {
        self.all.into_iter().map(|it| it.code().to_owned()).collect()
    }
}

fn packed<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    postcard::to_stdvec(value).map_err(Failure::broken)
}

fn opened<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Failure> {
    postcard::from_bytes(bytes).map_err(|it| Failure::broken(format!("packed reads do not open: {it}")))
}

fn kinds(codes: &[String]) -> Result<Vec<SubjectKind>, Failure> {
    let kind = |code: &String| {
        SubjectKind::parse(code).ok_or_else(|| Failure::broken(format!("'{code}' is no kind of subject")))
    };
    codes.iter().map(kind).collect()
}

/// The value at a place of a packed text.
fn at<T: Copy>(all: &[T], place: u32) -> Result<T, Failure> {
    usize::try_from(place)
        .ok()
        .and_then(|it| all.get(it).copied())
        .ok_or_else(|| Failure::broken("packed reads name a place that is not there"))
}

/// Packs reads in the order of their requests.
pub(super) fn batch(reads: &[Read]) -> Result<Vec<u8>, Failure> {
    let since = reads.iter().map(|it| it.at.micros()).min().unwrap_or_default();
    let mut kinds = Places::new();
    let mut read = |it: &Read| BatchRead {
        user: Uuid::from(it.user).into_bytes(),
        request: it.request_id.as_str().into(),
        after: it.at.micros() - since,
        subjects: it.subjects.iter().map(|it| (kinds.of(it.kind), it.id.into_bytes())).collect(),
    };
    let reads = reads.iter().map(&mut read).collect();
    packed(&Batch { kinds: kinds.codes(), since, reads })
}

/// The packed reads in the order of their requests.
pub(super) fn of_batch(bytes: &[u8]) -> Result<Vec<Read>, Failure> {
    let Batch { kinds: codes, since, reads } = opened(bytes)?;
    let kinds = kinds(&codes)?;
    let subject = |(kind, id): &(u32, Id)| Ok(Subject::new(at(&kinds, *kind)?, Uuid::from_bytes(*id)));
    let read = |it: BatchRead| {
        Ok(Read {
            user: Uuid::from_bytes(it.user).into(),
            request_id: it.request.to_string(),
            at: moment(since + it.after)?,
            subjects: it.subjects.iter().map(subject).collect::<Result<_, Failure>>()?,
        })
    };
    reads.into_iter().map(read).collect()
}

/// Things that reads have shown, subject by subject.
pub(super) fn disclosures(reads: Vec<Read>) -> impl Iterator<Item = Disclosure> {
    reads.into_iter().flat_map(|Read { user, subjects, at, request_id }| {
        let request = Request::from(request_id.as_str());
        subjects.into_iter().map(move |subject| Disclosure { subject, user, at, request: request.clone() })
    })
}

fn moment(micros: i64) -> Result<Moment, Failure> {
    Moment::from_micros(micros)
        .ok_or_else(|| Failure::broken("packed reads are of an instant beyond the calendar"))
}

/// Packs disclosures that are sorted by subject.
pub(super) fn sorted(disclosures: &[Disclosure]) -> Result<Vec<u8>, Failure> {
    let since = disclosures.iter().map(|it| it.at.micros()).min().unwrap_or_default();
    let (mut kinds, mut users) = (Places::new(), Places::new());
    let read = |users: &mut Places<Id>, it: &Disclosure| SortedRead {
        user: users.of(Uuid::from(it.user).into_bytes()),
        request: it.request.clone(),
        after: it.at.micros() - since,
    };
    let mut subjects = Vec::new();
    for of_subject in disclosures.chunk_by(|one, other| one.subject == other.subject) {
        let Some(Disclosure { subject, .. }) = of_subject.first() else { continue };
        let reads = of_subject.iter().map(|it| read(&mut users, it)).collect();
        subjects.push(SortedSubject { kind: kinds.of(subject.kind), id: subject.id.into_bytes(), reads });
    }
    packed(&Sorted { kinds: kinds.codes(), users: users.all, since, subjects })
}

/// The disclosures about a subject in packed reads that are sorted.
pub(super) fn of_sorted(bytes: &[u8], about: Subject) -> Result<Vec<Disclosure>, Failure> {
    let Sorted { kinds: codes, users, since, subjects } = opened(bytes)?;
    let kinds = kinds(&codes)?;
    let mut all = Vec::new();
    for subject in subjects.into_iter().filter(|it| &it.id == about.id.as_bytes()) {
        if at(&kinds, subject.kind)? != about.kind {
            continue;
        }
        for SortedRead { user, request, after } in subject.reads {
            let user = Uuid::from_bytes(at(&users, user)?).into();
            all.push(Disclosure { subject: about, user, at: moment(since + after)?, request });
        }
    }
    Ok(all)
}
