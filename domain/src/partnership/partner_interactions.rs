//! Interactions with partners: the everyday work of an organization with another one (003 L51–53).
//!
//! Invariant: a client of a partner has no name here. Somebody who is referred has a referral.
use crate::base::id::{AgreementId, EventId, OrganizationId, PartnerInteractionId};
use crate::base::refusal::Reason;
use crate::base::text::{BOTH, Note};
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
#[entry(PartnerInteraction: PartnerInteractionId, at "partner-interactions", named "partner interaction" "partner interactions", tag "partnership", read ReadPartnershipInside, edit EditPartnershipInside, called held_on, by held_on, annul, judged, past)]
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

impl PartnerInteractionForm {
    fn judge(&self, _: PartnerInteractionId, before: Option<&Self>) -> Vec<Reason> {
        let sides = |it: &Self| (it.organization_id, it.partner_id);
        let is_new = before.is_none_or(|it| sides(it) != sides(self));
        let with_itself = is_new && self.organization_id == self.partner_id;
        let reason = with_itself.then(|| BOTH.reason().at("/partner_id").with("with", "/organization_id"));
        reason.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;

    #[test]
    fn an_organization_is_no_partner_of_its_own() {
        let form: PartnerInteractionForm = crate::examples::of();
        let own = PartnerInteractionForm { partner_id: form.organization_id, ..form.clone() };
        let told = |it: &PartnerInteractionForm, before| it.against(uuid::Uuid::nil().into(), before).len();
        // One that was entered before stays as it is.
        assert_eq!((told(&form, None), told(&own, None), told(&own, Some(&own))), (0, 1, 0));
    }
}
