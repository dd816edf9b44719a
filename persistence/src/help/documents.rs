//! Documents of a case that are due by age and not on record.
//!
//! Help with a document is an entry under its case. What is due is computed from it, the birth date and the category.
use crate::accompaniment::cases::seen;
use crate::engine::card::Card;
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, document_assistance as documents, people};
use crate::entry::{self, EntryCard};
use crate::people::person_card;
use crate::scope::{Way, among, when, within};
use crate::sight::{reaches, under};
use crate::tx::{HandedOver, Tx};
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Entered;
use domain::base::id::{BeneficiaryId, CaseId, DocumentAssistanceId, PersonId};
use domain::help::documents::due::{DueDocument, OnRecord, due};
use domain::help::documents::{
    DocumentAssistance, DocumentAssistanceForm, DocumentState, PersonalDocument, hand_over,
};
use domain::people::consents::CasePart;
use domain::people::{BeneficiaryCategory, IdentityDocumentKind};
use shape::card;
use uuid::Uuid;

/// Documents that are due by age and not on record.
#[card]
#[schema(example = json!({"case_id": "01980000-0000-7000-8000-000000000009", "items": [{"kind": "housing_list", "age_years": 14, "due_on": "2026-04-17", "basis": "159-ФЗ ст. 8"}]}))]
pub struct DocumentsDueCard {
    /// The case.
    pub case_id: CaseId,
    /// The documents, the earliest birthday first.
    #[schema(max_items = 20)]
    pub items: Vec<DueDocument>,
}

impl Card for DocumentsDueCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Case, self.case_id)]
    }
}

type Whom = (BeneficiaryId, BeneficiaryCategory, Option<PersonId>, Option<NaiveDate>, Option<NaiveDate>);
type Help = (DocumentAssistanceId, PersonalDocument, DocumentState, NaiveDate, Option<NaiveDate>);

/// The documents of the person of a case that are due today. A family has none of its own, and the dead need none.
pub async fn due_in(tx: &mut Tx<'_>, id: CaseId) -> Result<DocumentsDueCard, Failure> {
    let subject = Subject::new(SubjectKind::Case, id);
    if !reaches(tx, subject).await? {
        return Err(Failure::NotFound(Some(subject)));
    }
    let whom = cases::table
        .inner_join(beneficiaries::table.left_join(people::table))
        .filter(cases::id.eq(bind(id)))
        .select((
            beneficiaries::id,
            beneficiaries::category,
            beneficiaries::person_id,
            people::birth_date.nullable(),
            people::died_on.nullable(),
        ));
    let (of, category, person, born_on, died_on): Whom = db!(tx, first, whom)?;
    let items = match (person, born_on, died_on) {
        (Some(person), Some(born_on), None) => {
            due(born_on, category, &on_record(tx, (of, person)).await?, tx.today())
        }
        _ => Vec::new(),
    };
    Ok(DocumentsDueCard { case_id: id, items })
}

/// The documents of a person that are on record: in the cases that the caller sees, and with the person as far as the caller sees that.
async fn on_record(
    tx: &mut Tx<'_>,
    (of, person): (BeneficiaryId, PersonId),
) -> Result<Vec<OnRecord>, Failure> {
    let scope = tx.scope().clone();
    let cases: Vec<CaseId> = db!(tx, load, {
        seen!(cases::table, scope).filter(cases::beneficiary_id.eq(bind(of))).select(cases::id)
    })?;
    let of_cases = documents::table
        .filter(documents::case_id.eq_any(binds(&cases)))
        .filter(documents::annulment_reason.is_null())
        .order((documents::noticed_on.desc(), documents::id.desc()));
    let rows: Vec<Help> = db!(
        tx,
        load,
        of_cases.select((
            documents::id,
            documents::kind,
            documents::state,
            documents::noticed_on,
            documents::issued_on
        ))
    )?;
    let mut all: Vec<OnRecord> = rows
        .into_iter()
        .map(|(id, kind, state, noticed_on, issued_on)| OnRecord {
            kind,
            state,
            day: issued_on.unwrap_or(noticed_on),
            assistance_id: Some(id),
        })
        .collect();
    let read = async |tx: &mut Tx<'_>| person_card(tx, person).await;
    let card = under(tx, Right::ReadPeople, read).await?;
    let known = card.iter().flat_map(|it| it.documents.iter().map(|own| (own, it.birth_date)));
    all.extend(known.filter(|(own, _)| own.kind == IdentityDocumentKind::Passport).map(|(own, born_on)| {
        OnRecord {
            kind: PersonalDocument::Passport,
            state: DocumentState::Received,
            day: own.issued_on.unwrap_or(born_on),
            assistance_id: None,
        }
    }));
    Ok(all)
}

/// Documents that were recorded as received in a case within these days.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    let received = documents::table
        .filter(documents::case_id.eq(bind(case)))
        .filter(documents::state.eq(bind(DocumentState::Received)))
        .filter(documents::annulment_reason.is_null())
        .filter(documents::received_on.assume_not_null().between(from, to))
        .order(documents::id)
        .select((documents::id, documents::received_on.assume_not_null()));
    let rows: Vec<(DocumentAssistanceId, NaiveDate)> = db!(tx, load, received)?;
    let item = |(id, on)| MonthItem::of(MonthItemKind::DocumentReceived, Uuid::from(id), on);
    Ok(rows.into_iter().map(item).collect())
}

/// The last day on which help with a document was found to be needed in a case.
pub(crate) async fn recorded_until(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let theirs = documents::table
        .filter(documents::case_id.eq(bind(case)))
        .filter(documents::annulment_reason.is_null());
    Ok(db!(tx, first, theirs.select(max(documents::noticed_on)))?)
}

/// The documents of a case that are still being obtained. The caller's scope does not limit them.
async fn open_of(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<DocumentAssistance>, Failure> {
    let open = documents::table
        .filter(documents::case_id.eq(bind(case)))
        .filter(documents::state.eq_any(any_of(&DocumentState::open())))
        .filter(documents::annulment_reason.is_null());
    let ids: Vec<DocumentAssistanceId> = db!(tx, load, open.order(documents::id).select(documents::id))?;
    let cards = entry::those::<DocumentAssistanceForm>(tx, ids).await?;
    let mut all: Vec<DocumentAssistance> = cards.into_iter().map(EntryCard::entered).collect();
    all.sort_unstable_by_key(|it| it.id);
    Ok(all)
}

/// Ends the help with documents in a case that another organization takes over. Where that one reads help, and health for papers of a
/// disability, it is entered anew there, unless the same kind is being obtained there already.
pub(crate) async fn pass_on(tx: &mut Tx<'_>, it: &HandedOver) -> Result<(), Failure> {
    let (today, has) = (tx.today(), |part: CasePart| it.parts.contains(&part));
    let there = open_of(tx, it.to).await?;
    for document in open_of(tx, it.from).await? {
        let kind = document.form.kind;
        let is_told = has(CasePart::Help) && (kind != PersonalDocument::Disability || has(CasePart::Health));
        let is_there = kind != PersonalDocument::Other && there.iter().any(|other| other.form.kind == kind);
        if is_told && !is_there {
            let anew = Entered::add(tx.mint(), Some(it.to.into()), document.form.passed_on(today))?;
            entry::save_added(tx, anew).await?;
        }
        entry::save_changed(tx, hand_over(document)?).await?;
    }
    Ok(())
}
