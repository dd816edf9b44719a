//! Funding programmes: state programmes with their subprogrammes and measures, contests of grants, charity (001 L18).
//!
//! Invariant: a programme stands under no programme of its own, and at most four stand one under another.
use crate::base::id::{FundingProgramId, LegalActId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Money, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    CYCLE = "funding_program.cycle", Content, ours, "Программа не входит в саму себя.", "A programme is no part of itself.";
    DEPTH = "funding_program.depth", Content, ours, "Программы вкладывают друг в друга не глубже четырёх уровней.", "Programmes stand one under another on at most four levels.";
    TERM = "funding_program.term", Content, ours, "Программа не заканчивается раньше, чем начинается.", "A programme does not end before it begins.";
}

words! {
    /// The kind of a funding programme.
    FundingProgramKind in "funding-program-kinds" {
        StateProgram = "state_program", "государственная программа", "state programme";
        Subprogram = "subprogram", "подпрограмма", "subprogramme";
        Measure = "measure", "мероприятие программы", "measure";
        GrantContest = "grant_contest", "конкурс грантов", "grant contest";
        Charity = "charity", "благотворительная программа", "charity";
    }
}

/// The greatest number of programmes one under another, with the first.
pub const LEVELS: usize = 4;

/// A funding programme as it is entered and edited, whole.
#[entry(FundingProgram: FundingProgramId, at "funding-programs", named "funding program" "funding programs", tag "partnership", read ReadPartnership, edit EditPartnership, by name, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "kind": "state_program", "name": "Семья и дети Калужской области", "starts_on": "2014-01-01", "ends_on": "2020-12-31", "budget": "1500000.00"}))]
pub struct FundingProgramForm {
    /// The organization that keeps the programme on record.
    #[owner]
    #[filter = "Only programmes that this organization keeps."]
    pub organization_id: OrganizationId,
    /// The programme of which it is a part.
    #[filter = "Only parts of this programme."]
    pub parent_id: Option<FundingProgramId>,
    /// The kind.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: FundingProgramKind,
    /// Name.
    pub name: Title,
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// The legal act that has established it.
    pub act_id: Option<LegalActId>,
    /// The budget in roubles.
    pub budget: Option<Money>,
}

impl FundingProgramForm {
    fn judge(&self, id: FundingProgramId, _: Option<&Self>) -> Vec<Reason> {
        let is_turned = self.starts_on.zip(self.ends_on).is_some_and(|(from, until)| until < from);
        let own = (self.parent_id == Some(id)).then(|| CYCLE.reason().at("/parent_id"));
        own.into_iter().chain(is_turned.then(|| TERM.reason().at("/ends_on"))).collect()
    }
}

/// The reason against a parent. `above` are the programmes above the one that is judged, the parent first; `below` is the number of levels
/// under it.
pub fn against_place(
    id: Option<FundingProgramId>,
    above: &[FundingProgramId],
    below: usize,
) -> Option<Reason> {
    let is_circle = id.is_some_and(|id| above.contains(&id));
    let is_deep = above.len() + 1 + below > LEVELS;
    match (is_circle, is_deep) {
        (true, _) => Some(CYCLE.reason().at("/parent_id")),
        (_, true) => Some(DEPTH.reason().at("/parent_id").with("levels", LEVELS)),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> FundingProgramId {
        Uuid::from_u128(n).into()
    }
    fn code(it: Option<Reason>) -> Option<&'static str> {
        it.map(|it| it.rule.code)
    }

    #[test]
    fn a_programme_is_no_part_of_itself_and_stands_on_one_of_four_levels() {
        assert_eq!(code(against_place(None, &[id(1), id(2), id(3)], 0)), None);
        assert_eq!(
            code(against_place(None, &[id(1), id(2), id(3), id(4)], 0)),
            Some("funding_program.depth")
        );
        assert_eq!(code(against_place(Some(id(9)), &[id(1), id(2)], 2)), Some("funding_program.depth"));
        assert_eq!(code(against_place(Some(id(2)), &[id(1), id(2)], 0)), Some("funding_program.cycle"));
    }
}
