//! Counts of the rows of a list.
use crate::engine::card::Card;
use domain::base::filters::order::Grouping;
use shape::{card, filter};

/// The question by which member rows are counted.
#[filter]
pub struct CountQuestion {
    /// The member by which the rows are counted: `state`, also if none is named.
    pub group_by: Option<Grouping>,
}

impl CountQuestion {
    /// The member by which the rows are counted.
    pub(crate) fn by(&self) -> Grouping {
        self.group_by.unwrap_or(Grouping::State)
    }
}

/// The rows of a list that the caller sees, counted.
#[card]
pub struct Counts {
    /// The number of all rows.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 12)]
    pub total: i64,
    /// The number of rows with each value that occurs.
    #[schema(max_items = 100)]
    pub counts: Vec<Count>,
}

/// The number of rows with a value.
#[card]
pub struct Count {
    /// The code of the value.
    #[schema(max_length = 64, example = "active")]
    pub value: &'static str,
    /// The number of rows.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 7)]
    pub count: i64,
}

/// Counts name nobody.
impl Card for Counts {}

impl Counts {
    /// The counts of these groups, without the empty ones.
    pub(crate) fn of(groups: Vec<(&'static str, i64)>) -> Self {
        let total = groups.iter().map(|it| it.1).sum();
        let groups = groups.into_iter().filter(|it| it.1 > 0);
        Self { total, counts: groups.map(|(value, count)| Count { value, count }).collect() }
    }
}

/// Declares the count of a list by state: `counted! { table by State, |scope| the visible rows }`. A boxed query cannot be
/// grouped, so each word is counted by the index of states.
macro_rules! counted {
    ($table:ident by $State:ty, |$scope:ident| $seen:expr) => {
        /// The rows that the caller sees, counted by a member.
        pub async fn counts(
            tx: &mut Tx<'_>,
            asked: &$crate::engine::counts::CountQuestion,
        ) -> Result<$crate::engine::counts::Counts, Failure> {
            let domain::base::filters::order::Grouping::State = asked.by();
            let $scope = tx.scope().clone();
            let mut groups: Vec<(&'static str, i64)> = Vec::new();
            for word in <$State as domain::base::word::Word>::ALL {
                let of_state = $crate::engine::schema::$table::state.eq(bind(*word));
                let count: i64 = db!(tx, get_result, $seen.filter(of_state).count())?;
                groups.push((domain::base::word::Word::code(*word), count));
            }
            Ok($crate::engine::counts::Counts::of(groups))
        }
    };
}
pub(crate) use counted;
