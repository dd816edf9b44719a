//! Candidates: pairs of entries that may be one person. Nothing merges by itself.
use crate::base::change::{Changed, facts};
use crate::base::id::{RegisterCandidateId, RegisterEntryId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::Note;
use crate::base::word::words;
use shape::form;
use validator::Validate;

rules! {
    DECIDED = "register_candidate.decided", State, ours, "Об этой паре уже решено.", "This pair is decided already.";
}

words! {
    /// The state of a pair that may be one person.
    RegisterCandidateState in "register-candidate-states" {
        New = "new", "новая пара", "new";
        Merged = "merged", "объединены", "merged";
        Distinct = "distinct", "разные люди", "different people";
        Unlike = "unlike", "больше не похожи", "alike no more";
    }
}

/// An order to tell that the two are different people. The pair is never proposed again.
#[form]
#[schema(example = json!({"reason": "Сёстры-близнецы, у каждой свой паспорт."}))]
pub struct CandidateDismissal {
    /// The reason.
    pub reason: Note,
}

facts! {
    /// Two entries were found to be alike.
    CandidateFound = "register_candidate.found",
        "Найдены похожие записи",
        "Two entries were found to be alike"
        about RegisterCandidate (RegisterCandidateId) {}
    /// The likeness of two entries has changed with their data.
    CandidateCompared = "register_candidate.compared",
        "Похожесть записей пересчитана",
        "The likeness of the entries was counted anew"
        about RegisterCandidate (RegisterCandidateId) {}
    /// Two entries were found to be different people.
    CandidateDismissed = "register_candidate.dismissed",
        "Записи признаны разными людьми",
        "The entries were found to be different people"
        about RegisterCandidate (RegisterCandidateId) {}
    /// The entries of a pair were merged.
    CandidateMerged = "register_candidate.merged",
        "Записи пары объединены",
        "The entries of the pair were merged"
        about RegisterCandidate (RegisterCandidateId) {}
    /// A merge of the pair was reversed: they are found to be different people.
    CandidateUnmerged = "register_candidate.unmerged",
        "Объединение пары отменено",
        "The merge of the pair was reversed"
        about RegisterCandidate (RegisterCandidateId) {}
}

/// A pair, with the data that the rules check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterCandidate {
    /// The id of the pair.
    pub id: RegisterCandidateId,
    /// The two entries, the earlier one first.
    pub entries: (RegisterEntryId, RegisterEntryId),
    /// The state.
    pub state: RegisterCandidateState,
    /// The reason for which they are different people.
    pub reason: Option<Note>,
}

impl RegisterCandidate {
    /// A pair that was just found.
    pub fn find(id: RegisterCandidateId, one: RegisterEntryId, other: RegisterEntryId) -> Changed<Self> {
        let entries = pair(one, other);
        let found = Self { id, entries, state: RegisterCandidateState::New, reason: None };
        Changed::new(found, CandidateFound { id })
    }
    /// Takes over a likeness that has changed with the data of the two. A decided likeness stays so.
    pub fn compare(self, is_alike: bool) -> Option<Changed<Self>> {
        use RegisterCandidateState::{Distinct, Merged, New, Unlike};
        let state = match (self.state, is_alike) {
            (Merged | Distinct, _) => return None,
            (New | Unlike, true) => New,
            (New | Unlike, false) => Unlike,
        };
        let fact = CandidateCompared { id: self.id };
        Some(Changed::new(Self { state, ..self }, fact))
    }
    /// Refuses a pair that is decided.
    pub(crate) fn must_be_new(&self) -> Result<(), Refused> {
        if self.state == RegisterCandidateState::New { Ok(()) } else { Err(DECIDED.refuse()) }
    }
    /// Tells that the two are different people.
    pub fn dismiss(self, order: &CandidateDismissal) -> Result<Changed<Self>, Refused> {
        self.must_be_new()?;
        let fact = CandidateDismissed { id: self.id };
        let reason = Some(order.reason.clone());
        Ok(Changed::new(Self { state: RegisterCandidateState::Distinct, reason, ..self }, fact))
    }
    /// The pair, after its entries were merged.
    pub fn merged(self) -> Changed<Self> {
        let fact = CandidateMerged { id: self.id };
        Changed::new(Self { state: RegisterCandidateState::Merged, reason: None, ..self }, fact)
    }
    /// The pair, after the merge of its entries was reversed for that reason.
    pub fn unmerged(self, reason: &Note) -> Changed<Self> {
        let fact = CandidateUnmerged { id: self.id };
        let reason = Some(reason.clone());
        Changed::new(Self { state: RegisterCandidateState::Distinct, reason, ..self }, fact)
    }
}

/// Two entries in the order in which a pair holds them.
pub fn pair(one: RegisterEntryId, other: RegisterEntryId) -> (RegisterEntryId, RegisterEntryId) {
    if one <= other { (one, other) } else { (other, one) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn found(one: u128, other: u128) -> RegisterCandidate {
        let id = |it: u128| Uuid::from_u128(it).into();
        RegisterCandidate::find(Uuid::nil().into(), id(one), id(other)).into_parts().0
    }

    #[test]
    fn a_pair_is_decided_once() {
        let order: CandidateDismissal = crate::examples::of();
        assert_eq!(order.validate(), Ok(()));
        let dismissed = found(1, 2).dismiss(&order).unwrap().into_parts().0;
        assert_eq!(dismissed.state, RegisterCandidateState::Distinct);
        assert_eq!(dismissed.clone().dismiss(&order).unwrap_err(), DECIDED.refuse());
        let merged = dismissed.merged().into_parts().0;
        assert_eq!((merged.state, &merged.reason), (RegisterCandidateState::Merged, &None));
        assert!(merged.clone().dismiss(&order).is_err());
        let apart = merged.unmerged(&order.reason).into_parts().0;
        assert_eq!((apart.state, apart.reason), (RegisterCandidateState::Distinct, Some(order.reason)));
    }

    #[test]
    fn a_pair_whose_data_were_corrected_is_alike_no_more_and_a_decision_stays() {
        let unlike = found(1, 2).compare(false).unwrap().into_parts().0;
        assert_eq!(unlike.state, RegisterCandidateState::Unlike);
        assert!(unlike.clone().dismiss(&crate::examples::of()).is_err());
        assert_eq!(unlike.compare(true).unwrap().into_parts().0.state, RegisterCandidateState::New);
        let distinct = found(1, 2).dismiss(&crate::examples::of()).unwrap().into_parts().0;
        assert!(distinct.compare(true).is_none());
    }

    proptest! {
        #[test]
        fn a_pair_is_the_same_from_either_side(one in 0u128..9, other in 0u128..9) {
            prop_assert_eq!(found(one, other).entries, found(other, one).entries);
        }
    }
}
