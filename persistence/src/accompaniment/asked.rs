//! Lists of what one organization asks of another about a case: transfers, and the referrals of a higher area. Their tables have the
//! same columns.
use domain::base::id::{CaseId, OrganizationId};

/// The way by which a list finds its rows.
#[derive(Debug)]
pub(crate) enum Way {
    /// Those of a case.
    Case(CaseId),
    /// Those from these organizations.
    From(Vec<OrganizationId>),
    /// Those to these organizations.
    To(Vec<OrganizationId>),
    /// All of them.
    All,
}

/// The first rows of some ways and stored states, by the moment of the entering. Each way with each state is a walk along an index.
macro_rules! first_asked {
    ($tx:expr, $table:ident as $Row:ty, $ways:expr, $states:expr, ($is_rising:expr, $window:expr)) => {{
        use $crate::accompaniment::asked::Way;
        use $crate::engine::lapsing::Stored;
        let (today, states) = ($tx.today(), $states);
        let mut found = std::collections::BTreeMap::new();
        for way in $ways {
            for Stored(state, is_late) in &states {
                let rows: Vec<$Row> = db!($tx, load, {
                    let mut all = $table::table
                        .filter($table::state.eq(bind(*state)))
                        .select(<$Row>::as_select())
                        .limit($window.fetch())
                        .into_boxed();
                    all = match $is_rising {
                        true => all.order($table::id.asc()),
                        false => all.order($table::id.desc()),
                    };
                    match &way {
                        Way::Case(case) => all = all.filter($table::case_id.eq(bind(*case))),
                        Way::From(of) => all = all.filter(among($table::from_organization_id, of)),
                        Way::To(of) => all = all.filter(among($table::to_organization_id, of)),
                        Way::All => {}
                    }
                    match is_late {
                        Some(true) => all = all.filter($table::answer_until.lt(today)),
                        Some(false) => all = all.filter($table::answer_until.ge(today)),
                        None => {}
                    }
                    if let Some(after) = $window.after_id() {
                        all = match $is_rising {
                            true => all.filter($table::id.gt(bind(after))),
                            false => all.filter($table::id.lt(bind(after))),
                        };
                    }
                    all
                })?;
                found.extend(rows.into_iter().map(|it| (it.id, it)));
            }
        }
        $window.first_of(found.into_values().collect(), $is_rising, |it: &$Row| it.id)
    }};
}
pub(crate) use first_asked;
