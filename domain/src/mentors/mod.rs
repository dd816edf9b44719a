//! Mentors: applications of candidates, training, eligibility on a day, and removal.
//!
//! - applications: from draft to decision, with statement, questionnaire and documents (annexes 1 and 2).
//! - assessment, checklist, screening: the five requirements, the documents, and all broken rules in one list.
//! - training: courses and their completion. removal: its grounds, the removal itself, and its lifting.
//!
//! Invariant: eligibility is computed for a day and never stored.
mod actions;
pub(crate) mod applications;
pub(crate) mod assessment;
mod checklist;
pub(crate) mod mentor;
mod orders;
pub(crate) mod removal;
mod screening;
#[cfg(test)]
mod tests;
pub(crate) mod training;

pub use actions::{ApplicationActionFacts, ApplicationOffers, MentorOffers, RemovalGroundOffers};
pub use applications::{
    Application, Approved, Dated, Decided, DecisionFacts, Draft, Rejected, Submitted, UnderReview, Withdrawn,
};
pub use assessment::{Assessed, Assessment, AssessmentForm, MentorRequirement, RequirementAssessment};
pub use checklist::{
    Checklist, ChecklistDocument, ChecklistState, ExpiringDocument, checklist, documents_expiring,
    documents_valid_until, notice_ends_on,
};
pub use mentor::{Mentor, MentorForm, Reckoned};
pub use orders::{
    ApplicationDocument, ApplicationForm, Decision, Questionnaire, Statement, Submission, Withdrawal,
    days_of_issue,
};
pub use removal::{
    ClosedGround, Dismissal, Lifted, Lifting, Removal, RemovalGround, RemovalGroundForm, RemovalGroundState,
    Removed,
};
pub use screening::{
    CandidateFacts, Eligibility, Finding, MentorFacts, Profile, ScreeningReport, TrainingFacts, eligibility,
    ineligibility, lives_within, screen, screening,
};
pub use training::{AnnulledTraining, Course, Training, TrainingCourseForm, TrainingForm};

use crate::base::refusal::rules;
use crate::base::word::words;

rules! {
    NOT_DRAFT = "application.not_draft", State, ours, "Заявление уже подано.", "The application has already been submitted.";
    NOT_SUBMITTED = "application.not_submitted", State, "002 §3.7", "Рассматривают только поданное заявление.", "Only a submitted application is considered.";
    CLOSED = "application.closed", State, ours, "Заявление уже закрыто.", "The application is closed already.";
    STATEMENT_MISSING = "application.statement_missing", State, "002 §3.6", "Нет письменного заявления на имя директора (приложение № 1).", "The written statement to the director (annex 1) is missing.";
    QUESTIONNAIRE_MISSING = "application.questionnaire_missing", State, "002 §3.6", "Нет анкеты (приложение № 2).", "The questionnaire (annex 2) is missing.";
    ALREADY_MENTOR = "application.already_mentor", State, ours, "Кандидат уже наставник в этом регионе.", "The candidate is a mentor in this region already.";
    OPEN_ELSEWHERE = "application.open_elsewhere", State, ours, "У кандидата есть другое открытое заявление.", "The candidate has another open application.";
    OWN_APPLICATION = "application.own", Forbidden, ours, "Решение о себе не принимают.", "A person cannot decide on their own application.";
    NOT_ASSESSED = "application.not_assessed", State, "002 §2.2.1", "Не оценено, отвечает ли кандидат требованиям к наставнику.", "The requirements for a mentor have not been assessed for this candidate.";
    REQUIREMENT_NOT_MET = "application.requirement_not_met", State, "002 §2.2.1", "Кандидат не отвечает требованию к наставнику.", "The candidate does not meet a requirement for a mentor.";
    DOCUMENT_MISSING = "mentor.document_missing", State, "002 §3.6", "Нет обязательного документа.", "A required document is missing.";
    DOCUMENT_EXPIRED = "mentor.document_expired", State, "002 §3.6", "Срок действия обязательного документа истёк.", "A required document has expired.";
    DOCUMENT_UNDATED = "mentor.document_undated", State, "002 §3.6", "У документа с ограниченным сроком нет даты выдачи.", "A document of limited validity has no date of issue.";
    UNDERAGE = "mentor.underage", State, "002 §3.5", "Не достигнут возраст, с которого можно быть наставником.", "The person is too young to be a mentor.";
    NOT_RESIDENT = "mentor.not_resident", State, "002 §3.5", "Наставник должен проживать на территории муниципального образования.", "A mentor must live in the municipality.";
    NO_NGO = "mentor.no_ngo", State, "002 §3.5", "Наставник должен представлять организацию, предусмотренную программой.", "A mentor must represent an organization of a kind that the program names.";
    NOT_APPROVED = "mentor.not_approved", State, "002 §3.7", "На эту дату наставник ещё не утверждён.", "On that day the mentor is not approved yet.";
    REMOVED = "mentor.removed", State, "002 §3.11.2", "Наставник отстранён.", "The mentor has been removed.";
    TRAINING_MISSING = "mentor.training_missing", State, "000 L59", "Не пройдено обязательное обучение.", "Required training has not been completed.";
    TRAINING_EXPIRED = "mentor.training_expired", State, "000 L59", "Срок действия обязательного обучения истёк.", "Required training has expired.";
    DATE_IN_FUTURE = "mentor.date_in_future", Content, ours, "Дата не может быть в будущем.", "The date must not lie in the future.";
    NOT_REMOVED = "mentor.not_removed", State, "002 §3.11.2", "Наставник не отстранён.", "The mentor is not removed.";
    REMOVED_BEFORE_APPROVED = "mentor.removed_before_approved", Content, ours, "Отстранить можно не раньше дня, когда наставник утверждён.", "A mentor cannot be removed before the day of the approval.";
    LIFTED_BEFORE_REMOVED = "mentor.lifted_before_removed", Content, ours, "Отстранение не снимают раньше, чем оно началось.", "A removal cannot be lifted before its first day.";
    GROUND_CLOSED = "removal_ground.not_open", State, ours, "По этому основанию уже принято решение.", "This ground has been decided already.";
    DIRECTOR_ONLY = "mentor.director_only", Forbidden, "002 §3.11.2", "Отстранить наставника может только директор учреждения.", "Only the director of the institution may remove a mentor.";
    COURSE_CODE_TAKEN = "course.code_taken", State, ours, "Учебный курс с таким кодом уже есть.", "There is a course with this code already.";
    COURSE_CODE_FIXED = "course.code_fixed", Content, ours, "Код курса не меняют: на него ссылаются программы.", "The code of a course is never changed: programs name it.";
}

words! {
    /// The professional or social background of a mentor.
    MentorBackground in "mentor-backgrounds" {
        ExecutiveAuthoritySpecialist = "executive_authority_specialist", "специалист органа исполнительной власти", "specialist of an executive authority";
        InstitutionSpecialist = "institution_specialist", "специалист учреждения", "specialist of an institution";
        NgoSpecialist = "ngo_specialist", "специалист СО НКО", "specialist of an НКО";
        PublicChamberMember = "public_chamber_member", "член Общественной палаты", "member of the Public Chamber";
        UniversityTeacher = "university_teacher", "преподаватель вуза", "university teacher";
        Student = "student", "студент", "student";
        BusinessLeader = "business_leader", "руководитель предприятия", "business leader";
        Culture = "culture", "деятель культуры", "worker of culture";
        Science = "science", "деятель науки", "worker of science";
        Education = "education", "деятель образования", "worker of education";
        Arts = "arts", "деятель искусства", "worker of the arts";
        Sport = "sport", "деятель спорта", "worker of sport";
    }

    /// The state of an application.
    ApplicationState in "mentor-application-states" {
        Draft = "draft", "черновик", "draft";
        Submitted = "submitted", "подано", "submitted";
        UnderReview = "under_review", "на рассмотрении", "under review";
        Approved = "approved", "одобрено", "approved";
        Rejected = "rejected", "отклонено", "rejected";
        Withdrawn = "withdrawn", "отозвано", "withdrawn";
    }

    /// The decision of a director on an application.
    DecisionKind in "mentor-decision-kinds" {
        Approve = "approve", "одобрить", "approve";
        Reject = "reject", "отклонить", "reject";
    }

    /// The reason for rejecting an application.
    RejectionReason in "mentor-rejection-reasons" {
        RequirementsNotMet = "requirements_not_met", "не соответствует требованиям к наставнику", "requirements for mentors are not met";
        DocumentsInvalid = "documents_invalid", "документы неполны или недостоверны", "documents are incomplete or not genuine";
        PersonalQualities = "personal_qualities", "недостаточно жизненного опыта или личностных качеств", "experience or personal qualities do not suffice";
        NoNeed = "no_need", "сейчас нет получателей, которым нужен наставник", "no recipient needs a mentor now";
        Other = "other", "иная причина", "another reason", demands [Text];
    }
}
