//! Groups of volunteers (003 L60–66, 004 L35). A group may be made of people whose membership tells of an offence or an illness. Only its
//! owner reads that; all others read that it is made of minors.
use crate::base::id::{FileId, OrganizationId, VolunteerGroupId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::Title;
use crate::base::word::words;
use crate::partnership::words::Audience;
use crate::people::SIGNS_FROM_YEARS;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    ENDS_EARLY = "volunteer_group.ends_early", Content, ours, "Отряд не распускают раньше, чем он создан.", "A group does not end before it was formed.";
    OWNER_FIXED = "volunteer_group.owner_fixed", Content, ours, "Отряд не переходит другой организации.", "A group does not pass to another organization.";
}

words! {
    /// The place from which the volunteers of a group come.
    VolunteerSource in "volunteer-sources" {
        School = "school", "школа", "school";
        College = "college", "колледж", "college";
        University = "university", "вуз", "university";
        Enterprise = "enterprise", "предприятие", "enterprise";
        OwnSquad = "own_squad", "собственный отряд", "own squad";
        ResidentialCare = "residential_care", "отряд организации для детей-сирот", "squad of a residential organization";
        Ngo = "ngo", "НКО", "НКО";
    }
}

/// The age in full years from which somebody joins a group of volunteers (ours): that of the own signature.
pub const VOLUNTEER_FROM_YEARS: i32 = SIGNS_FROM_YEARS;

/// The stored data about the consent of somebody to volunteering.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VolunteerConsent {
    /// Whether a consent of the ledger holds on the days that are asked for.
    pub is_in_ledger: bool,
    /// Whether the person is a beneficiary under any record: then the ledger alone counts.
    pub has_records: bool,
}

impl VolunteerConsent {
    /// Whether the person has consented: in the ledger, or by a signed paper where the ledger can have no consent of theirs.
    pub fn is_given(self, paper: Option<FileId>) -> bool {
        self.is_in_ledger || (paper.is_some() && !self.has_records)
    }
}

/// A group of volunteers as it is entered and edited, whole.
#[entry(VolunteerGroup: VolunteerGroupId, at "volunteer-groups", named "volunteer group" "volunteer groups", tag "partnership", read ReadPartnership, edit EditPartnershipInside, by name, until disbanded_on, annul, judged, discreet)]
#[schema(example = json!({"name": "Отряд «Доброград»", "organization_id": "01980000-0000-7000-8000-000000000001", "source": "college", "source_organization_id": "01980000-0000-7000-8000-000000000001", "formed_on": "2014-09-01", "audiences": ["elderly", "veterans"], "made_of": "students"}))]
pub struct VolunteerGroupForm {
    /// Name.
    pub name: Title,
    /// The organization that keeps the group. It stays as it was entered.
    #[owner]
    #[filter = "Only of this organization."]
    #[fixed(OWNER_FIXED)]
    pub organization_id: OrganizationId,
    /// The place from which the volunteers come.
    #[told]
    #[filter = "Only from these places."]
    pub source: VolunteerSource,
    /// The organization from which they come.
    pub source_organization_id: Option<OrganizationId>,
    /// The first day.
    pub formed_on: NaiveDate,
    /// The last day, if the group is no more.
    pub disbanded_on: Option<NaiveDate>,
    /// The people whom the group helps.
    #[at_most(10)]
    #[serde(default)]
    pub audiences: Vec<Audience>,
    /// The people of whom the group is made. Where that is sensitive, all but the owner read `minors`.
    pub made_of: Option<Audience>,
}

impl VolunteerGroupForm {
    fn judge(&self, _: VolunteerGroupId, _: Option<&Self>) -> Vec<Reason> {
        let early = self.disbanded_on.is_some_and(|it| it < self.formed_on);
        early.then(|| ENDS_EARLY.reason().at("/disbanded_on")).into_iter().collect()
    }
    /// The group as all but its owner read it.
    fn discreet(&self) -> Self {
        let made_of = self.made_of.map(|it| if it.is_sensitive() { Audience::Minors } else { it });
        Self { made_of, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;

    #[test]
    fn a_paper_stands_for_a_consent_only_of_somebody_without_a_record() {
        let given = |is_in_ledger: bool, has_records: bool, paper: Option<FileId>| {
            VolunteerConsent { is_in_ledger, has_records }.is_given(paper)
        };
        let paper = Some(FileId::from(uuid::Uuid::nil()));
        assert!(given(false, false, paper));
        assert!(!given(false, true, paper), "a beneficiary consents in the ledger");
        assert!(!given(false, false, None));
        assert!(given(true, true, None) && given(true, true, paper));
    }

    #[test]
    fn what_a_group_is_made_of_is_hidden_where_it_tells_of_an_offence() {
        let it = VolunteerGroupForm {
            made_of: Some(Audience::MinorsInConflict),
            ..crate::examples::of::<VolunteerGroupForm>()
        };
        assert_eq!(it.discreetly().map(|it| it.made_of), Some(Some(Audience::Minors)));
        let open = VolunteerGroupForm { made_of: Some(Audience::Students), ..it };
        assert_eq!(open.discreetly().map(|it| it.made_of), Some(Some(Audience::Students)));
    }
}
