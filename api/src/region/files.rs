//! Files over HTTP.
use crate::http::answer::Answer;
use crate::http::download::Download;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use crate::http::upload;
use actix_web::{HttpRequest, get, post, web};
use domain::base::access::{NOT_YOURS, may};
use domain::base::id::FileId;
use domain::region::files::{File, FilePurpose};
use persistence::region::files::{self, FileCard};
use utoipa::ToSchema;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(upload_file).service(get_file).service(get_file_content);
}

/// A file and its purpose.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what upload::receive reads")]
pub struct FileUpload {
    /// The purpose of the file.
    purpose: FilePurpose,
    /// The file with its name, at most 25 MiB.
    #[schema(value_type = String, format = Binary)]
    file: (),
}

/// The content of a file.
pub struct FileContent;

impl utoipa::PartialSchema for FileContent {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let bytes = ObjectBuilder::new().schema_type(Type::String);
        bytes
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("The bytes of a file."))
            .into()
    }
}
impl ToSchema for FileContent {}

/// Upload a file
///
/// Takes `multipart/form-data` with `purpose` and `file`. Accepted are PDF, PNG, JPEG, WebP, DOCX, XLSX and ODT. The
/// first bytes decide the type; the part's type and the name's ending must agree with it. `Content-Digest` is checked
/// if it is sent. As a header of the request it is about the whole body (RFC 9530), as a header of the part about the
/// file. The uploader and the staff of the uploader's institution see the file.
/// An account uploads a few files at once (429 `upload.slots`) and so many bytes within 24 hours (409 `file.quota`).
#[utoipa::path(tag = "files",
    request_body(content = FileUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = FileCard)))]
#[post("/files")]
async fn upload_file(
    db: Guarded<may::UploadFiles>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<Answer, Problem> {
    let _slot = db.slot()?;
    let quota = db.settings().upload_quota_bytes();
    let (id, room): (FileId, i64) =
        db.peek(async |tx| Ok((tx.mint(), quota - files::uploaded_bytes(tx).await?))).await?;
    // A repetition is answered as before, however much was uploaded since.
    if !request.headers().contains_key("idempotency-key") {
        File::fits(upload::announced(request.headers()), room)?;
    }
    let upload = upload::receive(&request, body, db.region().keys(), id).await?;
    db.create(async move |tx| {
        let user = tx.caller().map(|it| it.user).ok_or_else(|| NOT_YOURS.refuse())?;
        let room = quota - files::uploaded_bytes(tx).await?;
        let file = File::add(id, user, &upload.file, room)?;
        files::save_added(tx, file, &upload.chunks).await?;
        files::card(tx, id).await
    })
    .await
}

/// Get a file
///
/// The name, purpose, type, size and digest of a file.
#[utoipa::path(tag = "files", params(("id" = FileId, Path)), responses((status = 200, body = FileCard)))]
#[get("/files/{id}")]
async fn get_file(db: Guarded<may::ReadFiles>, id: Id<FileId>) -> Result<Answer, Problem> {
    db.read(async |tx| files::card(tx, id.0).await).await
}

/// Get a file's content
///
/// The content as an attachment under the file's own name. One range of bytes may be requested. `Repr-Digest` is the
/// SHA-256 of the whole file.
#[utoipa::path(tag = "files",
    params(("id" = FileId, Path)),
    responses(
        (status = 200, description = "The whole file.", content(
            (FileContent = "application/pdf"),
            (FileContent = "image/png"),
            (FileContent = "image/jpeg"),
            (FileContent = "image/webp"),
            (FileContent = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (FileContent = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (FileContent = "application/vnd.oasis.opendocument.text"),
        )),
        (status = 206, description = "The range.", content(
            (FileContent = "application/pdf"),
            (FileContent = "image/png"),
            (FileContent = "image/jpeg"),
            (FileContent = "image/webp"),
            (FileContent = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (FileContent = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (FileContent = "application/vnd.oasis.opendocument.text"),
        )),
    ))]
#[get("/files/{id}/content")]
async fn get_file_content(db: Guarded<may::ReadFiles>, id: Id<FileId>) -> Result<Download, Problem> {
    db.download(async |tx| files::card(tx, id.0).await).await
}
