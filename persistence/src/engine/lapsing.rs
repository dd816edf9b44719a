//! States that time alone changes. A row keeps the state that it had, and a list is asked for the one in which it is now.
use domain::base::filters::any::AnyOf;
use domain::base::word::Word;

/// A stored state, and for an open one whether its time is over: by that it is in another state now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored<S>(pub(crate) S, pub(crate) Option<bool>);

impl<S: Word + Copy + PartialEq> Stored<S> {
    /// The stored states behind those that a filter asks for. The open one is the lapsed one once its time is over.
    pub(crate) fn behind(asked: Option<&AnyOf<S>>, (open, lapsed): (S, S)) -> Vec<Self> {
        let of = |now: S| match now {
            it if it == open => vec![Self(open, Some(false))],
            it if it == lapsed => vec![Self(lapsed, None), Self(open, Some(true))],
            other => vec![Self(other, None)],
        };
        let is_asked = |it: &S| asked.is_none_or(|asked| asked.has(it));
        S::ALL.iter().copied().filter(is_asked).flat_map(of).collect()
    }
    /// The numbers of rows by the state in which they are now, from those by the stored state. `late` are those of them that are stored in the
    /// open one and whose time is over.
    pub(crate) fn counted(
        stored: &[(Option<S>, i64)],
        late: &[(Option<S>, i64)],
        (open, lapsed): (S, S),
    ) -> Vec<(Option<S>, i64)> {
        let over: i64 = late.iter().map(|it| it.1).sum();
        let now = |state: S| -> i64 {
            let kept: i64 = stored.iter().filter(|it| it.0 == Some(state)).map(|it| it.1).sum();
            match state {
                it if it == open => kept - over,
                it if it == lapsed => kept + over,
                _ => kept,
            }
        };
        S::ALL.iter().map(|it| (Some(*it), now(*it))).filter(|it| it.1 > 0).collect()
    }
}
