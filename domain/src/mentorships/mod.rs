//! Mentorships: one mentor and one recipient in one program, from the proposal to the end.
mod consents;
mod orders;
mod states;
mod steps;
#[cfg(test)]
pub(crate) mod tests;
mod words;
mod world;

pub use consents::{Consent, consents_missing, signatures_missing};
pub use orders::{Acceptance, Confirmation, ConsentForm, Proposal, Termination};
pub use states::{
    Accepted, Active, Answer, Answers, Completed, Consented, Declined, Lapsed, Mentorship, Pairing, Proposed,
    Standing, Term, Terminated, available_actions,
};
pub use words::{
    AnswerKind, CompletionReason, DeclineReason, MentorshipAction, MentorshipState, Party, Signatory,
    TerminationGround,
};
pub use world::{HumanFacts, MentorSide, RecipientFacts, RepresentativeFacts, World};

use crate::refusal::rules;

rules! {
    NOT_OPEN = "mentorship.not_open", State, ours, "Наставничество уже началось или закрыто: отвечать на предложение поздно.", "The mentorship has begun or is closed: it is too late to answer the proposal.";
    ALREADY_ANSWERED = "mentorship.already_answered", State, "002 §3.4", "Эта сторона уже согласилась.", "This side has accepted already.";
    PAPER_NEEDED = "mentorship.paper_needed", Content, "002 §3.4", "Согласие стороны, записанное за неё, подтверждают бумагой.", "An acceptance recorded on behalf of a side needs the paper that it signed.";
    NOT_ACCEPTED = "mentorship.not_accepted", State, "002 §3.4", "Согласие подписывают, когда обе стороны приняли предложение и наставничество ещё не началось.", "Consent is signed when both sides have accepted and the mentorship has not begun.";
    NOT_CONSENTED = "mentorship.not_consented", State, "002 §3.7", "Наставничество утверждают только с согласия получателя (приложение № 3).", "A mentorship is confirmed only with the recipient's consent (annex 3).";
    NOT_ACTIVE = "mentorship.not_active", State, ours, "Наставничество не действует.", "The mentorship is not active.";
    WRONG_RECIPIENT = "mentorship.wrong_recipient", State, "002 §1.2", "Программа рассчитана на получателей другого вида.", "The program serves recipients of another kind.";
    NO_MINOR_CHILDREN = "mentorship.no_minor_children", State, "002 §1.2", "В семье нет несовершеннолетних детей.", "The family has no minor children.";
    NO_OPEN_CASE = "mentorship.no_open_case", State, "002 §1.2, §3.1", "Получатель не состоит на сопровождении в этой организации.", "The recipient has no open case in this organization.";
    AGE = "mentorship.age", State, "001 L36", "На день начала возраст получателя вне границ программы.", "On the first day the recipient's age is outside the program's bounds.";
    CONFLICT_OF_INTEREST = "mentorship.conflict_of_interest", State, ours, "Нельзя быть наставником себе, своей семье или тому, чьим представителем являешься.", "Nobody mentors themselves, their family or somebody whom they represent.";
    OVER_CAPACITY = "mentorship.over_capacity", State, ours, "У наставника уже столько наставничеств, сколько допустимо.", "The mentor has as many mentorships as allowed.";
    ALREADY_IN_PROGRAM = "mentorship.already_in_program", State, ours, "У получателя уже есть наставничество в этой программе.", "The recipient has a mentorship in this program already.";
    TERM_ORDER = "mentorship.term_order", Content, ours, "Окончание должно быть позже начала.", "The end must come after the beginning.";
    TERM_TOO_LONG = "mentorship.term_too_long", Content, "002 §3.8", "Срок длиннее допустимого программой.", "The term is longer than the program allows.";
    DATE = "mentorship.date", Content, ours, "Дата вне допустимого промежутка.", "The date is out of bounds.";
    CONSENT_MISSING = "mentorship.consent_missing", State, "002 §3.7", "Нет согласия, необходимого для начала.", "A consent needed to begin is missing.";
    STARTS_BEFORE_CONSENT = "mentorship.starts_before_consent", Content, "002 §3.7", "Наставничество не может начаться раньше согласия.", "A mentorship cannot begin before the consent.";
    CONSENT_GIVEN = "consent.already_given", State, ours, "Эта сторона уже подписала согласие.", "This signatory has signed already.";
    WRONG_SIGNATORY = "consent.wrong_signatory", Content, "002 §3.7", "Этот человек не вправе подписать согласие в этом качестве.", "This person cannot sign the consent in this capacity.";
    TOO_YOUNG = "consent.too_young", Content, "002 §3.7", "В этом возрасте согласие ещё не подписывают.", "A person of this age does not sign the consent yet.";
    NO_AUTHORITY = "consent.no_authority", Content, "002 §3.7", "В день подписания у представителя нет действующих полномочий.", "On the day of signing the representative has no valid authority.";
    CONSENT_ON_PAPER = "consent.paper_needed", Content, "002 §3.7", "К согласию, внесённому за подписавшего, прилагают его копию.", "A consent recorded on behalf of its signatory needs a copy of the paper.";
    REFUSAL_NEEDS_DOCUMENT = "mentorship.refusal_needs_document", Content, "002 §3.11.1", "Нужен письменный отказ наставника.", "The mentor's written refusal is needed.";
    DIRECTOR_ONLY = "mentorship.director_only", Forbidden, "002 §3.11.2", "Отстраняет наставника только директор учреждения.", "Only the director of the institution removes a mentor.";
    REMOVAL_NEEDS_ORDER = "mentorship.removal_needs_order", Content, "002 §3.11.2", "Нужны номер и дата приказа об отстранении.", "The number and date of the order of removal are needed.";
    OTHER_NEEDS_TEXT = "mentorship.other_needs_text", Content, "002 §3.11.3", "Опишите объективную причину.", "Describe the objective cause.";
    MEETINGS_DONE = "mentorship.meetings_done", State, "001 L40", "Все встречи программы уже состоялись.", "All meetings of the program have been held.";
}
