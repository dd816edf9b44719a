//! Sealed statements about a mentorship: written once, never changed, and sensitive. Surveys and the reports of mentors are such.
//!
//! Those responsible for the mentorship are shown all of them, the recipient none. The statements that the mentor is shown depend on the kind.
pub mod mentor_reports;
pub mod surveys;

use chrono::NaiveDate;
use domain::mentorships::Eyes;
use shape::filter;

/// Filters of the lists of statements.
#[filter]
pub struct StatementFilter {
    /// Only those about this day or later.
    pub from: Option<NaiveDate>,
    /// Only those about this day or earlier.
    pub to: Option<NaiveDate>,
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
}

/// The statements about a mentorship that somebody is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All.
    All,
    /// Those that they made themselves.
    Own,
    /// None.
    Nothing,
}

impl Shown {
    pub(super) fn to(eyes: Eyes, mentor: Self) -> Self {
        match eyes {
            Eyes::Staff => Self::All,
            Eyes::Mentor => mentor,
            Eyes::Recipient => Self::Nothing,
        }
    }
    pub(super) fn has(self, is_own: bool) -> bool {
        self == Self::All || (self == Self::Own && is_own)
    }
}

/// Declares the queries that find, list and save a kind of statement: `kept! { Card { member } of Kind in table at "address" sealed "place" by Id, to the mentor Shown, about column ..= column; columns }`.
/// The card stands beside it.
macro_rules! kept {
    (
        $Card:ident { $member:ident } of $Kind:ident in $table:ident at $at:literal sealed $place:literal by $Id:ident, to the mentor $mentor:ident, about $from:ident ..= $to:ident;
        |$it:ident| $columns:expr
    ) => {
        use crate::engine::column::{bind, binds};
        use crate::engine::conn::{db, prepared};
        use crate::engine::failure::Failure;
        use crate::engine::page::{Page, Place, Window};
        use crate::engine::schema::$table;
        use crate::mentorships::statements::{Shown, StatementFilter};
        use crate::mentorships::{self, By, Stand};
        use crate::region::terms;
        use crate::scope::mentorships::{mentored, received, visible_ids};
        use crate::sight::Own;
        use crate::tx::Tx;
        use diesel::prelude::*;
        use domain::base::action::{Judged, available};
        use domain::base::change::Changed;
        use domain::base::entry::correction::{CorrectionDays, RecordOffers, Recorded};
        use domain::mentorships::Eyes;
        use uuid::Uuid;

        impl crate::engine::card::Card for $Card {
            fn path(&self) -> Option<String> {
                Some(format!(concat!("/api/v1/", $at, "/{}"), self.id))
            }
            fn personal(&self) -> Vec<Subject> {
                vec![Subject::new(SubjectKind::$Kind, self.id)]
            }
        }

        #[derive(Debug, Queryable, Selectable)]
        #[diesel(table_name = $table)]
        struct Row {
            id: $Id,
            mentorship_id: MentorshipId,
            made_by: UserId,
            form: String,
            annulment_reason: Option<String>,
            created_at: Moment,
        }

        const FORM: &str = $place;
        const ANNULMENT: &str = concat!(stringify!($table), ".annulment_reason");

        fn missing(id: $Id) -> Failure {
            Failure::NotFound(Some(Subject::new(SubjectKind::$Kind, id)))
        }

        impl Row {
            fn recorded(&self, tx: &Tx<'_>, eyes: Eyes, term: CorrectionDays) -> Recorded {
                tx.recorded(self.created_at, self.annulment_reason.is_some(), eyes == Eyes::Recipient, term)
            }
            fn shown(self, tx: &Tx<'_>, stand: Option<(&Stand, CorrectionDays)>) -> Result<$Card, Failure> {
                let actions = stand.map(|(stand, term)| {
                    let recorded = self.recorded(tx, stand.eyes(), term);
                    let offers = RecordOffers { at: $at, recorded, today: tx.today() };
                    available(&offers, self.id, Judged::Whole, |it| stand.may(it), |_| true)
                });
                Ok($Card {
                    $member: tx.core.keys.open(FORM, Uuid::from(self.id), &self.form)?,
                    id: self.id,
                    mentorship_id: self.mentorship_id,
                    made_by: self.made_by,
                    annulment: tx
                        .core
                        .keys
                        .open_some(ANNULMENT, self.id, self.annulment_reason)?
                        .map(|reason| Annulment { reason }),
                    available_actions: actions,
                    created_at: self.created_at,
                })
            }
            fn if_shown_to(self, tx: &Tx<'_>, eyes: Eyes) -> Result<Self, Failure> {
                let is_own = tx.caller().is_some_and(|it| it.user == self.made_by);
                if Shown::to(eyes, Shown::$mentor).has(is_own) { Ok(self) } else { Err(missing(self.id)) }
            }
        }

        /// Whether the right of this transaction reaches it and it is shown to the caller.
        pub(crate) async fn reaches(tx: &mut Tx<'_>, id: $Id) -> Result<bool, Failure> {
            crate::sight::is_found(row(tx, id).await)
        }

        /// The row; not there unless it is shown to the caller.
        async fn row(tx: &mut Tx<'_>, id: $Id) -> Result<(Row, Stand), Failure> {
            let one = $table::table.find(bind(id));
            let row: Row =
                db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
            match mentorships::stand(tx, row.mentorship_id, By::Reach).await {
                Err(Failure::NotFound(_)) => Err(missing(id)),
                stand => {
                    let stand = stand?;
                    Ok((row.if_shown_to(tx, stand.eyes())?, stand))
                }
            }
        }

        /// One of them.
        pub async fn card(tx: &mut Tx<'_>, id: $Id) -> Result<$Card, Failure> {
            let (row, stand) = row(tx, id).await?;
            let term = terms::corrections(tx).await?;
            row.shown(tx, Some((&stand, term)))
        }

        /// Those that are shown to the caller, the newest first: of a mentorship, or of all that the caller sees.
        pub async fn list(
            tx: &mut Tx<'_>,
            of: Option<MentorshipId>,
            filter: &StatementFilter,
            window: &Window,
        ) -> Result<Page<$Card>, Failure> {
            if let Some(of) = of {
                mentorships::stand(tx, of, By::Reach).await?;
            }
            let (scope, own) = (tx.scope().clone(), Own::of(tx));
            let by: Vec<UserId> = tx.caller().map(|it| it.user).into_iter().collect();
            let rows: Vec<Row> = db!(tx, load, {
                let mut all = $table::table
                    .select(Row::as_select())
                    .order($table::id.desc())
                    .limit(window.fetch())
                    .into_boxed();
                all = match filter.annulled {
                    Some(true) => all.filter($table::annulment_reason.is_not_null()),
                    _ => all.filter($table::annulment_reason.is_null()),
                };
                match of {
                    Some(of) => all = all.filter($table::mentorship_id.eq(bind(of))),
                    None => {
                        let seen = visible_ids!(scope);
                        all = all.filter($table::mentorship_id.eq_any(seen));
                    }
                }
                if let Some(mentor) = own.mentor.filter(|_| Shown::$mentor != Shown::All) {
                    let elsewhere = $table::mentorship_id.ne_all(mentored!(mentor));
                    all = all.filter(elsewhere.or($table::made_by.eq_any(binds(&by))));
                }
                if !own.beneficiaries.is_empty() {
                    all = all.filter($table::mentorship_id.ne_all(received!(&own.beneficiaries)));
                }
                if let Some(from) = filter.from {
                    all = all.filter($table::$to.ge(from));
                }
                if let Some(to) = filter.to {
                    all = all.filter($table::$from.le(to));
                }
                if let Some(after) = window.after_id() {
                    all = all.filter($table::id.lt(bind(after)));
                }
                all
            })?;
            let page = window.page(rows, |it| Place::id(it.id));
            let cards = tx.readable(page.items.into_iter().map(|it| it.shown(tx, None)))?;
            Ok(Page { items: cards, next: page.next })
        }

        /// Annuls one that was made by mistake. It stays readable with the reason.
        pub async fn annul(tx: &mut Tx<'_>, id: $Id, order: &Annulment) -> Result<$Card, Failure> {
            let (row, stand) = row(tx, id).await?;
            let term = terms::corrections(tx).await?;
            row.recorded(tx, stand.eyes(), term).must_be_open(tx.today())?;
            let records = $Kind::annulled(id, row.mentorship_id).into_parts().1;
            let reason = tx.core.keys.seal_some(ANNULMENT, id, Some(&order.reason))?;
            let update =
                diesel::update($table::table.find(bind(id))).set($table::annulment_reason.eq(bind(reason)));
            let saved = db!(tx, get_result, prepared(update.returning(Row::as_returning())));
            tx.returned(saved, records)?.shown(tx, Some((&stand, term)))
        }

        /// Saves one made by somebody who stands so to the mentorship, and answers it as it is shown.
        pub async fn save_made(
            tx: &mut Tx<'_>,
            change: Changed<$Kind>,
            stand: &Stand,
        ) -> Result<$Card, Failure> {
            let ($it, records) = change.into_parts();
            let by = tx.author()?;
            let head = (
                $table::id.eq(bind($it.id)),
                $table::mentorship_id.eq(bind($it.mentorship_id)),
                $table::made_by.eq(bind(by)),
                $table::form.eq(bind(tx.core.keys.seal(FORM, Uuid::from($it.id), &$it.form)?)),
                $table::created_at.eq(bind(tx.now())),
            );
            let insert = diesel::insert_into($table::table).values((head, $columns));
            let saved = db!(tx, get_result, insert.returning(Row::as_returning()));
            let term = terms::corrections(tx).await?;
            tx.returned(saved, records)?.if_shown_to(tx, stand.eyes())?.shown(tx, Some((stand, term)))
        }
    };
}
pub(super) use kept;
