//! Documents of a case that are due by age and not on record.
//!
//! The documents that are due are computed from the help with documents, the birth date and the category.
use crate::accompaniment::cases::seen;
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, document_assistance as documents, people};
use crate::people::{lives_of, passports_of};
use crate::scope::{Way, among, when, within};
use crate::sight::{reaches, under};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, DocumentAssistanceId, PersonId};
use domain::help::documents::due::{DueDocument, OnRecord, due};
use domain::help::documents::{DocumentState, PersonalDocument};
use domain::people::BeneficiaryCategory;
use shape::card;
use std::collections::HashMap;

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

type Whom = (BeneficiaryId, BeneficiaryCategory, Option<PersonId>, Option<NaiveDate>);
type Help = (CaseId, DocumentAssistanceId, PersonalDocument, DocumentState, NaiveDate, Option<NaiveDate>);

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
        ));
    let (of, category, person, born_on): Whom = db!(tx, first, whom)?;
    let lives = lives_of(tx, of).await?;
    let items = match person.zip(born_on) {
        Some((person, born_on)) if !lives.are_over() => {
            let known = on_record(tx, &[(of, person)]).await?.remove(&of).unwrap_or_default();
            due(born_on, category, &known, tx.today())
        }
        _ => Vec::new(),
    };
    Ok(DocumentsDueCard { case_id: id, items })
}

/// The documents of people that are on record: in the cases that the caller sees, and with the person as far as the caller sees that.
pub(super) async fn on_record(
    tx: &mut Tx<'_>,
    whose: &[(BeneficiaryId, PersonId)],
) -> Result<HashMap<BeneficiaryId, Vec<OnRecord>>, Failure> {
    let mut all: HashMap<BeneficiaryId, Vec<OnRecord>> = HashMap::new();
    if whose.is_empty() {
        return Ok(all);
    }
    let ids: Vec<BeneficiaryId> = whose.iter().map(|it| it.0).collect();
    let scope = tx.scope().clone();
    let lines: Vec<(CaseId, BeneficiaryId)> = db!(tx, load, {
        let theirs = seen!(cases::table, scope).filter(cases::beneficiary_id.eq_any(binds(&ids)));
        theirs.select((cases::id, cases::beneficiary_id))
    })?;
    let cases: HashMap<CaseId, BeneficiaryId> = lines.into_iter().collect();
    for (case, id, kind, state, noticed_on, issued_on) in helped(tx, cases.keys().copied().collect()).await? {
        let (day, assistance_id) = (issued_on.unwrap_or(noticed_on), Some(id));
        if let Some(of) = cases.get(&case) {
            all.entry(*of).or_default().push(OnRecord { kind, state, day, assistance_id });
        }
    }
    let people: Vec<PersonId> = whose.iter().map(|it| it.1).collect();
    let read = async |tx: &mut Tx<'_>| passports_of(tx, &people).await;
    let passports = under(tx, Right::ReadPeople, read).await?.unwrap_or_default();
    for (of, person) in whose {
        let days = passports.get(person).into_iter().flatten();
        all.entry(*of).or_default().extend(days.map(|day| OnRecord {
            kind: PersonalDocument::Passport,
            state: DocumentState::Received,
            day: *day,
            assistance_id: None,
        }));
    }
    Ok(all)
}

/// The help with documents in these cases, the latest first.
async fn helped(tx: &mut Tx<'_>, cases: Vec<CaseId>) -> Result<Vec<Help>, Failure> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let of_cases = documents::table
        .filter(documents::case_id.eq_any(binds(&cases)))
        .filter(documents::annulment_reason.is_null())
        .order((documents::noticed_on.desc(), documents::id.desc()));
    Ok(db!(
        tx,
        load,
        of_cases.select((
            documents::case_id,
            documents::id,
            documents::kind,
            documents::state,
            documents::noticed_on,
            documents::issued_on
        ))
    )?)
}
