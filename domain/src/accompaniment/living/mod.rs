//! Independent living: programmes with modules, those who take part in them, and encounters with work (004-30, 004-11, 004-13).
//!
//! - this page: editions of programmes, the region's and those of organizations. [`enrolments`]: who takes part, and how far they are.
//! - [`activities`]: excursions, trials and practice.
//!
//! Invariant: a programme of an organization has all modules of the region's edition. There is no member by which one could be taken
//! away, and hours are added, not cut (004 L199).
pub mod activities;
pub mod enrolments;
mod orders;
mod shipped;

#[cfg(test)]
mod tests;

pub use shipped::shipped;

use crate::accompaniment::snapshots::LifeDomain;
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::decree::Decree;
use crate::base::entry::editions::Issue;
use crate::base::id::{LivingProgrammeId, OrganizationId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{Code, Note, Title};
use chrono::NaiveDate;
use shape::form;
use std::collections::BTreeSet;
use validator::{Validate, ValidationError};

rules! {
    BEFORE_PREVIOUS = "living_programme.before_previous", Content, ours, "Редакция не может вступить в силу раньше предыдущей.", "An edition cannot take effect before the previous one.";
    NO_TEMPLATE = "living_programme.no_regional", Content, "004 L199", "В этот день региональной программы ещё нет: адаптировать нечего.", "The region has no programme on that day that could be adapted.";
    MANDATORY_CODE = "living_programme.mandatory_code", Content, "004 L199", "Этот код занят модулем региональной программы: местный модуль не может его заменить.", "A module of the region has this code: a local module never takes its place.";
    LOCAL_MANDATORY = "living_programme.local_mandatory", Content, "004 L199", "Обязательные модули задаёт только региональная программа.", "Only the programme of the region makes modules mandatory.";
    HOURS_REDUCED = "living_programme.hours_reduced", Content, "004 L199", "Часы регионального модуля можно добавить, но не сократить.", "Hours of a module of the region are added, not cut.";
    UNKNOWN_MODULE = "living_programme.unknown_module", Content, ours, "Такого модуля в региональной программе нет.", "The programme of the region has no such module.";
    REPEATED = "living_programme.repeated", Content, ours, "Такой код в программе уже есть.", "The programme has this code already.";
}

/// A module of a programme as it is entered.
#[form]
#[derive(Eq)]
pub struct LivingModule {
    /// The code, unique in the programme. Results name it.
    pub code: Code,
    /// The name.
    pub name: Title,
    /// The domain of life.
    pub domain: LifeDomain,
    /// Whether everybody passes it. Only the programme of the region says so.
    #[serde(default)]
    #[schema(default = false)]
    pub mandatory: bool,
    /// The hours that it takes at least, 1 to 1000.
    #[within(1..=1000)]
    pub min_hours: i32,
    /// The age in full years from which it is taken, 0 to 23.
    #[within(0..=23)]
    pub min_age: i32,
    /// The outcome: what a person can do afterwards.
    pub outcome: Note,
}

/// The hours that an organization gives a module of the region.
#[form]
#[derive(Eq)]
pub struct ModuleHours {
    /// The code of the module.
    pub module_code: Code,
    /// The hours: not fewer than those of the region.
    #[within(1..=1000)]
    pub hours: i32,
}

/// An edition of a programme of independent living. It is never edited; a change is a new edition.
#[form]
#[validate(schema(function = "programme_is_whole"))]
#[schema(example = json!({"effective_from": "2026-03-01", "name": "Подготовка к самостоятельной жизни в Ангарске", "organization_id": "01980000-0000-7000-8000-000000000001", "modules": [{"code": "garden", "name": "Приусадебное хозяйство", "domain": "household", "min_hours": 12, "min_age": 14, "outcome": "Выращивает овощи для себя."}], "hours": [{"module_code": "money", "hours": 24}], "decree": {"number": "12-н", "date": "2026-02-20"}}))]
pub struct LivingProgrammeForm {
    /// The first day on which people are enrolled into this edition.
    pub effective_from: NaiveDate,
    /// The name of the programme.
    pub name: Title,
    /// The organization that adapts the programme of the region. Absent: the programme of the region itself.
    pub organization_id: Option<OrganizationId>,
    /// The modules; of an organization, the local ones that it adds. Required of the region.
    #[at_most(40)]
    #[serde(default)]
    pub modules: Vec<LivingModule>,
    /// Modules of the region to which the organization gives more hours.
    #[at_most(40)]
    #[serde(default)]
    pub hours: Vec<ModuleHours>,
    /// The decree by which the programme was approved.
    pub decree: Option<Decree>,
}

fn programme_is_whole(it: &LivingProgrammeForm) -> Result<(), ValidationError> {
    let is_regional = it.organization_id.is_none();
    all_hold([
        lack(is_regional && it.modules.is_empty(), &["modules"]),
        clash(is_regional && !it.hours.is_empty(), &["hours", "organization_id"]),
    ])
}

/// A module of an edition, as people take it.
#[form]
#[derive(Eq)]
pub struct ProgrammeModule {
    /// The code.
    pub code: Code,
    /// The name.
    pub name: Title,
    /// The domain of life.
    pub domain: LifeDomain,
    /// Whether everybody passes it.
    pub mandatory: bool,
    /// Whether the organization has added it.
    pub is_local: bool,
    /// The hours that it takes at least.
    #[within(1..=1000)]
    pub hours: i32,
    /// The age in full years from which it is taken.
    #[within(0..=23)]
    pub min_age: i32,
    /// The outcome: what a person can do afterwards.
    pub outcome: Note,
}

facts! {
    /// An edition of a programme was issued.
    LivingProgrammeIssued = "living_programme.issued",
        "Редакция программы самостоятельной жизни выпущена[, № {number}][, действует с {effective_from}]",
        "An edition of a programme of independent living was issued[, number {number}][, in force from {effective_from}]"
        about LivingProgramme (LivingProgrammeId) {
        /// The organization.
        organization_id: Option<OrganizationId>,
        /// The number among the editions of the region or of the organization, from 1.
        number: i32,
        /// The first day on which it is in force.
        effective_from: NaiveDate,
    }
}

/// An edition of a programme, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct LivingProgramme {
    /// The id of the edition.
    pub id: LivingProgrammeId,
    /// The number among the editions of the region or of the organization, from 1.
    pub number: i32,
    /// The edition of the region that it adapts.
    pub regional_id: Option<LivingProgrammeId>,
    /// The edition as it was entered.
    pub form: LivingProgrammeForm,
    /// All its modules: those of the region, then the local ones.
    pub modules: Vec<ProgrammeModule>,
}

impl LivingProgramme {
    /// Issues the next edition. `previous` is the latest one of the same owner. `regional` is the edition of the region in force on its
    /// first day, where an organization adapts it.
    pub fn issue(
        id: LivingProgrammeId,
        form: &LivingProgrammeForm,
        previous: Option<&Self>,
        regional: Option<&Self>,
    ) -> Result<Changed<Self>, Refused> {
        let place = previous.map(|it| Issue { number: it.number, effective_from: it.form.effective_from });
        let (Issue { number, effective_from }, early) =
            Issue::after(place, form.effective_from, &BEFORE_PREVIOUS);
        let mut reasons: Vec<Reason> = early.into_iter().collect();
        let organization_id = form.organization_id;
        let above = match (organization_id, regional) {
            (Some(_), None) => {
                reasons.push(NO_TEMPLATE.reason().at("/effective_from"));
                &[][..]
            }
            (Some(_), Some(it)) => &it.modules,
            (None, _) => &[],
        };
        reasons.extend(form.against_modules(above));
        reasons.extend(form.against_hours(above, regional.is_some() && organization_id.is_some()));
        Refused::unless_empty(reasons)?;
        let regional_id = regional.filter(|_| organization_id.is_some()).map(|it| it.id);
        let fact = LivingProgrammeIssued { id, organization_id, number, effective_from };
        let modules = form.resolved(above);
        Ok(Changed::new(Self { id, number, regional_id, form: form.clone(), modules }, fact))
    }
    /// The edition whose modules are asked of somebody who is not enrolled, of the editions in force. An adaptation of an earlier edition of
    /// the region lacks what the region has added since, and nobody is enrolled into it.
    pub fn binding(own: Option<Self>, regional: Option<Self>) -> Option<Self> {
        let of_region = regional.as_ref().map(|it| it.id);
        own.filter(|it| it.regional_id == of_region).or(regional)
    }
    /// The module with this code.
    pub fn module(&self, code: &Code) -> Option<&ProgrammeModule> {
        self.modules.iter().find(|it| it.code == *code)
    }
}

impl LivingProgrammeForm {
    fn against_modules(&self, above: &[ProgrammeModule]) -> Vec<Reason> {
        let mut known = BTreeSet::new();
        let mut reasons = Vec::new();
        for (n, it) in self.modules.iter().enumerate() {
            let at = |member: &str| format!("/modules/{n}/{member}");
            if above.iter().any(|other| other.code == it.code) {
                reasons.push(MANDATORY_CODE.reason().at(at("code")));
            }
            if !known.insert(&it.code) {
                reasons.push(REPEATED.reason().at(at("code")));
            }
            if self.organization_id.is_some() && it.mandatory {
                reasons.push(LOCAL_MANDATORY.reason().at(at("mandatory")));
            }
        }
        reasons
    }
    fn against_hours(&self, above: &[ProgrammeModule], is_adapting: bool) -> Vec<Reason> {
        let mut known = BTreeSet::new();
        let mut reasons = Vec::new();
        for (n, it) in self.hours.iter().enumerate().filter(|_| is_adapting) {
            let at = |member: &str| format!("/hours/{n}/{member}");
            if !known.insert(&it.module_code) {
                reasons.push(REPEATED.reason().at(at("module_code")));
            }
            match above.iter().find(|other| other.code == it.module_code) {
                None => reasons.push(UNKNOWN_MODULE.reason().at(at("module_code"))),
                Some(module) if it.hours < module.hours => {
                    reasons.push(HOURS_REDUCED.reason().at(at("hours")).with("min", module.hours));
                }
                Some(_) => {}
            }
        }
        reasons
    }
    /// The modules of the region with the hours of the organization, then its own.
    fn resolved(&self, above: &[ProgrammeModule]) -> Vec<ProgrammeModule> {
        let longer = |it: &ProgrammeModule| {
            let own = self.hours.iter().find(|own| own.module_code == it.code);
            ProgrammeModule { hours: own.map_or(it.hours, |own| own.hours), ..it.clone() }
        };
        let local = self.modules.iter().cloned().map(|it| ProgrammeModule {
            code: it.code,
            name: it.name,
            domain: it.domain,
            mandatory: it.mandatory,
            is_local: self.organization_id.is_some(),
            hours: it.min_hours,
            min_age: it.min_age,
            outcome: it.outcome,
        });
        above.iter().map(longer).chain(local).collect()
    }
}
