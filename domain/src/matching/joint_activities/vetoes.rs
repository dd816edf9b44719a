//! Vetoes: standing objections against one pair, in whatever program (002 §3.4). Neither the mentor nor the beneficiary sees them.
use crate::base::access::OWN;
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, MentorId, MentorshipId, VetoId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::{MISSING, Note, contradiction};
use crate::base::word::words;
use crate::mentorships::{Acceptance, AnsweringParty};
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    STANDS = "veto.stands", State, "002 §3.4", "Такой отвод этой стороны уже действует.", "A veto of this side against the pair stands already.";
    LIFTED = "veto.lifted", State, ours, "Отвод уже снят.", "The veto has been lifted already.";
}

words! {
    /// Who objects to a pair.
    VetoSide in "veto-sides" {
        Beneficiary = "beneficiary", "получатель", "the beneficiary";
        Representative = "representative", "представитель получателя", "the beneficiary's representative";
        Mentor = "mentor", "наставник", "the mentor";
        Specialist = "specialist", "специалист", "a specialist";
    }

    /// Why somebody objects to a pair.
    VetoReason in "veto-reasons" {
        Personal = "personal", "личные причины", "personal reasons";
        Conflict = "conflict", "конфликт", "a conflict";
        Safety = "safety", "безопасность", "safety";
        Acquainted = "acquainted", "знакомы или состоят в родстве", "acquainted or related";
        FamilyObjection = "family_objection", "возражение семьи", "an objection of the family";
        ProfessionalOpinion = "professional_opinion", "профессиональное мнение", "a professional opinion";
        Declined = "declined", "отказ от предложенного наставничества", "a proposed mentorship was declined";
        Other = "other", "иное", "another reason";
    }
}

impl VetoSide {
    /// The side that objects to the pair when it declines by this answer.
    pub fn of(answer: &Acceptance) -> Self {
        match answer.party {
            AnsweringParty::Mentor => Self::Mentor,
            AnsweringParty::Specialist => Self::Specialist,
            AnsweringParty::Recipient if answer.representative_id.is_some() => Self::Representative,
            AnsweringParty::Recipient => Self::Beneficiary,
        }
    }
}

/// A veto as it is entered.
#[form]
#[validate(schema(function = "form_is_whole"))]
#[schema(example = json!({"mentor_id": "01980000-0000-7000-8000-000000000010", "made_by": "representative", "reason": "acquainted", "note": "Соседи по подъезду, в ссоре."}))]
pub struct VetoForm {
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// Who objects.
    pub made_by: VetoSide,
    /// Why. `declined` is told by a declined mentorship alone.
    pub reason: VetoReason,
    /// In words: needed when the reason is `other`.
    pub note: Option<Note>,
}

fn form_is_whole(it: &VetoForm) -> Result<(), ValidationError> {
    if it.reason == VetoReason::Declined { Err(contradiction()) } else { Ok(()) }
}

/// An order that lifts a veto.
#[form]
#[schema(example = json!({"reason": "Помирились, мать не возражает."}))]
pub struct VetoLifting {
    /// Why it no longer stands.
    pub reason: Note,
}

facts! {
    /// Somebody objected to a pair.
    VetoMade = "veto.made" about Veto (VetoId) {
        /// Who.
        made_by: VetoSide,
        /// Why.
        reason: VetoReason,
    }
    /// A veto was lifted.
    VetoWasLifted = "veto.lifted" about Veto (VetoId) {}
}

/// A veto that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Veto {
    /// Its id.
    pub id: VetoId,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair, who objects, and why.
    pub form: VetoForm,
    /// The declined mentorship that made it.
    pub mentorship_id: Option<MentorshipId>,
    /// The day.
    pub made_on: NaiveDate,
}

/// A veto in whatever state.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyVeto {
    /// Stands.
    Standing(Veto),
    /// Lifted.
    Lifted,
}

/// A veto that no longer stands.
#[derive(Debug, Clone, PartialEq)]
pub struct LiftedVeto {
    /// The veto.
    pub id: VetoId,
    /// Why.
    pub reason: Note,
    /// The day.
    pub lifted_on: NaiveDate,
}

/// What is known when a veto is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VetoFacts {
    /// Whether the caller is the mentor or the beneficiary of the pair.
    pub is_own: bool,
    /// Whether a veto of the same side against the pair stands.
    pub stands: bool,
}

impl AnyVeto {
    /// The standing veto: the one place that refuses what has been lifted.
    pub fn standing(self) -> Result<Veto, Refused> {
        match self {
            Self::Standing(it) => Ok(it),
            Self::Lifted => Err(LIFTED.refuse()),
        }
    }
}

impl Veto {
    /// Puts an objection on record.
    pub fn make(
        id: VetoId,
        beneficiary_id: BeneficiaryId,
        form: &VetoForm,
        facts: VetoFacts,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if facts.is_own {
            return Err(OWN.refuse());
        }
        let mut reasons = Vec::new();
        if facts.stands {
            reasons.push(STANDS.reason().at("/made_by"));
        }
        if form.reason == VetoReason::Other && form.note.is_none() {
            reasons.push(MISSING.reason().at("/note"));
        }
        Refused::unless_empty(reasons)?;
        let made = Self { id, beneficiary_id, form: form.clone(), mentorship_id: None, made_on: today };
        Ok(made.made())
    }
    /// The objection that a side makes by declining a proposed mentorship.
    pub fn after_decline(
        id: VetoId,
        beneficiary_id: BeneficiaryId,
        mentor_id: MentorId,
        side: VetoSide,
        mentorship_id: MentorshipId,
        today: NaiveDate,
    ) -> Changed<Self> {
        let form = VetoForm { mentor_id, made_by: side, reason: VetoReason::Declined, note: None };
        Self { id, beneficiary_id, form, mentorship_id: Some(mentorship_id), made_on: today }.made()
    }
    fn made(self) -> Changed<Self> {
        let fact = VetoMade { id: self.id, made_by: self.form.made_by, reason: self.form.reason };
        Changed::new(self, fact)
    }
    /// Lifts the veto.
    pub fn lift(self, order: &VetoLifting, today: NaiveDate) -> Changed<LiftedVeto> {
        let lifted = LiftedVeto { id: self.id, reason: order.reason.clone(), lifted_on: today };
        Changed::new(lifted, VetoWasLifted { id: self.id })
    }
}
