//! Documents that stand on the agenda of an organization: wanted by a day, about to expire, or due by age.
use super::due::on_record;
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, document_assistance as documents};
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, DocumentAssistanceId, OrganizationId, PersonId, UserId};
use domain::help::documents::due::{DocumentMatter, born_between, due, is_on_desk};
use domain::help::documents::{DocumentState, PersonalDocument};
use domain::people::BeneficiaryCategory;
use shape::card;

/// Days ahead within which a document is wanted or expires.
const AHEAD: Days = Days::new(30);
/// Days after its last day for which an expired document is told.
const EXPIRED: Days = Days::new(365);
/// Rows that are shown at most, the earliest day first.
const FIRST: usize = 50;
/// Rows of each matter that are read at most.
const READ: i64 = 200;
/// People whose documents on record are read at once.
const AT_ONCE: usize = 64;

/// A document that stands on the agenda.
#[card]
pub struct DeskDocument {
    /// The case.
    pub case_id: CaseId,
    /// The kind of the document.
    pub kind: PersonalDocument,
    /// The matter.
    pub matter: DocumentMatter,
    /// The day: until which it is wanted, until which it is valid, or the birthday on which it falls due.
    pub day: NaiveDate,
    /// The help with the document, where there is one.
    pub assistance_id: Option<DocumentAssistanceId>,
    /// The state of that help.
    pub state: Option<DocumentState>,
}

impl Card for DeskDocument {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Case, self.case_id)]
    }
}

/// The cases whose documents are asked for: the open ones of an organization, or those of them of a specialist.
#[derive(Debug, Clone, Copy)]
struct Desk {
    of: OrganizationId,
    specialist: Option<UserId>,
}

/// Documents in open cases of the caller's organizations that are wanted or expire within some days, or are due by age, the earliest first.
pub(crate) async fn on_desk(
    tx: &mut Tx<'_>,
    specialist: Option<UserId>,
) -> Result<Vec<DeskDocument>, Failure> {
    let desks: Vec<Desk> = tx.scope().organizations.iter().map(|of| Desk { of: *of, specialist }).collect();
    let mut all = Vec::new();
    for desk in &desks {
        for state in DocumentState::open() {
            all.extend(wanted(tx, *desk, state).await?);
        }
        all.extend(expiring(tx, *desk).await?);
    }
    // Of a document that is wanted and due by age, the wanted day is told.
    let wanted: Vec<(CaseId, PersonalDocument)> =
        all.iter().filter(|it| it.matter == DocumentMatter::Wanted).map(|it| (it.case_id, it.kind)).collect();
    for desk in desks {
        let of_age = of_age(tx, desk, FIRST + wanted.len()).await?;
        all.extend(of_age.into_iter().filter(|it| !wanted.contains(&(it.case_id, it.kind))));
    }
    all.sort_by_key(|it| (it.day, it.case_id));
    all.truncate(FIRST);
    Ok(all)
}

/// Documents in the open cases of a desk, with the cases.
macro_rules! in_open_cases {
    ($desk:expr) => {{
        let mut all = documents::table
            .inner_join(cases::table)
            .filter(cases::state.eq(bind(CaseState::Open)))
            .filter(documents::organization_id.assume_not_null().eq(bind($desk.of)))
            .filter(documents::annulment_reason.is_null())
            .limit(READ)
            .into_boxed();
        if let Some(specialist) = $desk.specialist {
            all = all.filter(cases::specialist_user_id.assume_not_null().eq(bind(specialist)));
        }
        all
    }};
}

type Line = (DocumentAssistanceId, CaseId, PersonalDocument, DocumentState, NaiveDate);

/// Documents that are being obtained in this state and wanted soon.
async fn wanted(tx: &mut Tx<'_>, desk: Desk, state: DocumentState) -> Result<Vec<DeskDocument>, Failure> {
    let last = tx.today().checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
    let lines: Vec<Line> = db!(tx, load, {
        in_open_cases!(desk)
            .filter(documents::state.eq(bind(state)))
            .filter(documents::due_on.assume_not_null().le(last))
            .order((documents::due_on.asc(), documents::id.asc()))
            .select((
                documents::id,
                documents::case_id,
                documents::kind,
                documents::state,
                documents::due_on.assume_not_null(),
            ))
    })?;
    Ok(lines.into_iter().map(|it| told(it, DocumentMatter::Wanted)).collect())
}

/// Documents that were received and expire soon. A later help with such a document takes the place of the former one, unless it has failed.
async fn expiring(tx: &mut Tx<'_>, desk: Desk) -> Result<Vec<DeskDocument>, Failure> {
    let today = tx.today();
    let last = today.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
    let first = today.checked_sub_days(EXPIRED).unwrap_or(NaiveDate::MIN);
    let lines: Vec<Line> = db!(tx, load, {
        in_open_cases!(desk)
            .filter(documents::state.eq(bind(DocumentState::Received)))
            .filter(documents::valid_until.assume_not_null().between(first, last))
            .order((documents::valid_until.asc(), documents::id.asc()))
            .select((
                documents::id,
                documents::case_id,
                documents::kind,
                documents::state,
                documents::valid_until.assume_not_null(),
            ))
    })?;
    let of: Vec<CaseId> = lines.iter().map(|it| it.1).collect();
    let all: Vec<(CaseId, PersonalDocument, DocumentAssistanceId, DocumentState)> = match of.is_empty() {
        true => Vec::new(),
        false => {
            let theirs = documents::table
                .filter(documents::case_id.eq_any(binds(&of)))
                .filter(documents::annulment_reason.is_null());
            db!(
                tx,
                load,
                theirs.select((documents::case_id, documents::kind, documents::id, documents::state))
            )?
        }
    };
    let is_replaced = |it: &Line| {
        let mut same = all.iter().filter(|other| (other.0, other.1) == (it.1, it.2));
        same.any(|other| other.2 > it.0 && other.3.replaces())
    };
    let is_last = |it: &Line| it.2 == PersonalDocument::Other || !is_replaced(it);
    Ok(lines.into_iter().filter(is_last).map(|it| told(it, DocumentMatter::Expires)).collect())
}

fn told((id, case_id, kind, state, day): Line, matter: DocumentMatter) -> DeskDocument {
    DeskDocument { case_id, kind, matter, day, assistance_id: Some(id), state: Some(state) }
}

type Whom = (CaseId, BeneficiaryId, BeneficiaryCategory, Option<PersonId>, Option<NaiveDate>);

/// People of the desk who have reached an age of documents not long ago, or will soon.
async fn of_these_ages(tx: &mut Tx<'_>, desk: Desk) -> Result<Vec<Whom>, Failure> {
    let today = tx.today();
    let mut found: Vec<Whom> = Vec::new();
    for (first, last) in born_between(today) {
        let some: Vec<Whom> = db!(tx, load, {
            let mut all = cases::table
                .inner_join(beneficiaries::table)
                .filter(cases::organization_id.eq(bind(desk.of)))
                .filter(cases::state.eq(bind(CaseState::Open)))
                .filter(cases::born_on.assume_not_null().between(first, last))
                .order(cases::id)
                .limit(READ)
                .into_boxed();
            if let Some(specialist) = desk.specialist {
                all = all.filter(cases::specialist_user_id.assume_not_null().eq(bind(specialist)));
            }
            all.select((
                cases::id,
                beneficiaries::id,
                beneficiaries::category,
                beneficiaries::person_id,
                cases::born_on,
            ))
        })?;
        found.extend(some);
    }
    Ok(found)
}

/// The first day on which a document of theirs stands on an agenda, if none is on record.
fn first_day((_, _, category, _, born_on): &Whom, today: NaiveDate) -> Option<NaiveDate> {
    let all = due((*born_on)?, *category, &[], today);
    all.iter().filter(|it| is_on_desk(it, today)).map(|it| it.due_on).min()
}

/// Documents that people of the desk have from an age on, and that are not on record: at least so many of the earliest days, or all. An
/// institution has hundreds of people of these ages and an agenda shows few, so records are read for the earliest birthdays first.
async fn of_age(tx: &mut Tx<'_>, desk: Desk, most: usize) -> Result<Vec<DeskDocument>, Failure> {
    let today = tx.today();
    let mut found: Vec<(NaiveDate, Whom)> = Vec::new();
    for it in of_these_ages(tx, desk).await? {
        found.extend(first_day(&it, today).map(|day| (day, it)));
    }
    found.sort_by_key(|(day, it)| (*day, it.0));
    let mut all: Vec<DeskDocument> = Vec::new();
    for some in found.chunks(AT_ONCE) {
        let next = some.first().map(|(day, it)| (*day, it.0));
        if all.iter().filter(|it| Some((it.day, it.case_id)) < next).count() >= most {
            break;
        }
        let whose: Vec<(BeneficiaryId, PersonId)> =
            some.iter().filter_map(|(_, it)| Some((it.1, it.3?))).collect();
        let known = on_record(tx, &whose).await?;
        for (_, (case_id, of, category, _, born_on)) in some {
            let on_record = known.get(of).map(Vec::as_slice).unwrap_or_default();
            let theirs = born_on.map(|it| due(it, *category, on_record, today)).unwrap_or_default();
            all.extend(theirs.into_iter().filter(|it| is_on_desk(it, today)).map(|it| DeskDocument {
                case_id: *case_id,
                kind: it.kind,
                matter: DocumentMatter::OfAge,
                day: it.due_on,
                assistance_id: it.assistance_id,
                state: it.state,
            }));
        }
    }
    Ok(all)
}
