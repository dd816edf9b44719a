//! Mentorships: one mentor and one recipient in one program, from the proposal to the end.
//!
//! The files of this folder hold the states: proposed, accepted, consented, active, paused, and the ends. The modules beside
//! them are:
//! - [`meetings`] and [`group_meetings`]: planned, held, missed, cancelled; homework and ratings.
//! - [`requests`]: requests of a side of a mentorship to the institution.
//! - [`regularity`]: the last meeting of a pair and the deadline of the next one.
//! - [`corrections`]: extensions and ends recorded by mistake are annulled.
//! - [`surveys`] and [`mentor_reports`]: sealed records about the days of a mentorship ([`days`]).
//!
//! Invariant: each step consumes the state in which it starts, so a wrong order of steps does not compile.
mod actions;
mod consents;
pub(crate) mod corrections;
pub(crate) mod course;
pub mod days;
pub(crate) mod endings;
pub mod group_meetings;
mod life_plan;
pub mod meetings;
pub mod mentor_reports;
mod orders;
pub mod regularity;
pub mod requests;
pub(crate) mod sides;
mod situation;
mod states;
pub(crate) mod steps;
pub mod surveys;
#[cfg(test)]
pub(crate) mod tests;
mod words;

pub use actions::{ActionFacts, ExtensionOffers, MentorshipOffers};
pub use consents::{Consent, consents_missing, consents_missing_by, signatures_missing};
pub use corrections::{
    AnnulledEnd, AnnulledExtension, EndAnnulmentFacts, ExtensionAnnulmentFacts, Restored, is_end, was_paused,
};
pub use course::{
    Extended, ExtensionFacts, HandedOver, HandoverTutor, PauseBegun, Resumed, Touched, Tutored,
};
pub use endings::{ReplacementFacts, TerminationFacts, WithdrawalFacts, WithdrawnFrom};
pub use life_plan::{Awaited, LifePlan};
pub use orders::{
    Acceptance, Confirmation, ConsentForm, Extension, Pause, Proposal, Replacement, Resumption, Termination,
    TutorAssignment, Withdrawal,
};
pub use sides::{Eyes, side_in};
pub use situation::{MentorSide, RecipientFacts, ReplacedFacts, Situation};
pub use states::{
    Accepted, Active, Answer, Answers, Completed, Consented, Declined, Lapsed, Mentorship, Pairing, Paused,
    Proposed, Replaced, Running, Term, Terminated,
};
pub use steps::Signed;
pub use words::{
    AnswerKind, AnsweringParty, CompletionReason, DeclineReason, MentorshipPart, MentorshipState, Party,
    PauseReason, ReplacementGround, SentDeclineReason, SentReplacementGround, SentTerminationGround,
    TerminationGround, VetoScope,
};

use crate::base::refusal::rules;

rules! {
    NOT_OPEN = "mentorship.not_open", State, ours, "Наставничество уже началось или закрыто: отвечать на предложение поздно.", "The mentorship has begun or is closed: it is too late to answer the proposal.";
    ALREADY_ANSWERED = "mentorship.already_answered", State, "002 §3.4", "Эта сторона уже согласилась.", "This side has accepted already.";
    PAPER_NEEDED = "mentorship.paper_needed", Content, "002 §3.4", "Согласие стороны, записанное за неё, подтверждают бумагой.", "An acceptance recorded on behalf of a side needs the paper that it signed.";
    SPECIALIST_NOT_ASKED = "mentorship.specialist_not_asked", State, ours, "По правилам подбора ответ специалиста здесь не нужен.", "The rules of matching do not ask for the specialist's answer here.";
    NOT_ACCEPTED = "mentorship.not_accepted", State, "002 §3.4", "Согласие подписывают, когда обе стороны приняли предложение и наставничество ещё не началось.", "Consent is signed when both sides have accepted and the mentorship has not begun.";
    NOT_CONSENTED = "mentorship.not_consented", State, "002 §3.7", "Наставничество утверждают только с согласия получателя (приложение № 3).", "A mentorship is confirmed only with the recipient's consent (annex 3).";
    TOO_LATE = "mentorship.too_late", State, ours, "Срок, в который наставничество ещё могло начаться, прошёл.", "The time within which the mentorship could still begin has passed.";
    PAUSED = "mentorship.paused", State, ours, "Наставничество приостановлено: сначала возобновите его.", "The mentorship is paused: resume it first.";
    NOT_PAUSED = "mentorship.not_paused", State, ours, "Наставничество не приостановлено.", "The mentorship is not paused.";
    ENDED = "mentorship.ended", State, ours, "Наставничество уже закончилось.", "The mentorship has ended already.";
    SAME_TUTOR = "mentorship.same_tutor", State, ours, "Этот тьютор уже сопровождает пару, или у неё и так нет тьютора.", "This tutor follows the pair already, or the pair has no tutor anyway.";
    NOT_ACTIVE = "mentorship.not_active", State, ours, "Наставничество не действует.", "The mentorship is not active.";
    WRONG_RECIPIENT = "mentorship.wrong_recipient", State, "002 §1.2", "Программа рассчитана на получателей другого вида.", "The program serves recipients of another kind.";
    NO_MINOR_CHILDREN = "mentorship.no_minor_children", State, "002 §1.2", "В семье нет несовершеннолетних детей.", "The family has no minor children.";
    NO_OPEN_CASE = "mentorship.no_open_case", State, "002 §1.2, §3.1", "Получатель не состоит на сопровождении в этой организации.", "The recipient has no open case in this organization.";
    AGE = "mentorship.age", State, "001 L36", "На день начала возраст получателя вне границ программы.", "On the first day the recipient's age is outside the program's bounds.";
    CONFLICT_OF_INTEREST = "mentorship.conflict_of_interest", State, ours, "Нельзя быть наставником себе, родственнику или тому, чьим представителем являешься.", "A person cannot mentor themselves, a relative or a person whom they represent.";
    OBJECTION = "mentorship.objection", State, "002 §3.4", "Против этой пары есть возражение.", "There is an objection against this pair.";
    OVER_CAPACITY = "mentorship.over_capacity", State, ours, "У наставника уже столько наставничеств, сколько допустимо.", "The mentor has as many mentorships as allowed.";
    ALREADY_IN_PROGRAM = "mentorship.already_in_program", State, ours, "У получателя уже есть наставничество в этой программе.", "The recipient has a mentorship in this program already.";
    TERM_ORDER = "mentorship.term_order", Content, ours, "Окончание должно быть позже начала.", "The end must come after the beginning.";
    TERM_TOO_LONG = "mentorship.term_too_long", Content, "002 §3.8", "Срок длиннее допустимого программой.", "The term is longer than the program allows.";
    DATE = "mentorship.date", Content, ours, "Дата вне допустимого промежутка.", "The date is out of bounds.";
    CONSENT_MISSING = "mentorship.consent_missing", State, "002 §3.7", "Нет согласия, необходимого для начала.", "A consent needed to begin is missing.";
    CONSENT_VOID = "mentorship.consent_void", State, "002 §3.7", "Согласие больше ни на чём не основано: изменились полномочия или возраст подписавшего. Подпишите его заново.", "A consent has lost its basis: the authority or the age of its signatory changed. It must be signed again.";
    STARTS_BEFORE_CONSENT = "mentorship.starts_before_consent", Content, "002 §3.7", "Наставничество не может начаться раньше согласия.", "A mentorship cannot begin before the consent.";
    REFUSAL_NEEDS_DOCUMENT = "mentorship.refusal_needs_document", Content, "002 §3.11.1", "Нужен письменный отказ наставника.", "The mentor's written refusal is needed.";
    DIRECTOR_ONLY = "mentorship.director_only", Forbidden, "002 §3.11.2", "Отстраняет наставника только директор учреждения.", "Only the director of the institution removes a mentor.";
    REMOVAL_NEEDS_DECREE = "mentorship.removal_needs_decree", Content, "002 §3.11.2", "Нужен приказ об отстранении с номером и датой.", "The decree of removal is needed, with its number and date.";
    OTHER_NEEDS_TEXT = "mentorship.other_needs_text", Content, "002 §3.11.3", "Опишите объективную причину.", "Describe the objective cause.";
    NOT_EXTENDABLE = "mentorship.not_extendable", State, "002 §3.9", "Редакция программы не предусматривает продления.", "The edition of the program allows no extension.";
    REMOVAL_OPEN = "mentorship.removal_open", State, "002 §3.9", "Срок не продлевают, пока есть основание для отстранения наставника.", "The term is not extended while there is a ground for the mentor's removal.";
    TERM_OVER = "mentorship.term_over", State, "002 §3.8", "Срок наставничества уже истёк.", "The term of the mentorship is over already.";
    EXTENDED_ENOUGH = "mentorship.extended_enough", State, "002 §3.9", "Наставничество уже продлевали столько раз, сколько допускает программа.", "The mentorship has been extended as often as the program allows.";
    EXTENSION_NOT_LATER = "mentorship.extension_not_later", Content, "002 §3.9", "Новый последний день должен быть позже нынешнего.", "The new last day must come after the current one.";
    EXTENSION_TOO_LONG = "mentorship.extension_too_long", Content, "002 §3.9", "Продление дольше допустимого программой.", "The extension is longer than the program allows.";
    EXTENSION_NEEDS_DOCUMENT = "mentorship.extension_needs_document", Content, "002 §3.9", "Редакция программы требует к продлению документ.", "The edition of the program asks for a document with an extension.";
    REPLACEMENT_NEEDS_EVIDENCE = "mentorship.replacement_needs_evidence", Content, "002 §3.10.1–2", "Нужен документ о прекращении или смене работы наставника или описание.", "A document on the end or change of the mentor's work is needed, or a description.";
    ABSENCE_TOO_SHORT = "mentorship.absence_too_short", State, "002 §3.10.3", "По данным о контактах отсутствие ещё не продолжительное; его может подтвердить директор или заведующий отделением.", "The recorded contacts show no long absence; the director or the head of the unit may confirm it.";
    ABSENCE_BY_HEAD = "mentorship.absence_by_head", Forbidden, "002 §3.10.3", "Продолжительное отсутствие подтверждает директор или заведующий отделением.", "A long absence is confirmed by the director or the head of the unit.";
    ABSENCE_NEEDS_TEXT = "mentorship.absence_needs_text", Content, "002 §3.10.3", "Опишите, чем подтверждено отсутствие.", "Describe what confirms the absence.";
    REQUEST_MISSING = "mentorship.request_missing", Content, "002 §3.10.4", "Нет просьбы этой стороны о замене: ни поданной здесь, ни на бумаге.", "A request of this side for a replacement is missing, both in the system and on paper.";
    OBSTACLE_NEEDS_TEXT = "mentorship.obstacle_needs_text", Content, "002 §3.10.5", "Опишите препятствие.", "Describe the obstacle.";
    GROUND_OPEN = "mentorship.ground_open", State, "002 §3.9", "По наставнику рассматривается основание для отстранения.", "A ground for the mentor's removal is being considered.";
    SUCCESSION_MISSING = "mentorship.succession_missing", Content, "002 §3.10", "Наставника этого получателя заменяют: укажите, вместо какого наставничества предложено новое.", "The mentor of this recipient is being replaced: name the mentorship that the new one follows.";
    OTHER_EDITION = "mentorship.other_edition", Content, ours, "На этот первый день действует другая редакция программы: предложите наставничество заново.", "Another edition of the program is in force on this first day: propose the mentorship again.";
    NOT_REPLACED = "mentorship.not_replaced", Content, "002 §3.10", "Это не заменённое наставничество того же получателя в той же программе.", "This is not a replaced mentorship of the same recipient in the same program.";
    ALREADY_SUCCEEDED = "mentorship.already_succeeded", State, "002 §3.10", "Вместо этого наставничества уже началось другое.", "Another mentorship has begun in place of this one.";
    SAME_MENTOR = "mentorship.same_mentor", State, "002 §3.10", "Наставника заменяют другим наставником.", "The new mentorship must have another mentor.";
    WITHDRAWAL_ON_PAPER = "mentorship.withdrawal_on_paper", Content, "002 §3.4", "К отзыву, внесённому за сторону, прилагают её письменный отказ.", "A withdrawal recorded on behalf of a side needs the paper that it signed.";
    WITHDRAWN_BY_WHOM = "mentorship.withdrawn_by_whom", Content, "002 §3.4", "Укажите того, кто подписал согласие получателя или вправе его подписать.", "Name somebody who signed the recipient's consent or may sign it.";
    COVERED_NOT_MEMBER = "consent.covered_not_member", Content, "002 §3.7", "Этот человек не входит в семью.", "This person is not a member of the family.";
    ONLY_FOR_FAMILY = "consent.only_for_family", Content, "002 §3.7", "Членов семьи и контактное лицо указывают только в согласии семьи.", "Members and a contact are named only in the consent of a family.";
    NO_PRIMARY_CONTACT = "consent.no_primary_contact", Content, "002 §3.7", "Семья должна назвать контактное лицо.", "The family must name a primary contact.";
    MEETINGS_DONE = "mentorship.meetings_done", State, "001 L40", "Все встречи программы уже состоялись.", "All meetings of the program have been held.";
}
