//! Files in the database: a card for each, and the content in sealed chunks.
use crate::engine::card::Card;
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{
    agreement_files, agreement_parties, council_meeting_files, council_meetings, decisions, file_chunks,
    files, legal_acts, mentorships,
};
use crate::engine::seal::{RegionKeys, hex};
use crate::scope::{Way, among, when};
use crate::sight::{all_of, must_refer};
use crate::tx::Tx;
use chrono::TimeDelta;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Caller;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{FileId, MentorshipId, OrganizationId, UserId};
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::mentorships::Pairing;
use domain::region::files::{Entrusted, File, FilePurpose, MediaType};
use ring::digest::{Context, SHA256};
use shape::card;
use uuid::Uuid;

/// A stored file as every endpoint returns it. It never changes.
#[card]
#[derive(Clone)]
pub struct FileCard {
    /// The id of the file.
    pub id: FileId,
    /// The name of the file.
    pub name: Title,
    /// The purpose of the file.
    pub purpose: FilePurpose,
    /// The media type of the content.
    pub media_type: MediaType,
    /// The size of the content in bytes.
    #[schema(minimum = 1, maximum = 26_214_400, example = 48_213)]
    pub size_bytes: i64,
    /// SHA-256 of the content, as 64 lower-case hexadecimal digits.
    #[schema(
        min_length = 64,
        max_length = 64,
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub sha256: String,
    /// The account that uploaded the file.
    pub uploaded_by: UserId,
    /// The institution whose staff see the file. It is the institution of the uploader, or of the record that names
    /// the file.
    pub organization_id: Option<OrganizationId>,
    /// The moment at which the file was stored.
    pub created_at: Moment,
}

impl Card for FileCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/files/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::File, self.id)]
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = files)]
struct Row {
    id: FileId,
    name: String,
    purpose: FilePurpose,
    media_type: MediaType,
    size_bytes: i64,
    sha256: String,
    uploaded_by: UserId,
    organization_id: Option<OrganizationId>,
    created_at: Moment,
}

/// The visible files: the caller's own and those of the scope's institutions. Every query begins here. A mentor sees
/// the files that they brought to a mentorship until it ends. The parties of an agreement see its papers. A member of a council sees the
/// files of its meetings while in office, if they are papers of the organization that keeps it. Every account sees the text of a legal act or
/// of a decision, if it was uploaded as one. No other file gets open by being named there.
macro_rules! visible {
    ($scope:expr, $today:expr) => {{
        let mut all = files::table.into_boxed();
        if !$scope.everything {
            let lost = mentorships::table
                .filter(mentorships::mentor_id.eq_any(binds($scope.own_mentor.as_slice())))
                .filter(mentorships::ended_on.is_not_null())
                .select(mentorships::id);
            let kept = files::mentorship_id
                .is_null()
                .or(diesel::dsl::not(files::mentorship_id.assume_not_null().eq_any(lost)));
            let own = || files::uploaded_by.eq_any(binds($scope.somebody.as_slice()));
            let brings = $scope.somebody.is_some();
            // A narrowed key brings the account's files only as far as no institution has them.
            let of_nobody = own().and(files::organization_id.is_null());
            // Each party reads the papers of the agreement, whichever of them has brought the file.
            let theirs = agreement_parties::table
                .filter(among(agreement_parties::organization_id, &$scope.organizations))
                .select(agreement_parties::agreement_id);
            let papers = agreement_files::table
                .filter(agreement_files::agreement_id.eq_any(theirs))
                .select(agreement_files::file_id);
            let of_act = legal_acts::table
                .filter(legal_acts::file_id.eq(files::id.nullable()))
                .filter(legal_acts::annulment_reason.is_null());
            let of_decision = decisions::table.filter(decisions::file_id.eq(files::id.nullable()));
            let published =
                files::purpose.eq(bind(FilePurpose::Act)).and(exists(of_act).or(exists(of_decision)));
            // Files of the agenda and the protocol, for whom the council names as a member of today.
            let in_office = crate::scope::councils::in_office!($scope.somebody.as_slice(), $today);
            let of_keeper = council_meetings::table
                .filter(council_meetings::id.eq(council_meeting_files::meeting_id))
                .filter(council_meetings::organization_id.nullable().eq(files::organization_id));
            let of_council = council_meeting_files::table
                .filter(council_meeting_files::file_id.eq(files::id))
                .filter(council_meeting_files::council_id.eq_any(in_office))
                .filter(exists(of_keeper));
            let of_meeting = files::purpose
                .eq_any(any_of(&FilePurpose::OF_COUNCILS))
                .and(files::mentorship_id.is_null())
                .and(exists(of_council));
            let is_whole = brings && !$scope.is_narrowed;
            all = all.filter(
                when(is_whole && $scope.own_mentor.is_some(), own().and(kept))
                    .or_by(when(is_whole && $scope.own_mentor.is_none(), own()))
                    .or_by(when(brings && $scope.is_narrowed, of_nobody))
                    .or_by(when(is_whole, published))
                    .or_by(when(is_whole, of_meeting))
                    .or_by(when(!$scope.organizations.is_empty(), files::id.eq_any(papers)))
                    .or_by(among(files::organization_id.assume_not_null(), &$scope.organizations)),
            );
        }
        all
    }};
}

/// Whether the right of this transaction reaches the file.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: FileId) -> Result<bool, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    Ok(db!(tx, get_result, {
        diesel::select(exists(visible!(scope, today).filter(files::id.eq(bind(id)))))
    })?)
}

const NAME: &str = "files.name";

/// The names of those of the given files that the right of this transaction reaches.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[FileId]) -> Result<Vec<(FileId, String)>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let some = files::id.eq_any(binds(ids));
    let sealed: Vec<(FileId, String)> =
        db!(tx, load, visible!(scope, today).filter(some).select((files::id, files::name)))?;
    tx.readable(sealed.into_iter().map(|(id, name)| Ok((id, tx.core.keys.open(NAME, id.into(), &name)?))))
}

/// Bytes that the caller has uploaded within the last 24 hours.
pub async fn uploaded_bytes(tx: &mut Tx<'_>) -> Result<i64, Failure> {
    let Some(user) = tx.caller().map(|it| it.user) else { return Ok(0) };
    let since = tx.now().plus(TimeDelta::hours(-24));
    // An id begins with its time or a later one, so the index of an account's files is read from there only.
    let millis = since.micros().max(0).unsigned_abs() / 1000;
    let first = FileId::from(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid());
    let own = files::table.filter(files::uploaded_by.eq(bind(user))).filter(files::id.ge(bind(first)));
    let own = own.filter(files::created_at.gt(bind(since)));
    let sum = diesel::dsl::sql::<diesel::sql_types::BigInt>("CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT)");
    Ok(db!(tx, get_result, own.select(sum))?)
}

/// Attaches the file that an order names to a mentorship. The caller must be able to see the file. From then on it
/// belongs to the institution that confirms the mentorship, because that institution keeps the record.
pub async fn attach(
    tx: &mut Tx<'_>,
    file: Option<FileId>,
    pointer: &str,
    to: &Pairing,
) -> Result<(), Failure> {
    let Some(id) = file else { return Ok(()) };
    give(tx, id, pointer, to.organization_id, Some(to.id)).await
}

/// Gives a file without an institution to the institution whose record names it. The file has none if its uploader
/// has none.
async fn entrust(
    tx: &mut Tx<'_>,
    id: FileId,
    pointer: &str,
    organization: OrganizationId,
) -> Result<(), Failure> {
    give(tx, id, pointer, organization, None).await
}

/// Gives files to an institution, each with its pointer into the order. All that the caller does not see are told at once. Files of an order
/// whose institution is not there are given to nobody.
pub async fn entrust_each(
    tx: &mut Tx<'_>,
    files: impl IntoIterator<Item = (FileId, impl AsRef<str>)>,
    organization: impl Into<Option<OrganizationId>>,
) -> Result<(), Failure> {
    let organization: Option<OrganizationId> = organization.into();
    let mut checks = Vec::new();
    for (id, pointer) in files {
        checks.push(match organization {
            Some(to) => entrust(tx, id, pointer.as_ref(), to).await,
            None => must_refer(tx, SubjectKind::File, Some(id), pointer.as_ref()).await,
        });
    }
    all_of(checks)
}

async fn give(
    tx: &mut Tx<'_>,
    id: FileId,
    pointer: &str,
    organization: OrganizationId,
    mentorship: Option<MentorshipId>,
) -> Result<(), Failure> {
    must_refer(tx, SubjectKind::File, Some(id), pointer).await?;
    let held = files::table.find(bind(id)).select((files::organization_id, files::mentorship_id));
    let (organization_id, mentorship_id) = db!(tx, first, held)?;
    let held = Entrusted { id, organization_id, mentorship_id };
    let Some(change) = held.give(organization, mentorship) else { return Ok(()) };
    let (it, records) = change.into_parts();
    let set = (
        files::organization_id.eq(bind(it.organization_id)),
        files::mentorship_id.eq(bind(it.mentorship_id)),
    );
    let rows = db!(tx, execute, prepared(diesel::update(files::table.find(bind(id))).set(set)))?;
    tx.established(rows, records)
}

/// The card of one file.
pub async fn card(tx: &mut Tx<'_>, id: FileId) -> Result<FileCard, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let is_it = files::id.eq(bind(id));
    let one = db!(tx, first, visible!(scope, today).filter(is_it).select(Row::as_select()));
    let it: Row = one.optional()?.ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::File, id))))?;
    Ok(FileCard {
        id: it.id,
        name: tx.core.keys.open(NAME, id.into(), &it.name)?,
        purpose: it.purpose,
        media_type: it.media_type,
        size_bytes: it.size_bytes,
        sha256: it.sha256,
        uploaded_by: it.uploaded_by,
        organization_id: it.organization_id,
        created_at: it.created_at,
    })
}

/// Bytes of a chunk. Only the last chunk of a file may be shorter.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// The place of a chunk, which the seal binds: the chunk opens in no other file and at no other place.
fn place(n: i32) -> String {
    format!("file_chunks.bytes\0{n}")
}

/// Seals a chunk. The caller seals chunks while the upload arrives, so that the transaction stays short.
pub fn seal_chunk(keys: &RegionKeys, file: FileId, n: i32, plain: &[u8]) -> Result<Vec<u8>, Failure> {
    keys.seal_bytes(&place(n), file.into(), plain)
}

/// A chunk of a file. The caller has already loaded the card, which checks that it is visible.
pub async fn chunk(tx: &mut Tx<'_>, file: FileId, n: i32) -> Result<Vec<u8>, Failure> {
    let one = file_chunks::table.find((bind(file), n)).select(file_chunks::bytes);
    let sealed: Vec<u8> = db!(tx, first, one)?;
    tx.core.keys.open_bytes(&place(n), Uuid::from(file), &sealed)
}

/// Saves a new file with its sealed chunks. It belongs to the first institution in which its uploader has a role.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<File>, chunks: &[Vec<u8>]) -> Result<(), Failure> {
    let (File { id, uploaded_by, file }, records) = change.into_parts();
    let organization = tx.caller().and_then(Caller::organization);
    let row = (
        files::id.eq(bind(id)),
        files::name.eq(bind(tx.core.keys.seal("files.name", id.into(), &file.name)?)),
        files::purpose.eq(bind(file.purpose)),
        files::media_type.eq(bind(file.media_type)),
        files::size_bytes.eq(file.size_bytes),
        files::sha256.eq(bind(file.sha256)),
        files::uploaded_by.eq(bind(uploaded_by)),
        files::organization_id.eq(bind(organization)),
        files::created_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(files::table).values(row))?;
    for (n, bytes) in (0_i32..).zip(chunks) {
        let row = (
            file_chunks::file_id.eq(bind(id)),
            file_chunks::n.eq(n),
            file_chunks::bytes.eq(bytes.as_slice()),
        );
        db!(tx, execute, diesel::insert_into(file_chunks::table).values(row))?;
    }
    tx.established(rows, records)
}

/// Opens every chunk of a stored file and compares its content with its size and digest. Returns the number of chunks.
pub(crate) async fn verify(
    tx: &mut Tx<'_>,
    id: FileId,
    size_bytes: i64,
    sha256: &str,
) -> Result<u64, Failure> {
    let broken = |what: String| Failure::Broken(format!("file {id}: {what}"));
    let (mut digest, mut left, mut n) =
        (Context::new(&SHA256), usize::try_from(size_bytes).unwrap_or(0), 0_i32);
    while left > 0 {
        let bytes = chunk(tx, id, n).await.map_err(|it| match it {
            Failure::NotFound(_) => broken(format!("chunk {n} is missing")),
            Failure::Broken(why) | Failure::Unsealed(why) => broken(format!("chunk {n}: {why}")),
            other => other,
        })?;
        if bytes.len() != left.min(CHUNK_BYTES) {
            return Err(broken(format!("chunk {n} has another length")));
        }
        digest.update(&bytes);
        (left, n) = (left.saturating_sub(bytes.len()), n + 1);
    }
    let stored: i64 =
        db!(tx, get_result, file_chunks::table.filter(file_chunks::file_id.eq(bind(id))).count())?;
    if stored != i64::from(n) || hex(digest.finish().as_ref()) != sha256 {
        return Err(broken("its content is not what was stored".to_owned()));
    }
    Ok(n.unsigned_abs().into())
}

/// A page of stored files after that one: id, size and digest.
pub(crate) async fn stored(tx: &mut Tx<'_>, after: FileId) -> Result<Vec<(FileId, i64, String)>, Failure> {
    let page = files::table.filter(files::id.gt(bind(after))).order(files::id).limit(500);
    Ok(db!(tx, load, page.select((files::id, files::size_bytes, files::sha256)))?)
}
