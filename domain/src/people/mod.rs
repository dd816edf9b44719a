//! People: persons in the register, families, and the beneficiaries of social services.
//!
//! - persons: name, birth date, СНИЛС, contacts, documents of identity.
//! - families: members with their roles, causes of hardship, risks.
//! - life, death: the days on which something can be told of a person.
//! - likeness: how probable it is that two records are of one person.
//! - kinship: the people whom the records tell to be close to somebody.
//! - consents: the ledger of consents, and who may sign them.
//! - access_requests: the way to somebody whom another institution has on record.
//! - beneficiaries: a person or a family in the care of an institution, with representatives.
//! - register: one person, one entry in the region; pairs that may be one person, and their merges.
//!
//! Invariant: a person has one record in the region; СНИЛС finds it.
pub mod access_requests;
mod actions;
pub(crate) mod beneficiaries;
pub mod consents;
pub(crate) mod death;
pub(crate) mod families;
mod identity;
mod kinship;
mod life;
pub mod likeness;
pub(crate) mod persons;
pub mod register;

pub use actions::{AccessRequestOffers, BeneficiaryOffers, FamilyOffers, PersonOffers, RepresentativeOffers};
pub use beneficiaries::{
    Beneficiary, BeneficiaryAdded, BeneficiaryCategory, BeneficiaryEdited, BeneficiaryForm, BeneficiaryKind,
    Engagement, Origin, Representative, RepresentativeAdded, RepresentativeBasis, RepresentativeEdited,
    RepresentativeForm,
};
pub use death::{Death, DeathAnnulled, DeathAnnulment, PersonDied};
pub use families::{
    Family, FamilyAdded, FamilyEdited, FamilyForm, FamilyMember, FamilyRole, HardshipCause, RiskFlag,
    has_minor_children,
};
pub use identity::{IdentityDocument, IdentityDocumentKind};
pub use kinship::Kinship;
pub use life::{
    CLOSING_YEARS, COMING_OF_AGE_YEARS, HEARD_FROM_YEARS, Life, Lives, SIGNS_FROM_YEARS, is_minor,
};
pub use persons::{PeopleSearch, Person, PersonAdded, PersonEdited, PersonForm, Sex};

use crate::base::refusal::rules;

rules! {
    SNILS_TAKEN = "person.snils_taken", State, ours, "Человек с таким СНИЛС уже есть. Если вам его не видно, запросите доступ.", "There is a person with this СНИЛС already. If you do not see them, request access.";
    BORN_IN_FUTURE = "person.born_in_future", Content, ours, "Дата рождения не может быть в будущем.", "The birth date must not lie in the future.";
    BORN_TOO_LONG_AGO = "person.born_too_long_ago", Content, ours, "Дата рождения слишком давняя.", "The birth date lies too long ago.";
    DOCUMENT_DATES = "person.document_dates", Content, ours, "Документ не может быть выдан в будущем, раньше рождения или позже окончания его действия.", "A document cannot be issued in the future, before the birth, or after it expires.";
    BEFORE_BIRTH = "life.before_birth", Content, ours, "Дата раньше рождения того, о ком она.", "The day is before the birth of the person it is about.";
    IN_FUTURE = "life.in_future", Content, ours, "Дата не может быть в будущем.", "The day must not lie in the future.";
    AFTER_DEATH = "life.after_death", Content, ours, "Дата позже смерти того, о ком она.", "The day is after the death of the person it is about.";
    DEAD = "person.dead", State, ours, "Внесена запись о смерти этого человека.", "The death of this person is on record.";
    ALIVE = "person.alive", State, ours, "Записи о смерти этого человека нет.", "No death of this person is on record.";
    POSSIBLE_DUPLICATE = "person.possible_duplicate", Warning, ours, "Похоже, этот человек уже есть: данные очень похожи.", "This person seems to be on record already: the data are very much alike.";
    DEATH_DATE = "person.death_date", Content, ours, "Дата смерти не может быть раньше рождения или в будущем.", "The day of death cannot be before the birth or in the future.";
    MEMBER_TWICE = "family.member_twice", Content, ours, "Этот человек уже указан в семье.", "This person is a member of the family already.";
    CONTACT_NOT_MEMBER = "family.contact_not_member", Content, ours, "Контактное лицо должно быть членом семьи.", "The primary contact must be a member of the family.";
    BENEFICIARY_TAKEN = "beneficiary.already_on_record", State, ours, "Этот получатель уже на учёте.", "This beneficiary is on record already.";
    BENEFICIARY_FIXED = "beneficiary.fixed", Content, ours, "Нельзя изменить, кто является получателем.", "The kind, the person or the family of a beneficiary cannot be changed.";
    BENEFICIARY_ENGAGED = "beneficiary.engaged", State, ours, "Сначала завершите то, что идёт в прежней организации: случаи, наставничества, проживание, заявки на место и планы.", "The cases, mentorships, stays, requests for a place and plans of the beneficiary at the present organization must end first.";
    MINOR_MEMBER = "family.minor_member", Content, ours, "Среди членов семьи есть несовершеннолетний.", "A member of the family is a minor.";
    NO_MINOR_MEMBER = "family.no_minor_member", Warning, ours, "Среди членов семьи нет несовершеннолетних: внесите ребёнка в её состав или снимите отметку.", "No member of the family is a minor: enter the child as a member, or take the mark off.";
    CHILD_OF_ANOTHER = "family.child_of_another", Warning, ours, "Этот ребёнок уже указан в другой семье.", "This child is a member of another family already.";
    CONSENT_LAPSED = "mentorship.consent_lapsed", Warning, ours, "Согласие на наставничество, которое идёт, больше не действует: до продления его подписывают заново.", "The consent to a mentorship that runs holds no more: it is signed anew before an extension.";
    RELATIVE = "person.relative", State, ours, "Этот человек — родственник получателя.", "This person is a relative of the beneficiary.";
    REPRESENTS_SELF = "representative.self", Content, "002 §3.7", "Человек не может быть представителем самого себя.", "A person cannot represent themselves.";
    REPRESENTATIVE_TERM = "representative.term", Content, ours, "Полномочия не могут закончиться раньше, чем начались.", "The authority cannot end before it begins.";
}
