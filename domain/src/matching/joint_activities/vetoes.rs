//! Vetoes: lasting objections to a pair, in all programs (002 §3.4). Neither the mentor nor the beneficiary sees them.
use crate::base::access::{OWN, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, MentorId, MentorshipId, VetoId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Demand, Word, only_sent, sent, words};
use crate::mentorships::{Acceptance, AnsweringParty};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    STANDS = "veto.stands", State, "002 §3.4", "Такой отвод этой стороны уже действует.", "A veto of this side against the pair is in effect already.";
    LIFTED = "veto.lifted", State, ours, "Отвод уже снят.", "The veto has been lifted already.";
}

words! {
    /// The side that objects to a pair.
    VetoSide in "veto-sides" {
        Beneficiary = "beneficiary", "получатель", "the beneficiary";
        Representative = "representative", "представитель получателя", "the beneficiary's representative";
        Mentor = "mentor", "наставник", "the mentor";
        Specialist = "specialist", "специалист", "a specialist";
    }

    /// The reason for an objection to a pair.
    VetoReason in "veto-reasons" {
        Personal = "personal", "личные причины", "personal reasons";
        Conflict = "conflict", "конфликт", "a conflict";
        Safety = "safety", "безопасность", "safety";
        Acquainted = "acquainted", "знакомы или состоят в родстве", "acquainted or related";
        FamilyObjection = "family_objection", "возражение семьи", "an objection of the family";
        ProfessionalOpinion = "professional_opinion", "профессиональное мнение", "a professional opinion";
        Declined = "declined", "отказ от предложенного наставничества", "a proposed mentorship was declined", by system;
        Other = "other", "иное", "another reason", demands [Text];
    }
}

sent! { SentVetoReason of VetoReason; }

/// A veto as its caller sees it.
#[derive(Debug)]
pub struct VetoOffers {
    /// Whether the veto is lifted.
    pub is_lifted: bool,
}

impl Offers for VetoOffers {
    const AT: &'static str = "vetoes";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Lift, "lifting", Right::MakeVeto)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        (action == Action::Lift && !self.is_lifted).then(Verdict::default)
    }
}

impl VetoSide {
    /// The side of the objection that follows from declining by this answer.
    pub fn of(answer: &Acceptance) -> Self {
        match answer.party {
            AnsweringParty::Mentor => Self::Mentor,
            AnsweringParty::Specialist => Self::Specialist,
            AnsweringParty::Recipient if answer.representative_id.is_some() => Self::Representative,
            AnsweringParty::Recipient => Self::Beneficiary,
        }
    }
}

/// An order to add a veto.
#[form]
#[schema(example = json!({"mentor_id": "01980000-0000-7000-8000-000000000010", "made_by": "representative", "reason": "acquainted", "note": "Соседи по подъезду, в ссоре."}))]
pub struct VetoForm {
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The side that objects.
    pub made_by: VetoSide,
    /// The reason.
    #[schema(value_type = SentVetoReason)]
    #[serde(deserialize_with = "only_sent")]
    pub reason: VetoReason,
    /// A description of the reason. Required when the reason is `other`.
    pub note: Option<Note>,
}

/// An order to lift a veto.
#[form]
#[schema(example = json!({"reason": "Помирились, мать не возражает."}))]
pub struct VetoLifting {
    /// The reason for lifting the veto.
    pub reason: Note,
}

facts! {
    /// A veto was added.
    VetoMade = "veto.made",
        "Заявлен отвод[: {reason}]",
        "A veto was made[: {reason}]"
        about Veto (VetoId) {
        /// The side that objects.
        made_by: VetoSide,
        /// The reason for the objection.
        reason: VetoReason,
    }
    /// A veto was lifted.
    VetoWasLifted = "veto.lifted",
        "Отвод снят",
        "The veto was lifted"
        about Veto (VetoId) {}
}

/// A veto in effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Veto {
    /// The id of the veto.
    pub id: VetoId,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair, the side that objects, and the reason.
    pub form: VetoForm,
    /// The declined mentorship that created the veto.
    pub mentorship_id: Option<MentorshipId>,
    /// The day of the veto.
    pub made_on: NaiveDate,
}

/// A veto in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyVeto {
    /// In effect.
    Standing(Veto),
    /// Lifted.
    Lifted,
}

/// A lifted veto.
#[derive(Debug, Clone, PartialEq)]
pub struct LiftedVeto {
    /// The id of the veto.
    pub id: VetoId,
    /// The reason for lifting it.
    pub reason: Note,
    /// The day of the lifting.
    pub lifted_on: NaiveDate,
}

/// The stored data for adding a veto.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VetoFacts {
    /// Whether the caller is the mentor or the beneficiary of the pair.
    pub is_own: bool,
    /// Whether a veto of the same side against the pair is in effect already.
    pub stands: bool,
}

impl AnyVeto {
    /// The veto, if it is in effect. All rules refuse a lifted veto through this function.
    pub fn standing(self) -> Result<Veto, Refused> {
        match self {
            Self::Standing(it) => Ok(it),
            Self::Lifted => Err(LIFTED.refuse()),
        }
    }
}

impl Veto {
    /// Adds a veto.
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
        if form.reason.demands().contains(&Demand::Text) && form.note.is_none() {
            reasons.push(MISSING.reason().at("/note"));
        }
        Refused::unless_empty(reasons)?;
        let made = Self { id, beneficiary_id, form: form.clone(), mentorship_id: None, made_on: today };
        Ok(made.made())
    }
    /// The veto of a side that declines a proposed mentorship.
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
