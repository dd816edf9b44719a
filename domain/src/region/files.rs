//! Stored files: accepted types, purposes and names. The content is checked outside this crate, by its first bytes.
use crate::base::change::{Changed, facts};
use crate::base::id::{FileId, MentorshipId, OrganizationId, UserId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Title;
use crate::base::text::characters::shows;
use crate::base::word::words;
use validator::Validate;

rules! {
    QUOTA = "file.quota", State, ours, "За сутки учётная запись загрузила столько, сколько может.", "The account has uploaded as much as it may within 24 hours.";
    TOO_LARGE = "file.too_large", Content, ours, "Файл слишком велик.", "The file is too large.";
    EMPTY = "file.empty", Content, ours, "Файл пуст.", "The file is empty.";
    MEDIA_TYPE = "file.media_type", Content, ours, "Файлы такого вида не принимаются.", "Files of this type are not accepted.";
    DIGEST = "file.digest", Content, ours, "Файл повреждён при передаче: контрольная сумма не сходится.", "The file was damaged on its way: the digest does not match.";
    NAME = "file.name", Content, ours, "Недопустимое имя файла.", "The name of the file is not allowed.";
}

words! {
    /// The purpose of a file.
    FilePurpose in "file-purposes" {
        ApplicationStatement = "application_statement", "заявление кандидата (приложение 1)", "statement of a candidate (annex 1)";
        Questionnaire = "questionnaire", "анкета кандидата (приложение 2)", "questionnaire of a candidate (annex 2)";
        PassportCopy = "passport_copy", "копия паспорта", "copy of a passport";
        Consent = "consent", "согласие (приложение 3)", "consent (annex 3)";
        Refusal = "refusal", "письменный отказ", "written refusal";
        Decree = "order", "приказ", "decree";
        Certificate = "certificate", "справка или удостоверение", "certificate";
        RepresentativeAuthority = "representative_authority", "полномочия представителя", "authority of a representative";
        Protocol = "protocol", "протокол", "protocol";
        Agreement = "agreement", "соглашение", "agreement";
        Act = "act", "правовой акт", "legal act";
        Other = "other", "иное", "other";
    }

    /// The types of files that are accepted.
    MediaType in "media-types" {
        Pdf = "pdf", "документ PDF", "PDF document";
        Png = "png", "изображение PNG", "PNG image";
        Jpeg = "jpeg", "изображение JPEG", "JPEG image";
        Webp = "webp", "изображение WebP", "WebP image";
        Docx = "docx", "документ Word", "Word document";
        Xlsx = "xlsx", "таблица Excel", "Excel sheet";
        Odt = "odt", "документ OpenDocument", "OpenDocument text";
    }
}

impl FilePurpose {
    /// The papers of councils. No other file gets open by being named at a meeting: the others are about a person, and `other` is for reports.
    pub const OF_COUNCILS: [Self; 5] =
        [Self::Decree, Self::Protocol, Self::Agreement, Self::Act, Self::Other];
}

/// The greatest size of a file in bytes: 25 MiB.
pub const MAX_SIZE_BYTES: i64 = 25 * 1024 * 1024;
/// The greatest length of a file name, in characters.
const MAX_NAME: usize = 200;

impl MediaType {
    /// The MIME type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
        }
    }
    /// The accepted type with this MIME name. Parameters such as `charset` are ignored.
    pub fn from_mime(mime: &str) -> Result<Self, Refused> {
        use crate::base::word::Word;
        let essence = mime.split(';').next().unwrap_or_default().trim();
        let known = Self::ALL.iter().copied().find(|it| it.mime().eq_ignore_ascii_case(essence));
        known.ok_or_else(|| MEDIA_TYPE.refuse())
    }
    /// The file name extensions of this type, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Odt => &["odt"],
        }
    }
    /// The file name without folders and with an extension of this type, so that no program opens the file as another type.
    pub fn file_name(self, sent: &str) -> Title {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_idle = |it: char| it == '.' || !shows(it.encode_utf8(&mut [0; 4]));
        let plain = last.trim_end().trim_start_matches(is_idle);
        let ending =
            plain.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, it)| it.to_lowercase());
        let fits = ending.is_some_and(|it| self.extensions().contains(&it.as_str()));
        match self.extensions().first() {
            Some(usual) if !fits && !plain.is_empty() => Title::new(&format!("{plain}.{usual}")),
            _ => Title::new(plain),
        }
    }
}

/// A received file, with its measured size and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The file name. Folders are removed, and the extension of the type is added if it is missing.
    pub name: Title,
    /// The purpose of the file.
    pub purpose: FilePurpose,
    /// The media type, found from the first bytes of the content.
    pub media_type: MediaType,
    /// The size in bytes, 1 to [`MAX_SIZE_BYTES`].
    pub size_bytes: i64,
    /// The SHA-256 of the content: 64 lower-case hexadecimal digits.
    pub sha256: String,
}

impl NewFile {
    fn judge(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.size_bytes <= 0 {
            reasons.push(EMPTY.reason().at("/file"));
        }
        if self.size_bytes > MAX_SIZE_BYTES {
            reasons.push(TOO_LARGE.reason().at("/file").with("max_bytes", MAX_SIZE_BYTES));
        }
        if self.name.validate().is_err() || self.name.as_str().chars().count() > MAX_NAME {
            reasons.push(NAME.reason().at("/file").with("max", MAX_NAME));
        }
        let hexadecimal = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        if self.sha256.len() != 64 || !self.sha256.bytes().all(hexadecimal) {
            reasons.push(DIGEST.reason().at("/file"));
        }
        reasons
    }
}

facts! {
    /// A file was stored.
    FileUploaded = "file.uploaded",
        "Файл загружен[: {purpose}]",
        "The file was uploaded[: {purpose}]"
        about File (FileId) {
        /// The purpose of the file.
        purpose: FilePurpose,
        /// The media type.
        media_type: MediaType,
        /// The size in bytes.
        size_bytes: i64,
    }
    /// A file came to the institution, or to the mentorship, whose record names it. From then on others see it too.
    FileEntrusted = "file.entrusted",
        "Файл отнесён к записи[, учреждение: {organization_id}][, наставничество: {mentorship_id}]",
        "The file was assigned to a record[, institution: {organization_id}][, mentorship: {mentorship_id}]"
        about File (FileId) {
        /// The institution, where the file had none.
        organization_id: Option<OrganizationId>,
        /// The mentorship, where the file had none.
        mentorship_id: Option<MentorshipId>,
    }
}

/// The records to which a file belongs, once a record has named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entrusted {
    /// The id of the file.
    pub id: FileId,
    /// The institution whose staff see the file.
    pub organization_id: Option<OrganizationId>,
    /// The mentorship whose mentor brought the file.
    pub mentorship_id: Option<MentorshipId>,
}

impl Entrusted {
    /// Gives the file to an institution and a mentorship, as far as it has none yet. None if it stays where it is.
    pub fn give(
        self,
        organization: OrganizationId,
        mentorship: Option<MentorshipId>,
    ) -> Option<Changed<Self>> {
        let organization_id = Some(organization).filter(|_| self.organization_id.is_none());
        let mentorship_id = mentorship.filter(|_| self.mentorship_id.is_none());
        let fact = FileEntrusted { id: self.id, organization_id, mentorship_id };
        let given = Self {
            organization_id: self.organization_id.or(organization_id),
            mentorship_id: self.mentorship_id.or(mentorship_id),
            ..self
        };
        (given != self).then(|| Changed::new(given, fact))
    }
}

/// A stored file, with the data that the rules check. It never changes.
#[derive(Debug, Clone)]
pub struct File {
    /// The id of the file.
    pub id: FileId,
    /// The account that uploaded the file.
    pub uploaded_by: UserId,
    /// The name, purpose, type, size and hash.
    pub file: NewFile,
}

impl File {
    /// Refuses a file of that size if the account may upload only so many bytes more today.
    pub fn fits(size_bytes: i64, room_bytes: i64) -> Result<(), Refused> {
        let over = QUOTA.reason().at("/file").with("free_bytes", room_bytes.max(0));
        Refused::unless_empty(if size_bytes > room_bytes { vec![over] } else { vec![] })
    }
    /// Accepts a file for storage, from an account that may upload so many bytes more within these 24 hours.
    pub fn add(
        id: FileId,
        uploaded_by: UserId,
        new: &NewFile,
        room_bytes: i64,
    ) -> Result<Changed<Self>, Refused> {
        let file = NewFile { name: new.media_type.file_name(new.name.as_str()), ..new.clone() };
        Refused::unless_empty(file.judge())?;
        Self::fits(file.size_bytes, room_bytes)?;
        let NewFile { purpose, media_type, size_bytes, .. } = file;
        Ok(Changed::new(Self { id, uploaded_by, file }, FileUploaded { id, purpose, media_type, size_bytes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::word::Word;
    use proptest::prelude::*;

    fn scan(name: &str) -> NewFile {
        NewFile {
            name: Title::new(name),
            purpose: FilePurpose::PassportCopy,
            media_type: MediaType::Pdf,
            size_bytes: 1024,
            sha256: "0f".repeat(32),
        }
    }
    fn add(new: &NewFile) -> Result<File, Vec<&'static str>> {
        let nil = uuid::Uuid::nil();
        File::add(nil.into(), nil.into(), new, MAX_SIZE_BYTES)
            .map(|it| it.into_parts().0)
            .map_err(|it| it.reasons().iter().map(|it| it.rule.code).collect())
    }

    #[test]
    fn a_file_keeps_its_name_but_not_the_folders_it_lay_in() {
        let kept = |name| add(&scan(name)).map(|it| it.file.name.to_string());
        assert_eq!(kept("Паспорт.PDF"), Ok("Паспорт.PDF".into()));
        assert_eq!(kept("C:\\Документы\\паспорт.pdf"), Ok("паспорт.pdf".into()));
        assert_eq!(kept("../../etc/паспорт.pdf"), Ok("паспорт.pdf".into()));
        assert_eq!(kept("Приказ от 12.11"), Ok("Приказ от 12.11.pdf".into()));
        assert_eq!(kept("паспорт.pdf.exe"), Ok("паспорт.pdf.exe.pdf".into()));
        assert_eq!(kept(". .паспорт"), Ok("паспорт.pdf".into()));
        assert_eq!(kept("\u{3164}.паспорт"), Ok("паспорт.pdf".into()));
        assert_eq!(kept("\u{3164}\u{2800}"), Err(vec!["file.name"]));
        assert_eq!(kept(".."), Err(vec!["file.name"]));
        assert_eq!(kept("скан\u{202E}fdp.exe"), Err(vec!["file.name"]));
    }

    #[test]
    fn a_file_fits_into_the_rest_of_a_day() {
        assert!(File::fits(1024, 1024).is_ok());
        assert_eq!(File::fits(1025, 1024).unwrap_err().reasons()[0].rule.code, "file.quota");
        assert!(File::fits(1, -7).is_err());
    }

    #[test]
    fn everything_wrong_with_a_file_is_told_at_once() {
        let empty = NewFile { size_bytes: 0, sha256: "0F".into(), ..scan("") };
        assert_eq!(add(&empty).unwrap_err(), ["file.empty", "file.name", "file.digest"]);
        let large = NewFile { size_bytes: MAX_SIZE_BYTES + 1, ..scan("паспорт.pdf") };
        assert_eq!(add(&large).unwrap_err(), ["file.too_large"]);
        assert!(add(&NewFile { size_bytes: MAX_SIZE_BYTES, ..scan("паспорт.pdf") }).is_ok());
    }

    #[test]
    fn a_file_is_given_once_and_the_journal_tells_only_what_is_new() {
        let (first, second) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let free = Entrusted { id: first.into(), organization_id: None, mentorship_id: None };
        let (given, records) = free.give(first.into(), None).unwrap().into_parts();
        assert_eq!(records[0].body, serde_json::json!({"organization_id": first, "mentorship_id": null}));
        assert!(given.give(second.into(), None).is_none());
        let (given, records) = given.give(second.into(), Some(first.into())).unwrap().into_parts();
        assert_eq!((given.organization_id, given.mentorship_id), (Some(first.into()), Some(first.into())));
        assert_eq!(records[0].body, serde_json::json!({"organization_id": null, "mentorship_id": first}));
    }

    #[test]
    fn no_paper_about_a_person_is_a_paper_of_councils() {
        let closed = FilePurpose::ALL.iter().filter(|it| !FilePurpose::OF_COUNCILS.contains(it));
        let closed: Vec<&str> = closed.map(|it| it.code()).collect();
        let about_a_person = [
            "application_statement",
            "questionnaire",
            "passport_copy",
            "consent",
            "refusal",
            "certificate",
            "representative_authority",
        ];
        assert_eq!(closed, about_a_person);
    }

    #[test]
    fn only_listed_types_are_accepted() {
        assert_eq!(MediaType::from_mime("image/PNG; x=y"), Ok(MediaType::Png));
        assert_eq!(MediaType::from_mime("image/svg+xml"), Err(MEDIA_TYPE.refuse()));
    }

    #[test]
    fn the_journal_tells_what_came_in_but_not_its_name() {
        let nil = uuid::Uuid::nil();
        let (_, records) = File::add(nil.into(), nil.into(), &scan("Паспорт Ивановой.pdf"), MAX_SIZE_BYTES)
            .unwrap()
            .into_parts();
        assert_eq!(
            records[0].body,
            serde_json::json!({"purpose": "passport_copy", "media_type": "pdf", "size_bytes": 1024})
        );
    }

    proptest! {
        #[test]
        fn a_stored_name_never_leads_out_of_its_folder(name in "[a-zа-я./\\\\ ]{0,40}") {
            if let Ok(file) = add(&scan(&name)) {
                let kept = file.file.name.as_str();
                prop_assert!(!kept.contains(['/', '\\']) && !kept.starts_with('.'));
                prop_assert!(kept.to_lowercase().ends_with(".pdf"));
            }
        }
    }
}
