//! Interactions with partners: the everyday work of an organization with another one (003 L51–53).
//!
//! Invariant: a client of a partner has no name here. Somebody who is referred has a referral.
use crate::base::id::{AgreementId, EventId, OrganizationId};
use crate::base::text::Note;
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

words! {
    /// The kind of an interaction with a partner.
    PartnerInteractionKind in "partner-interaction-kinds" {
        Meeting = "meeting", "встреча", "meeting";
        Letter = "letter", "письмо", "letter";
        Call = "call", "звонок", "call";
        JointAid = "joint_aid", "совместная помощь", "joint aid";
        Informing = "informing", "информирование граждан", "informing";
    }
}

/// An interaction with a partner as it is entered and edited, whole.
#[entry(PartnerInteraction: PartnerInteractionId, at "partner-interactions", named "partner interaction" "partner interactions", tag "partnership", read ReadPartnershipInside, edit EditPartnershipInside, called held_on, by held_on, annul)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "partner_id": "01980000-0000-7000-8000-000000000002", "held_on": "2026-02-20", "kind": "joint_aid", "about": "«Каритас» передал двадцать продуктовых наборов."}))]
pub struct PartnerInteractionForm {
    /// The organization whose record it is.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// The partner.
    #[filter = "Only with this partner."]
    pub partner_id: OrganizationId,
    /// The day.
    pub held_on: NaiveDate,
    /// The kind.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: PartnerInteractionKind,
    /// The interaction in words, without names of clients.
    pub about: Note,
    /// The agreement that it serves.
    #[filter = "Only under this agreement."]
    pub agreement_id: Option<AgreementId>,
    /// The event at which it happened.
    pub event_id: Option<EventId>,
}
