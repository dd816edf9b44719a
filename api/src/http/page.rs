//! Pages with names: the contract has one schema for the page of each thing.

/// Declares pages: `pages! { OrganizationPage of OrganizationCard; }`. Each page has a name of its own, because
/// generated clients cannot handle generic types.
macro_rules! pages {
    ($($name:ident of $item:ident;)+) => {$(
        /// A page of a list.
        #[derive(utoipa::ToSchema)]
        #[expect(dead_code, reason = "describes what list::Query answers")]
        pub struct $name {
            /// The items of the page.
            #[schema(max_items = 200)]
            items: Vec<$item>,
            /// The `cursor` of the next page; absent on the last page.
            #[schema(nullable = false, max_length = 2000)]
            next_cursor: Option<String>,
        }
    )+};
}
pub(crate) use pages;
