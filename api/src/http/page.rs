//! Pages by name: the contract has one schema for the page of each resource.

/// `pages! { OrganizationPage of OrganizationCard; }`: a page of each resource by its own name, for generics break generated clients.
macro_rules! pages {
    ($($name:ident of $item:ident;)+) => {$(
        /// A page of a list.
        #[derive(utoipa::ToSchema)]
        #[expect(dead_code, reason = "describes what list::Query answers")]
        pub struct $name {
            /// The items.
            #[schema(max_items = 200)]
            items: Vec<$item>,
            /// To be sent as `cursor` for the next page; absent on the last.
            #[schema(nullable = false, max_length = 2000)]
            next_cursor: Option<String>,
        }
    )+};
}
pub(crate) use pages;
