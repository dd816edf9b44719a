//! Help with personal documents: which are being obtained, and which are due by age (001 L24).
//!
//! - [`due`]: documents that people have from an age on.
//! - this page: one document, and its progress.
//!
//! A document is obtained by steps. Its number and its days come with the step by which it is received.
pub mod due;

use crate::base::access::may;
use crate::base::action::Action;
use crate::base::change::Changed;
use crate::base::clauses::{all_hold, clash};
use crate::base::entry::Step;
use crate::base::id::{DocumentAssistanceId, UserId};
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::telling::Told;
use crate::base::text::{MISSING, Note, OrderNumber, Title};
use crate::base::word::{Demand, Word, only_sent, sent, words};
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::{entry, form};
use validator::{Validate, ValidationError};

rules! {
    RECEIVED_WITHOUT_DATE = "document.received_without_date", Content, ours, "У полученного документа есть день выдачи.", "A document that was received has a day of issue.";
    ENDS_EARLY = "document.ends_early", Content, ours, "Документ действует не раньше дня выдачи.", "A document is valid from its issue on.";
    IN_FUTURE = "document.in_future", Content, ours, "Дата не может быть в будущем.", "The day must not lie in the future.";
    KIND_FIXED = "document.kind_fixed", Content, ours, "Вид документа не меняется: внесите другой документ.", "The kind of a document stays: enter another document instead.";
    SETTLED = "document.settled", State, ours, "Документ уже получен, в нём отказано или он не нужен: следующую попытку записывают отдельно.", "The document was received or refused, or is not needed: another attempt is entered anew.";
    NEEDED_AGAIN = "document.needed_again", Content, ours, "Начатое не становится снова ненужным начинать.", "What was begun is not as before its beginning again.";
}

words! {
    /// The kind of a personal document, or of a right that papers prove.
    PersonalDocument in "personal-documents" {
        BirthCertificate = "birth_certificate", "свидетельство о рождении", "birth certificate";
        Passport = "passport", "паспорт", "passport";
        Snils = "snils", "СНИЛС", "СНИЛС";
        Inn = "inn", "ИНН", "ИНН";
        HealthInsurance = "health_insurance", "полис ОМС", "health insurance";
        Registration = "registration", "регистрация по месту жительства", "registration";
        OrphanStatus = "orphan_status", "подтверждение статуса", "proof of status";
        HousingList = "housing_list", "включение в список на жильё", "housing list";
        HousingContract = "housing_contract", "договор найма", "tenancy";
        HousingCertificate = "housing_certificate", "жилищный сертификат", "housing certificate";
        SurvivorPension = "survivor_pension", "пенсия по потере кормильца", "survivor's pension";
        Disability = "disability", "справка МСЭ, ИПРА", "disability papers";
        Benefits = "benefits", "пособия и выплаты", "benefits";
        Alimony = "alimony", "алименты", "alimony";
        Inheritance = "inheritance", "наследство, имущество", "inheritance";
        BankAccount = "bank_account", "счёт", "bank account";
        Education = "education", "документ об образовании", "education";
        EmploymentRecord = "employment_record", "трудовая книжка", "employment record";
        MilitaryRecord = "military", "воинский учёт", "military record";
        ForeignPassport = "foreign_passport", "загранпаспорт", "foreign passport";
        Other = "other", "иное", "other", demands [Text];
    }

    /// The state of the help with a document.
    DocumentState in "document-states" {
        Needed = "needed", "нужен", "needed";
        Collecting = "collecting", "собираем", "collecting";
        Submitted = "submitted", "подано", "submitted";
        Received = "received", "получено", "received";
        Refused = "refused", "отказано", "refused";
        NotNeeded = "not_needed", "не нужен", "not needed";
        Transferred = "transferred", "передано вместе со случаем", "handed over with the case", by system;
    }
}

sent! { SentDocumentState of DocumentState; }

impl PersonalDocument {
    /// Whether somebody learns of the document to whom these parts of a case are granted, `help` among them. Papers of a disability need
    /// `health`, and another one may be of anything.
    pub fn is_told_to(self, parts: &[CasePart]) -> bool {
        let has = |part: CasePart| parts.contains(&part);
        match self {
            Self::Disability => has(CasePart::Health),
            Self::Other => has(CasePart::Health) && has(CasePart::Law),
            _ => true,
        }
    }
}

impl DocumentState {
    /// Whether nothing more is done about the document.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Received | Self::Refused | Self::NotNeeded | Self::Transferred)
    }
    /// Whether such a help takes the place of an earlier document of its kind: it has brought another one, or may do so, or none is needed.
    pub fn replaces(self) -> bool {
        !matches!(self, Self::Refused | Self::Transferred)
    }
    /// The states of a document that is still being obtained.
    pub fn open() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|it| !it.is_settled()).collect()
    }
}

/// Help with a document as it is entered and edited, whole.
#[entry(DocumentAssistance: DocumentAssistanceId, at "document-assistance", named "document assistance" "document assistance", tag "cases", read ReadServices, edit EditServices, under Case "cases", keeping organization_id, called noticed_on, by noticed_on, entering AddDocument, annul, judged)]
#[schema(example = json!({"kind": "passport", "noticed_on": "2026-02-20", "helper_user_id": "01980000-0000-7000-8000-000000000003", "due_on": "2026-05-01", "obstacle": "Нет свидетельства о рождении, запросили повторное."}))]
pub struct DocumentAssistanceForm {
    /// The kind of the document. It stays as it was entered.
    #[told]
    #[filter = "Only of these kinds."]
    #[fixed(KIND_FIXED)]
    pub kind: PersonalDocument,
    /// The document in words. Required of the kind `other`.
    #[sealed]
    pub name: Option<Title>,
    /// The day on which the help was found to be needed.
    #[told]
    pub noticed_on: NaiveDate,
    /// The account of the one who helps. A specialist names the own account.
    pub helper_user_id: Option<UserId>,
    /// The day until which the document is wanted.
    pub due_on: Option<NaiveDate>,
    /// The obstacle in words.
    #[sealed]
    pub obstacle: Option<Note>,
    /// The state, which progress changes.
    #[filter = "Only in these states."]
    #[state]
    pub state: DocumentState,
    /// The number of the document that was received.
    #[sealed]
    #[state]
    pub number: Option<OrderNumber>,
    /// The day of issue of the document that was received.
    #[state]
    pub issued_on: Option<NaiveDate>,
    /// The last day on which the document is valid.
    #[state]
    pub valid_until: Option<NaiveDate>,
    /// The day on which it was recorded as received.
    #[state]
    pub received_on: Option<NaiveDate>,
}

impl DocumentAssistanceForm {
    fn judge(&self, _: DocumentAssistanceId, _: Option<&Self>) -> Vec<Reason> {
        let needs_words = self.kind.demands().contains(&Demand::Text) && self.name.is_none();
        needs_words.then(|| MISSING.reason().at("/name").with("with", "/kind")).into_iter().collect()
    }
}

/// An order to record the progress of a document.
#[form]
#[validate(schema(function = "progress_is_whole"))]
#[schema(example = json!({"state": "received", "number": "25 21 123456", "issued_on": "2026-02-27"}))]
pub struct DocumentProgress {
    /// The state.
    #[serde(deserialize_with = "only_sent")]
    #[schema(value_type = SentDocumentState)]
    pub state: DocumentState,
    /// The number of the document that was received.
    pub number: Option<OrderNumber>,
    /// The day of its issue: today or earlier. Required when it was received.
    pub issued_on: Option<NaiveDate>,
    /// The last day on which it is valid.
    pub valid_until: Option<NaiveDate>,
    /// The obstacle in words. Without it the known one stays.
    pub obstacle: Option<Note>,
}

fn progress_is_whole(it: &DocumentProgress) -> Result<(), ValidationError> {
    let is_received = it.state == DocumentState::Received;
    all_hold([
        clash(!is_received && it.number.is_some(), &["number", "state"]),
        clash(!is_received && it.issued_on.is_some(), &["issued_on", "state"]),
        clash(!is_received && it.valid_until.is_some(), &["valid_until", "state"]),
    ])
}

impl Step<DocumentAssistanceForm> for DocumentProgress {
    type Right = may::EditServices;
    const AT: &'static str = "progress";
    const ACTION: Action = Action::Progress;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "document_assistance.progressed",
        ru: "Записан ход получения документа[; {fields}]",
        en: "The progress of a document was recorded[; {fields}]",
        details: FIELDS,
    });
    fn description() -> String {
        "Records the progress of a document: papers are collected, the application is submitted, the document is received or refused, or \
         it is not needed. A received document has its day of issue. After these three ends nothing more is recorded."
            .to_owned()
    }
    fn against(it: &DocumentAssistance, _: NaiveDate) -> Vec<Reason> {
        if it.form.state.is_settled() { vec![SETTLED.reason()] } else { Vec::new() }
    }
    fn against_order(&self, it: &DocumentAssistanceForm, today: NaiveDate) -> Vec<Reason> {
        let is_again = self.state == DocumentState::Needed && it.state != DocumentState::Needed;
        let again = is_again.then(|| NEEDED_AGAIN.reason().at("/state"));
        again.into_iter().chain(self.against_days(today)).collect()
    }
    fn changed(&self, before: DocumentAssistanceForm, today: NaiveDate) -> DocumentAssistanceForm {
        DocumentAssistanceForm {
            state: self.state,
            number: self.number.clone(),
            issued_on: self.issued_on,
            valid_until: self.valid_until,
            received_on: (self.state == DocumentState::Received).then_some(today),
            obstacle: self.obstacle.clone().or(before.obstacle),
            ..before
        }
    }
}

impl DocumentAssistanceForm {
    /// The document as it is entered anew in the case that continues another one. Obstacles stay with the former case, and so does the
    /// one who helped.
    pub fn passed_on(&self, today: NaiveDate) -> Self {
        Self { noticed_on: today, helper_user_id: None, obstacle: None, ..self.clone() }
    }
}

/// Ends the help with a document whose case goes on in another organization.
pub fn hand_over(it: DocumentAssistance) -> Result<Changed<DocumentAssistance>, Refused> {
    let state = DocumentState::Transferred;
    it.step(DocumentProgress::TOLD, |before| DocumentAssistanceForm { state, ..before })
}

impl DocumentProgress {
    fn against_days(&self, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        match self.issued_on {
            None if self.state == DocumentState::Received => {
                reasons.push(RECEIVED_WITHOUT_DATE.reason().at("/issued_on"));
            }
            Some(it) if it > today => reasons.push(IN_FUTURE.reason().at("/issued_on").with("today", today)),
            _ => {}
        }
        if self.issued_on.zip(self.valid_until).is_some_and(|(from, until)| until < from) {
            reasons.push(ENDS_EARLY.reason().at("/valid_until"));
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entered;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn needed() -> DocumentAssistance {
        let form: DocumentAssistanceForm = crate::examples::of();
        Entered::add(uuid::Uuid::nil().into(), None, form).unwrap().into_parts().0
    }
    fn to(state: DocumentState) -> DocumentProgress {
        DocumentProgress { state, number: None, issued_on: None, valid_until: None, obstacle: None }
    }
    fn codes<T>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }

    #[test]
    fn a_document_is_collected_submitted_and_received_with_its_day() {
        let today = day("2026-03-02");
        let it = to(DocumentState::Collecting).take(needed(), today).unwrap().into_parts().0;
        let it = to(DocumentState::Submitted).take(it, today).unwrap().into_parts().0;
        assert_eq!(codes(to(DocumentState::Received).take(it.clone(), today)), [RECEIVED_WITHOUT_DATE.code]);
        let late = DocumentProgress { issued_on: Some(day("2026-03-03")), ..to(DocumentState::Received) };
        let late = DocumentProgress { valid_until: Some(day("2026-03-01")), ..late };
        assert_eq!(codes(late.take(it.clone(), today)), [IN_FUTURE.code, ENDS_EARLY.code]);
        let order: DocumentProgress = crate::examples::of();
        let (received, records) = order.take(it, today).unwrap().into_parts();
        assert_eq!((received.form.number.clone(), received.form.issued_on), (order.number, order.issued_on));
        assert_eq!(records[0].kind, "document_assistance.progressed");
        assert!(!records[0].body.to_string().contains("123456"), "the number stays out of the journal");
        assert_eq!(codes(to(DocumentState::Collecting).take(received, today)), [SETTLED.code,]);
    }

    #[test]
    fn the_number_and_the_days_come_with_the_document_alone() {
        use crate::base::clauses::reasons;
        let told = |order: &DocumentProgress| {
            let all = order.validate().err().map(|it| reasons(&it)).unwrap_or_default();
            all.iter().map(|it| it.pointer.clone().unwrap_or_default()).collect::<Vec<_>>()
        };
        let order: DocumentProgress = crate::examples::of();
        assert!(told(&order).is_empty());
        assert_eq!(
            told(&DocumentProgress { state: DocumentState::Collecting, ..order }),
            ["/issued_on", "/number"]
        );
        let today = day("2026-03-02");
        let it = to(DocumentState::Collecting).take(needed(), today).unwrap().into_parts().0;
        assert_eq!(codes(to(DocumentState::Needed).take(it, today)), [NEEDED_AGAIN.code]);
    }

    #[test]
    fn a_document_goes_on_with_its_case_without_the_words_of_the_former_one() {
        let today = day("2026-03-02");
        let it = to(DocumentState::Submitted).take(needed(), today).unwrap().into_parts().0;
        let anew = it.form.passed_on(today);
        assert_eq!((anew.state, anew.noticed_on), (DocumentState::Submitted, today));
        assert_eq!((anew.obstacle, anew.helper_user_id), (None, None));
        let left = hand_over(it).unwrap().into_parts().0;
        assert!(left.form.state.is_settled() && left.form.obstacle.is_some());
        assert_eq!(DocumentState::open().len(), 3);
        assert!(DocumentState::open().iter().all(|it| it.replaces()) && !DocumentState::Refused.replaces());
    }

    #[test]
    fn another_document_is_told_in_words() {
        let it = needed();
        let other = DocumentAssistanceForm { kind: PersonalDocument::Other, ..it.form.clone() };
        assert_eq!(codes(it.clone().edit(other.clone())), ["document.kind_fixed", "field.missing"]);
        assert_eq!(codes(Entered::add(it.id, None, other.clone())), ["field.missing"]);
        let named =
            DocumentAssistanceForm { name: Some(Title::new("Справка об опеке")), ..other };
        assert!(Entered::add(it.id, None, named).is_ok());
    }
}
