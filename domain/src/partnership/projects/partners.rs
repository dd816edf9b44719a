//! Partners of a project: an organization or a council, and its role (003 L33).
use crate::base::id::{CouncilId, OrganizationId, ProjectPartnerId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    TWICE = "project_partner.twice", State, ours, "Партнёр уже записан в этой роли в эти дни.", "The partner is on record already in this role on these days.";
    ENDS_EARLY = "project_partner.ends_early", Content, ours, "Последний день не раньше первого.", "The last day is not before the first one.";
}

words! {
    /// The role of a partner in a project.
    ProjectRole in "project-roles" {
        Lead = "lead", "исполнитель", "lead";
        Author = "author", "разработчик", "author";
        CoExecutor = "co_executor", "соисполнитель", "co-executor";
        SocialPartner = "social_partner", "социальный партнёр", "social partner";
        OrganisationalSupport = "organisational_support", "организационная поддержка", "organisational support";
        InformationSupport = "information_support", "информационная поддержка", "information support";
        Funder = "funder", "грантодатель, благотворитель", "funder";
        Scientific = "scientific", "научный партнёр", "scientific partner";
        Host = "host", "предоставляет площадку", "host";
    }
}

/// A partner of a project as it is entered and edited, whole.
#[entry(ProjectPartner: ProjectPartnerId, at "project-partners", named "project partner" "project partners", tag "partnership", read ReadPartnership, edit EditPartnership, under Project "projects", called starts_on, entering AddPartner, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "role": "organisational_support", "starts_on": "2015-12-01", "about": "Патрулирует площадки."}))]
pub struct ProjectPartnerForm {
    /// The organization. An organization or a council is told, or both.
    pub organization_id: Option<OrganizationId>,
    /// The council.
    pub council_id: Option<CouncilId>,
    /// The role.
    #[told]
    #[filter = "Only in these roles."]
    pub role: ProjectRole,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, if it is known.
    pub ends_on: Option<NaiveDate>,
    /// The part of the partner in words.
    pub about: Option<Note>,
}

impl ProjectPartnerForm {
    fn judge(&self, _: ProjectPartnerId, _: Option<&Self>) -> Vec<Reason> {
        let early = self.ends_on.is_some_and(|it| it < self.starts_on);
        let nobody = self.organization_id.is_none() && self.council_id.is_none();
        let early = early.then(|| ENDS_EARLY.reason().at("/ends_on"));
        early.into_iter().chain(nobody.then(|| MISSING.reason().at("/organization_id"))).collect()
    }
    /// Whether it is the same partner with the same part, on days of both. Two parts in one role differ by their words.
    fn repeats(&self, other: &Self) -> bool {
        let last = |it: &Self| it.ends_on.unwrap_or(NaiveDate::MAX);
        let is_same = (self.organization_id, self.council_id) == (other.organization_id, other.council_id)
            && (self.role, &self.about) == (other.role, &other.about);
        is_same && self.starts_on <= last(other) && other.starts_on <= last(self)
    }
    /// The reason against the partner beside the others of the project.
    pub fn against_others<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> Option<Reason> {
        others.into_iter().any(|it| self.repeats(it)).then(|| TWICE.reason().at("/role"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_is_on_record_once_in_a_role_on_the_same_days() {
        let one: ProjectPartnerForm = crate::examples::of();
        let after = |days| one.starts_on + chrono::Days::new(days);
        let (later, last) = (after(40), after(39));
        let ended = ProjectPartnerForm { ends_on: Some(last), ..one.clone() };
        let again = ProjectPartnerForm { starts_on: later, ..one.clone() };
        let other = ProjectPartnerForm { role: ProjectRole::Host, ..one.clone() };
        let more = ProjectPartnerForm { about: Some(Note::new("Даёт зал.")), ..one.clone() };
        let is_told =
            |it: &ProjectPartnerForm, beside: &ProjectPartnerForm| it.against_others([beside]).is_some();
        assert_eq!([&one, &again].map(|it| is_told(it, &one)), [true, true]);
        assert_eq!([&other, &more].map(|it| is_told(it, &one)), [false, false]);
        assert!(!is_told(&again, &ended));
    }
}
