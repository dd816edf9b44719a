//! Organizations that a task concerns besides its assignee: those that work on it too, and those of a class to which it is addressed.
//!
//! Each is an address in words. A task keeps its addresses, an organization knows its own, and a row of an index joins them. So an
//! organization that is entered later finds the task too.
use crate::base::clauses::{all_hold, clash};
use crate::base::id::OrganizationId;
use crate::base::text::{Oktmo, Title, repeats};
use crate::base::word::Word;
use crate::region::organizations::OrganizationKind;
use shape::form;
use validator::{Validate, ValidationError};

/// A class of organizations, such as the enterprises of a district.
#[form]
#[derive(Eq)]
#[validate(schema(function = "class_is_whole"))]
#[schema(example = json!({"text": "Предприятия и организации области", "organization_kinds": ["business"]}))]
pub struct Addressee {
    /// The class in the words of the paper.
    pub text: Title,
    /// The kinds of organizations, at most 10, each once. Empty: organizations of every kind.
    #[at_most(10)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organization_kinds: Vec<OrganizationKind>,
    /// The territory: a settlement, a municipality, a district or a region by its code. Absent: everywhere.
    pub territory: Option<Oktmo>,
}

fn class_is_whole(it: &Addressee) -> Result<(), ValidationError> {
    let codes: Vec<&str> = it.organization_kinds.iter().map(|it| it.code()).collect();
    all_hold([clash(repeats(&codes), &["organization_kinds"])])
}

/// An organization, as classes know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// Its id.
    pub id: OrganizationId,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Its territory.
    pub territory: Oktmo,
}

/// Every kind, in an address.
const ANY: &str = "any";

fn of_class(kind: &str, place: &str) -> String {
    format!("{kind}:{place}")
}

/// The address of an organization that works on a task too.
fn of_one(id: OrganizationId) -> String {
    id.to_string()
}

impl Addressee {
    fn addresses(&self) -> Vec<String> {
        let place = self.territory.as_ref().map_or("", Oktmo::area);
        match self.organization_kinds.is_empty() {
            true => vec![of_class(ANY, place)],
            false => self.organization_kinds.iter().map(|it| of_class(it.code(), place)).collect(),
        }
    }
    /// Whether the organization belongs to the class.
    pub fn has(&self, it: &Addressed) -> bool {
        let own = it.classes();
        self.addresses().iter().any(|address| own.contains(address))
    }
}

impl Addressed {
    /// The addresses of the classes to which it belongs.
    pub fn classes(&self) -> Vec<String> {
        let places = std::iter::once("").chain(self.territory.beginnings());
        let of_place = |place: &str| [of_class(ANY, place), of_class(self.kind.code(), place)];
        places.flat_map(of_place).collect()
    }
    /// The addresses under which tasks find it: its own, and those of its classes.
    pub fn addresses(&self) -> Vec<String> {
        self.classes().into_iter().chain([of_one(self.id)]).collect()
    }
}

/// The addresses of a task.
pub fn addresses(to: Option<&Addressee>, co_organization_ids: &[OrganizationId]) -> Vec<String> {
    let of_class = to.map(Addressee::addresses).unwrap_or_default();
    of_class.into_iter().chain(co_organization_ids.iter().map(|it| of_one(*it))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn organization(kind: OrganizationKind, territory: &str) -> Addressed {
        Addressed { id: uuid::Uuid::nil().into(), kind, territory: Oktmo::new(territory) }
    }
    fn class(kinds: &[OrganizationKind], territory: Option<&str>) -> Addressee {
        let text = Title::new("Предприятия");
        Addressee { text, organization_kinds: kinds.to_vec(), territory: territory.map(Oktmo::new) }
    }

    #[test]
    fn a_class_has_the_organizations_of_its_kinds_in_its_territory() {
        let (business, ngo) = (OrganizationKind::Business, OrganizationKind::Ngo);
        let enterprise = organization(business, "25655101001");
        for (kinds, territory, fits) in [
            (vec![], None, true),
            (vec![business, ngo], None, true),
            (vec![ngo], None, false),
            (vec![business], Some("25000000"), true),
            (vec![business], Some("25655000"), true),
            (vec![business], Some("25655101"), true),
            (vec![business], Some("25655101001"), true),
            (vec![business], Some("25655102"), false),
            (vec![], Some("33000000"), false),
        ] {
            assert_eq!(class(&kinds, territory).has(&enterprise), fits, "{kinds:?} {territory:?}");
        }
    }

    proptest! {
        /// The index of addresses finds what the class itself says.
        #[test]
        fn the_addresses_of_an_organization_meet_those_of_its_classes(own in "[0-9]{8}|[0-9]{11}", class_of in "[0-9]{2}000000|[0-9]{5}000|[0-9]{8}", takes in any::<bool>()) {
            let it = organization(OrganizationKind::University, &own);
            let kinds = if takes { vec![OrganizationKind::University] } else { vec![] };
            let class = class(&kinds, Some(&class_of));
            prop_assert_eq!(class.has(&it), Oktmo::new(&class_of).holds(&Oktmo::new(&own)));
        }
    }
}
