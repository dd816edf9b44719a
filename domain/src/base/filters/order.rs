//! Words by which lists are ordered and rows are counted.
use crate::base::word::words;

words! {
    /// The order of a list by time.
    ListOrder in "list-orders" {
        LatestFirst = "latest_first", "сначала поздние", "the latest first";
        EarliestFirst = "earliest_first", "сначала ранние", "the earliest first";
    }

    /// The member by which rows are counted.
    Grouping in "groupings" {
        State = "state", "по состоянию", "by state";
    }
}
