//! Merges: a decision that two entries of the register are one person (004 L80).
//!
//! A merge moves nothing. The second entry stays with all that belongs to it, lists of one show both, and rules count both. So a
//! reversal is exact. For the same reason a merge ends nothing: it is refused while a death is on record under one of the two alone. The
//! record of the death under the other ends what goes on there.
//!
//! Invariant: an entry is merged into one other at most, and never into itself through others.
use super::{MERGED, NOT_ACTIVE};
use crate::base::change::{Changed, SubjectKind, facts};
use crate::base::id::{BeneficiaryId, RegisterEntryId, RegisterMergeId};
use crate::base::refusal::{Reason, Refused, broken, rules};
use crate::base::text::Note;
use crate::base::word::{Word, words};
use shape::form;
use validator::Validate;

rules! {
    SAME = "register_merge.same", Content, ours, "Запись нельзя объединить с самой собой.", "An entry cannot be merged with itself.";
    SNILS_DIFFER = "register_merge.snils_differ", State, ours, "У записей разные СНИЛС. Если это всё же один человек, подтвердите.", "The entries have different СНИЛС. If they are one person all the same, confirm it.";
    ONE_DIED = "register_merge.one_died", State, ours, "Смерть внесена только по одной из записей: если это один человек, сначала внесите её по другой.", "A death is on record under one of the entries alone: if they are one person, it is recorded under the other first.";
    CLASH = "register_merge.clash", State, ours, "По обеим записям идёт то, что у одного человека бывает одно: сначала завершите одно из двух.", "Something that one person has once goes on under both entries: one of the two ends first.";
    NOT_LATEST = "register_merge.not_latest", State, ours, "Сначала отмените более позднее объединение этих записей.", "A later merge of these entries is reversed first.";
    REVERSED = "register_merge.reversed", State, ours, "Объединение уже отменено.", "The merge is reversed already.";
}

words! {
    /// The state of a merge.
    RegisterMergeState in "register-merge-states" {
        InForce = "in_force", "действует", "in force";
        Reversed = "reversed", "отменено", "reversed";
    }
}

/// An order to merge another entry into this one.
#[form]
#[schema(example = json!({"other_entry_id": "01980000-0000-7000-8000-000000000068", "reason": "Один паспорт, фамилия изменена после замужества."}))]
pub struct RegisterMergeOrder {
    /// The entry that is found to be a second one of the same person.
    pub other_entry_id: RegisterEntryId,
    /// The reason.
    pub reason: Note,
    /// Whether the entries are one person although their СНИЛС differ.
    #[serde(default)]
    #[schema(default = false)]
    pub confirm_different_snils: bool,
}

/// An order to reverse a merge.
#[form]
#[schema(example = json!({"reason": "Это двоюродные сёстры."}))]
pub struct RegisterMergeReversal {
    /// The reason.
    pub reason: Note,
}

facts! {
    /// Two entries were merged.
    RegisterMerged = "register_merge.made",
        "Записи учёта объединены",
        "The entries were merged"
        about RegisterMerge (RegisterMergeId) {}
    /// A merge was reversed.
    RegisterUnmerged = "register_merge.reversed",
        "Объединение записей отменено",
        "The merge was reversed"
        about RegisterMerge (RegisterMergeId) {}
    /// An entry was merged with another one. Both tell it.
    EntryMerged = "register_entry.merged",
        "Объединена с другой записью того же человека",
        "Merged with another entry of the same person"
        about RegisterEntry (RegisterEntryId) {}
    /// The merge of an entry was reversed. Both tell it.
    EntryUnmerged = "register_entry.unmerged",
        "Объединение с другой записью отменено",
        "The merge with another entry was reversed"
        about RegisterEntry (RegisterEntryId) {}
}

/// The stored data that the rules need.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeFacts {
    /// The beneficiaries of this entry and of the other.
    pub beneficiaries: (BeneficiaryId, BeneficiaryId),
    /// Whether this entry is removed from the register.
    pub is_removed: bool,
    /// Whether the other entry is removed from the register.
    pub is_other_removed: bool,
    /// Whether this entry is merged into another.
    pub is_merged: bool,
    /// Whether the other entry is merged into another.
    pub is_other_merged: bool,
    /// Whether both people have a СНИЛС, each under any of the own records, and not the same.
    pub snils_differ: bool,
    /// Whether a death is on record under one of the two alone.
    pub is_one_dead: bool,
    /// The things that go on under both and would be there twice.
    pub clashes: Vec<Clash>,
}

/// Something that one person has once, and that both entries have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Its kind.
    pub kind: SubjectKind,
    /// That of this entry.
    pub id: uuid::Uuid,
    /// That of the other entry.
    pub other_id: uuid::Uuid,
}

/// A merge in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum RegisterMerge {
    /// It holds.
    InForce(InForce),
    /// It was reversed.
    Reversed,
}

/// A merge that holds.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    /// The id of the merge.
    pub id: RegisterMergeId,
    /// The first entry.
    pub entry_id: RegisterEntryId,
    /// The second entry, merged into the first.
    pub other_entry_id: RegisterEntryId,
    /// The beneficiaries of the first entry and of the second.
    pub beneficiaries: (BeneficiaryId, BeneficiaryId),
    /// The reason.
    pub reason: Note,
}

/// A merge that was reversed.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// The merge.
    pub was: InForce,
    /// The reason for the reversal.
    pub reason: Note,
}

impl InForce {
    /// Merges another entry into this one.
    pub fn merge(
        id: RegisterMergeId,
        entry_id: RegisterEntryId,
        order: &RegisterMergeOrder,
        facts: &MergeFacts,
    ) -> Result<Changed<Self>, Refused> {
        if order.other_entry_id == entry_id {
            return Err(SAME.reason().at("/other_entry_id").into());
        }
        let is_unconfirmed = facts.snils_differ && !order.confirm_different_snils;
        let mut reasons = broken([
            (facts.is_removed, NOT_ACTIVE.reason()),
            (facts.is_other_removed, NOT_ACTIVE.reason().at("/other_entry_id")),
            (facts.is_merged, MERGED.reason()),
            (facts.is_other_merged, MERGED.reason().at("/other_entry_id")),
            (is_unconfirmed, SNILS_DIFFER.reason().at("/confirm_different_snils")),
            (facts.is_one_dead, ONE_DIED.reason().at("/other_entry_id")),
        ]);
        let clash = |it: &Clash| {
            let reason = CLASH.reason().at("/other_entry_id").with("kind", it.kind.code());
            reason.with("id", it.id).with("other_id", it.other_id)
        };
        reasons.extend(facts.clashes.iter().map(clash));
        Refused::unless_empty(reasons)?;
        let RegisterMergeOrder { other_entry_id, reason, .. } = order.clone();
        let beneficiaries = facts.beneficiaries;
        let merged = Self { id, entry_id, other_entry_id, beneficiaries, reason };
        let both = [entry_id, other_entry_id].map(|id| EntryMerged { id });
        Ok(both.into_iter().fold(Changed::new(merged, RegisterMerged { id }), Changed::and))
    }
    /// Reverses the merge. `is_latest`: no later merge of the same person holds.
    pub fn reverse(self, order: &RegisterMergeReversal, is_latest: bool) -> Result<Changed<Undone>, Refused> {
        Refused::unless_empty(against_reversal(is_latest).into_iter().collect())?;
        let fact = RegisterUnmerged { id: self.id };
        let both = [self.entry_id, self.other_entry_id].map(|id| EntryUnmerged { id });
        let undone = Changed::new(Undone { was: self, reason: order.reason.clone() }, fact);
        Ok(both.into_iter().fold(undone, Changed::and))
    }
}

/// The reason against a reversal: merges of one person are reversed in turn, the latest first.
pub(crate) fn against_reversal(is_latest: bool) -> Option<Reason> {
    (!is_latest).then(|| NOT_LATEST.reason())
}

impl RegisterMerge {
    /// The merge, if it holds.
    pub fn in_force(self) -> Result<InForce, Refused> {
        match self {
            Self::InForce(it) => Ok(it),
            Self::Reversed => Err(REVERSED.refuse()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: u128) -> RegisterEntryId {
        Uuid::from_u128(number).into()
    }
    fn nothing() -> MergeFacts {
        MergeFacts {
            beneficiaries: (Uuid::from_u128(1).into(), Uuid::from_u128(2).into()),
            is_removed: false,
            is_other_removed: false,
            is_merged: false,
            is_other_merged: false,
            snils_differ: false,
            is_one_dead: false,
            clashes: Vec::new(),
        }
    }
    fn merge(this: u128, other: u128, facts: &MergeFacts) -> Result<InForce, Vec<&'static str>> {
        let order = RegisterMergeOrder { other_entry_id: id(other), ..crate::examples::of() };
        let merged = InForce::merge(Uuid::nil().into(), id(this), &order, facts);
        let told = |it: Refused| it.reasons().iter().map(|it| it.rule.code).collect();
        merged.map(|it| it.into_parts().0).map_err(told)
    }

    #[test]
    fn the_examples_of_the_contract_are_accepted() {
        assert_eq!(crate::examples::of::<RegisterMergeOrder>().validate(), Ok(()));
        assert_eq!(crate::examples::of::<RegisterMergeReversal>().validate(), Ok(()));
    }

    #[test]
    fn all_that_is_against_a_merge_is_told_at_once() {
        let made = InForce::merge(
            Uuid::nil().into(),
            id(1),
            &RegisterMergeOrder { other_entry_id: id(2), ..crate::examples::of() },
            &nothing(),
        );
        let told: Vec<&str> = made.unwrap().into_parts().1.iter().map(|it| it.kind).collect();
        assert_eq!(told, ["register_merge.made", "register_entry.merged", "register_entry.merged"]);
        assert_eq!(merge(1, 1, &nothing()).unwrap_err(), ["register_merge.same"]);
        let clash = Clash { kind: SubjectKind::Case, id: Uuid::nil(), other_id: Uuid::nil() };
        let facts = MergeFacts {
            is_removed: true,
            is_other_removed: true,
            is_merged: true,
            is_other_merged: true,
            snils_differ: true,
            is_one_dead: true,
            clashes: vec![clash.clone(), Clash { kind: SubjectKind::Mentorship, ..clash }],
            ..nothing()
        };
        let expected = [
            "register.not_active",
            "register.not_active",
            "register.merged",
            "register.merged",
            "register_merge.snils_differ",
            "register_merge.one_died",
            "register_merge.clash",
            "register_merge.clash",
        ];
        assert_eq!(merge(1, 2, &facts).unwrap_err(), expected);
    }

    #[test]
    fn different_snils_are_merged_only_where_somebody_confirms_it() {
        let facts = MergeFacts { snils_differ: true, ..nothing() };
        let order = RegisterMergeOrder { confirm_different_snils: true, ..crate::examples::of() };
        assert!(InForce::merge(Uuid::nil().into(), id(1), &order, &facts).is_ok());
    }

    #[test]
    fn a_death_under_one_entry_alone_is_against_a_merge() {
        let facts = MergeFacts { is_one_dead: true, ..nothing() };
        assert_eq!(merge(1, 2, &facts).unwrap_err(), ["register_merge.one_died"]);
    }

    #[test]
    fn the_latest_merge_is_reversed_first_and_once() {
        let merged = merge(1, 2, &nothing()).unwrap();
        let order: RegisterMergeReversal = crate::examples::of();
        let early = merged.clone().reverse(&order, false).unwrap_err();
        assert_eq!(early.reasons()[0].rule.code, "register_merge.not_latest");
        let undone = merged.clone().reverse(&order, true).unwrap().into_parts().0;
        assert_eq!((undone.was.clone(), undone.reason), (merged.clone(), order.reason));
        assert_eq!(RegisterMerge::InForce(merged.clone()).in_force().unwrap(), merged);
        assert!(RegisterMerge::Reversed.in_force().is_err());
    }
}
