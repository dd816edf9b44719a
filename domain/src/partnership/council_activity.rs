//! The work of a council in a period: presence by organization (003 L48–50).
use crate::base::id::OrganizationId;
use crate::partnership::council_meetings::Presence;
use std::collections::BTreeMap;

/// The presence of the members of an organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PresenceShare {
    /// The times that a member of it was present.
    pub present: i64,
    /// The times that a member of it could have been.
    pub possible: i64,
}

/// The presence by organization. Members who come from none stand under `None`.
pub fn by_organization(
    attended: impl IntoIterator<Item = (Presence, Option<OrganizationId>)>,
) -> BTreeMap<Option<OrganizationId>, PresenceShare> {
    let mut all: BTreeMap<Option<OrganizationId>, PresenceShare> = BTreeMap::new();
    for (presence, of) in attended {
        let share = all.entry(of).or_default();
        share.possible = share.possible.saturating_add(1);
        share.present = share.present.saturating_add(i64::from(presence.is_there()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_is_counted_by_the_organization_of_the_member() {
        let of = Some(uuid::Uuid::nil().into());
        let told = [(Presence::Present, of), (Presence::Excused, of), (Presence::Online, None)];
        let counted = by_organization(told);
        assert_eq!(counted[&of], PresenceShare { present: 1, possible: 2 });
        assert_eq!(counted[&None], PresenceShare { present: 1, possible: 1 });
    }
}
