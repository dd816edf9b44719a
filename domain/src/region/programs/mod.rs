//! Mentoring programs: the content of a regulation as data, with editions.
mod comparison;
pub(crate) mod editions;
mod forms;
mod shipped;

pub use comparison::EditionDifference;
pub(crate) use comparison::{Member, differences, members};
pub use editions::{Edition, EditionIssued, in_force};
pub use forms::{
    Completion, CompletionKind, ConsentRules, ContactKind, EditionForm, MentorRules, RequiredDocument,
    Serves, WorkKind,
};
pub(crate) use shipped::REGULATION;
pub use shipped::{ShippedCourse, shipped, shipped_courses};

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{OrganizationId, ProgramId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::{Code, Note, Title};
use shape::form;
use validator::Validate;

rules! {
    CODE_TAKEN = "program.code_taken", State, ours, "Программа с таким кодом уже есть.", "There is a program with this code already.";
    CODE_FIXED = "program.code_fixed", Content, ours, "Код программы не меняется.", "The code of a program never changes.";
    NOT_IN_FORCE = "program.not_in_force", State, ours, "На этот день у программы нет действующей редакции.", "The program has no edition in force on that day.";
    BEFORE_PREVIOUS = "edition.before_previous", Content, ours, "Редакция не может вступить в силу раньше предыдущей.", "An edition cannot take effect before the previous one.";
    OTHER_PROGRAM = "edition.other_program", Content, ours, "Сравнивают редакции одной программы.", "Only editions of one program are compared.";
    AGES = "edition.ages", Content, "001 L36", "Верхняя граница возраста должна быть больше нижней.", "The upper age must lie above the lower one.";
    COMPLETION = "edition.completion", Content, "002 §3.8", "Завершение по встречам требует их числа, завершение по сроку — наибольшего срока без числа встреч.", "Completion by meetings needs their number; completion by term needs the longest term and no number of meetings.";
    EXTENSION = "edition.extension", Content, "002 §3.9", "Условия продления указываются тогда и только тогда, когда продление возможно.", "An extendable term needs the months of extension; any other term allows no members about extensions.";
    CONSENT_AGES = "edition.consent_ages", Content, "002 §3.7", "Подопечный подписывает согласие не позже, чем отпадает подпись представителя.", "The age from which the recipient signs cannot be greater than the age from which the representative no longer signs.";
    MINOR_CHILDREN = "edition.minor_children", Content, "002 §1.2", "Несовершеннолетние дети требуются только от семьи.", "Minor children can be required only of a family.";
    LIFE_PLAN = "edition.life_plan", Content, "001 L40", "Жизненный план требуют от человека, в программе, которую завершают встречи.", "A life plan is asked of a person, in a program that meetings complete.";
    REPEATED = "edition.repeated", Content, ours, "Это требование уже указано.", "The list contains this requirement already.";
}

/// A program. An edit replaces all members. The demands of the program are in its editions.
#[form]
#[schema(example = json!({"code": "family-mentoring", "name": "Наставничество социально ориентированных НКО над семьями, находящимися в трудной жизненной ситуации", "name_en": "Mentoring of families in hardship by НКО"}))]
pub struct ProgramForm {
    /// The stable code, unique in the region. An edit cannot change it.
    pub code: Code,
    /// The name in Russian.
    pub name: Title,
    /// The name in English.
    pub name_en: Option<Title>,
    /// The purpose of the program.
    pub description: Option<Note>,
    /// The organization that runs the program. Absent: the region itself.
    pub organization_id: Option<OrganizationId>,
}

facts! {
    /// A program was added.
    ProgramAdded = "program.added",
        "Программа внесена[: {code}]",
        "The program was added[: {code}]"
        about Program (ProgramId) {
        /// The code of the program.
        code: Code,
    }
    /// A program was edited.
    ProgramEdited = "program.edited",
        "Программа изменена[: {fields}]",
        "The program was edited[: {fields}]"
        about Program (ProgramId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
}

/// A program, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Program {
    /// The id of the program.
    pub id: ProgramId,
    /// The data of the form.
    pub form: ProgramForm,
}

impl Program {
    /// Adds a program.
    pub fn add(id: ProgramId, form: &ProgramForm) -> Changed<Self> {
        let fact = ProgramAdded { id, code: form.code.clone() };
        Changed::new(Self { id, form: form.clone() }, fact)
    }
    /// Replaces the form. Refuses another code.
    pub fn edit(self, form: &ProgramForm) -> Result<Changed<Self>, Refused> {
        if form.code != self.form.code {
            return Err(CODE_FIXED.reason().at("/code").into());
        }
        let fact = ProgramEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}

/// A program as its caller sees it.
#[derive(Debug, Clone, Copy)]
pub struct ProgramOffers;

impl Offers for ProgramOffers {
    const AT: &'static str = "programs";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::ManagePrograms),
        Offer::step(Action::IssueEdition, "editions", Right::ManagePrograms),
        Offer::step(Action::IssueRules, "matching-rules", Right::ManagePrograms),
    ];
    fn judge(&self, _: Action) -> Option<Verdict> {
        Some(Verdict::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_program_outlives_every_edit() {
        let (form, _) = shipped().into_iter().next().unwrap();
        let (program, _) = Program::add(uuid::Uuid::nil().into(), &form).into_parts();
        let renamed = ProgramForm { name: Title::new("Иное имя"), ..form.clone() };
        let (program, records) = program.edit(&renamed).unwrap().into_parts();
        assert_eq!(records[0].body["fields"], serde_json::json!(["name"]));
        let refused = program.edit(&ProgramForm { code: Code::new("other"), ..form }).unwrap_err();
        assert_eq!(refused.reasons()[0].rule, &CODE_FIXED);
    }
}
