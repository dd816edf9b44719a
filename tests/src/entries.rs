//! Entries as tests know them: forms made of the contract's examples, and the data of each entry.
use crate::client::Account;
use crate::realm::Realm;
use crate::world::World;
use domain::base::access::{Permission, Right, Role};
use domain::base::entry::{About, Entry};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// An entry.
pub struct Plain {
    pub about: &'static About,
    /// The right to enter and edit it.
    pub edit: Right,
    /// The right to annul it.
    pub annul: Right,
    /// The name of its form in the contract.
    pub form: String,
}

macro_rules! plain {
    ($($form:ty)+) => { vec![$(Plain::of::<$form>()),+] };
}

/// All entries.
pub fn all() -> Vec<Plain> {
    domain::every_entry!(plain!)
}

impl Plain {
    fn of<F: Entry>() -> Self {
        let (edit, annul) = (F::Edit::RIGHT, F::Annul::RIGHT);
        Self { about: F::ABOUT, edit, annul, form: <F as ToSchema>::name().into_owned() }
    }

    /// An account of a realm that may edit the entry: the director where that is enough.
    pub fn editor(&self, of: &Realm) -> Account {
        let letter = if self.edit.roles().contains(&Role::Director) { "D" } else { "A" };
        of.accounts[letter].clone()
    }

    /// The address of the collection, under the realm's own parent.
    pub fn list(&self, of: &Realm) -> String {
        match &self.about.parent {
            Some(under) => format!("/{}/{}/{}", under.at, of.objects[under.at], self.about.at),
            None => format!("/{}", self.about.at),
        }
    }

    /// The address of one.
    pub fn one(&self, id: &str) -> String {
        format!("/{}/{id}", self.about.at)
    }

    /// The schema of the form in the contract.
    pub fn schema(&self) -> &'static Value {
        &api::openapi::document()["components"]["schemas"][&self.form]
    }

    /// The form of the contract's example: references go to the realm's objects, and unique members end with this number. A correction of a
    /// version corrects the one in force.
    pub fn example(&self, world: &World, of: &Realm, number: u32) -> Value {
        let mut form = self.schema()["examples"][0].clone();
        for member in self.about.members {
            let Some(value) = form.get(member.name).cloned() else { continue };
            if let Some(kind) = member.refers {
                let own = of.objects.iter().find(|(at, _)| persistence::registry::kind_of(at) == Some(kind));
                let own = json!(own.unwrap_or_else(|| panic!("the realm has no {kind}")).1);
                form[member.name] = if value.is_array() { json!([own]) } else { own };
            }
            if OTHERS.contains(&(self.about.at, member.name)) {
                form[member.name] = json!(other_organization(world, of));
            }
            if member.unique.is_some() || APART.contains(&(self.about.at, member.name)) {
                form[member.name] = json!(unique(value.as_str().expect("a text"), member.name, number));
            }
        }
        if self.about.members.iter().any(|it| it.name == "corrects_id") {
            let versions = world.get(&self.editor(of), &self.list(of)).expect(200);
            form["corrects_id"] = versions.items().first().map_or(Value::Null, |it| it["id"].clone());
        }
        form
    }
}

/// Members by which the rules of an entry tell two of them apart, besides unique ones.
const APART: &[(&str, &str)] = &[("council-members", "name"), ("project-partners", "about")];

/// Members that name another organization than the owner.
const OTHERS: &[(&str, &str)] =
    &[("coordinator-appointments", "organization_id"), ("partner-interactions", "partner_id")];

/// An organization besides the realm's own: the same one each time it is asked, as long as none is added.
fn other_organization(world: &World, of: &Realm) -> String {
    let all = world.get(&world.admin(), "/organizations?limit=200").expect(200).ids();
    let other = all.into_iter().find(|it| *it != of.objects["organizations"]);
    other.unwrap_or_else(|| world.organization("ngo", "Партнёр", "25655000"))
}

/// Another value of the same shape. Numbers with control digits are left to sentences of their own.
fn unique(value: &str, name: &str, number: u32) -> String {
    match name {
        "inn" => inn(number),
        _ if value.chars().all(|it| it.is_ascii_digit()) => {
            let digits = value.len();
            format!("{:0digits$}", 33_700_000 + u64::from(number))
        }
        _ => format!("{value}-{number}"),
    }
}

/// An ИНН of ten digits with its control digit.
fn inn(number: u32) -> String {
    let nine = format!("77{number:07}");
    let weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    let sum: u32 =
        nine.chars().zip(weights).map(|(it, weight)| it.to_digit(10).expect("a digit") * weight).sum();
    format!("{nine}{}", sum % 11 % 10)
}
