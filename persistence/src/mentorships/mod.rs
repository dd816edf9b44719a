//! Mentorships in the database.
//!
//! Those responsible for a mentorship always see all of it: its institution, its program, its tutor, the guardianship
//! officer of the territory. The recipient always sees it. The mentor sees it until it ends, and before the consent
//! without the recipient's family name.
pub mod group_meetings;
pub mod meetings;
pub mod regularity;
pub mod requests;
pub mod statements;

mod actions;
mod cards;
mod charges;
mod consents;
mod corrections;
mod course;
mod due;
mod endings;
mod expanded;
mod history;
mod row;
mod situation;
mod stand;
mod steps;
mod void_consents;

pub use cards::contacts::ContactCard;
pub use cards::related::NextMeetingCard;
pub use cards::{AnnulledEndCard, AnswerCard, DeclineCard, MentorshipCard, ReplacementCard, TerminationCard};
pub use consents::{ConsentCard, list_consents};
pub use corrections::{end_to_annul, extension_to_annul, save_annulled_extension, save_restored};
pub use course::{ExtensionCard, save_extended, save_paused, save_resumed, save_tutored};
pub use due::{DUE_AT_ONCE, due};
pub use endings::{end_all_of, save_ended, save_withdrawn};
pub use expanded::{MentorshipQuestion, expanded_card};
pub use history::{history, history_of_meeting};
pub use row::Saved;
pub use situation::{
    busy_until, consents_given, extension_facts, replacement_facts, situation_of, situation_of_confirmation,
    situation_of_proposal, termination_facts, withdrawal_facts,
};
pub use stand::Stand;
pub use statements::{StatementFilter, mentor_reports, surveys};
pub use steps::{save_answered, save_confirmed, save_consented, save_proposed};

pub(crate) use cards::related::{given_name, given_names, mentor_names, recipient_names};
pub(crate) use course::{hand_over, resumed_on};
pub(crate) use endings::{complete, end_by_death, life_plan_adopted, reopen};
pub(crate) use history::names;
pub(crate) use row::is_consented;
use situation::extension_facts_of;
pub(crate) use situation::situation_of_proposal_under;
pub(crate) use stand::By;
pub(crate) use steps::{recounted, touch};
pub(crate) use void_consents::void_consents;

use crate::engine::column::{bind, binds, each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{DaysAhead, Page, Place, Window};
use crate::engine::schema::{mentorships, regularities};
use crate::people::one_person;
use crate::scope::mentorships::visible;
use crate::tx::Tx;
use charges::{Charge, is_entrusted};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{ListOrder, MentorshipGrouping};
use domain::base::id::*;
use domain::mentorships::{Mentorship, MentorshipState, Party};
use row::{Aside, Row};
use shape::filter;
use std::collections::{HashMap, HashSet};

/// Filters of the list of mentorships.
#[filter]
pub struct MentorshipFilter {
    /// Only mentorships in this state.
    pub state: Option<AnyOf<MentorshipState>>,
    /// Only mentorships of this mentor.
    pub mentor_id: Option<MentorId>,
    /// Only mentorships of this recipient.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only mentorships of this program.
    pub program_id: Option<ProgramId>,
    /// Only mentorships that this institution confirms.
    pub organization_id: Option<OrganizationId>,
    /// Only mentorships that have begun, have not ended, and whose last day is within this number of days, 1 to 365.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 365, example = 30)]
    pub ends_within_days: Option<DaysAhead>,
    /// `true`: only mentorships of the caller: as tutor, as specialist in charge of the recipient's open case, as mentor or as
    /// recipient. `false`: only all others.
    pub mine: Option<bool>,
    /// Only mentorships of this tutor, or of this specialist in charge of the recipient's open case.
    pub specialist_id: Option<UserId>,
    /// `true`: only active mentorships whose two have not met by the required day. `false`: only all others.
    pub silent: Option<bool>,
    /// The order by the moment of the proposal; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

/// Those of the given mentorships that a scope reaches.
pub(crate) async fn reached(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
    scope: &Scope,
) -> Result<HashSet<MentorshipId>, Failure> {
    let found: Vec<MentorshipId> =
        db!(tx, load, visible!(scope).filter(mentorships::id.eq_any(binds(ids))).select(mentorships::id))?;
    Ok(found.into_iter().collect())
}

/// Whether the right of this transaction reaches the mentorship.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: MentorshipId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(mentorships::id.eq(bind(id))))))?)
}

/// The only door to a mentorship.
async fn row(tx: &mut Tx<'_>, id: MentorshipId, by: By) -> Result<Row, Failure> {
    let scope = if by == By::Reach { tx.scope().clone() } else { Scope::everything() };
    db!(tx, first, visible!(scope).filter(mentorships::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::Mentorship, id))))
}

/// The card of one mentorship.
pub async fn card(tx: &mut Tx<'_>, id: MentorshipId) -> Result<MentorshipCard, Failure> {
    let row = row(tx, id, By::Reach).await?;
    let card = cards::one(tx, row).await?;
    history::note_names(tx, std::slice::from_ref(&card));
    Ok(card)
}

/// The card of the mentorship that this transaction has just changed. The caller may no longer see it: a mentor who
/// declined still gets this answer, but no later one.
pub async fn saved_card(tx: &mut Tx<'_>, saved: Saved) -> Result<MentorshipCard, Failure> {
    cards::one(tx, saved.0).await
}

/// Mentorships that the caller may see, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &MentorshipFilter,
    window: &Window,
) -> Result<Page<MentorshipCard>, Failure> {
    let mut rows: Vec<Row> = Vec::new();
    for state in each(filter.state.as_ref()) {
        rows.extend(rows_in(tx, filter, state, window).await?);
    }
    let rows = window.first_of(rows, filter.sort == Some(ListOrder::EarliestFirst), |it| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    if page.items.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let items = cards::of(tx, page.items).await?;
    history::note_names(tx, &items);
    Ok(Page { items, next: page.next })
}

/// The first visible mentorships in a state, or in any.
async fn rows_in(
    tx: &mut Tx<'_>,
    filter: &MentorshipFilter,
    state: Option<MentorshipState>,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let last = filter.ends_within_days.map(|it| it.last_day(today));
    let own = Charge::of_caller(tx);
    let of_specialist = filter.specialist_id.map(|it| Charge::of(tx, it));
    let records = one_person::records_of(tx, filter.beneficiary_id).await?;
    Ok(db!(tx, load, {
        let mut all = visible!(scope).select(Row::as_select()).limit(window.fetch());
        all = match filter.sort {
            Some(ListOrder::EarliestFirst) => all.order(mentorships::id.asc()),
            _ => all.order(mentorships::id.desc()),
        };
        if let Some(after) = window.after_id() {
            all = match filter.sort {
                Some(ListOrder::EarliestFirst) => all.filter(mentorships::id.gt(bind(after))),
                _ => all.filter(mentorships::id.lt(bind(after))),
            };
        }
        if let Some(state) = state {
            all = all.filter(mentorships::state.eq(bind(state)));
        }
        if let Some(mentor) = filter.mentor_id {
            all = all.filter(mentorships::mentor_id.eq(bind(mentor)));
        }
        if let Some(of) = &records {
            all = all.filter(mentorships::beneficiary_id.eq_any(binds(of)));
        }
        if let Some(program) = filter.program_id {
            all = all.filter(mentorships::program_id.eq(bind(program)));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(mentorships::organization_id.eq(bind(organization)));
        }
        if let Some(last) = last {
            let others = diesel::alias!(mentorships as ending);
            // A list, which is read by the index of ends: it is short beside all that run.
            let ending = others
                .filter(others.field(mentorships::starts_on).is_not_null())
                .filter(others.field(mentorships::ended_on).is_null())
                .filter(others.field(mentorships::ends_on).assume_not_null().le(last));
            all = all.filter(mentorships::id.eq_any(ending.select(others.field(mentorships::id))));
        }
        match (filter.mine, &own) {
            (Some(true), Some(own)) => all = all.filter(is_entrusted!(own)),
            (Some(false), Some(own)) => all = all.filter(diesel::dsl::not(is_entrusted!(own))),
            _ => {}
        }
        if let Some(specialist) = &of_specialist {
            all = all.filter(is_entrusted!(specialist));
        }
        let overdue =
            regularities::table.filter(regularities::due_on.lt(today)).select(regularities::mentorship_id);
        let silent =
            mentorships::state.eq(bind(MentorshipState::Active)).and(mentorships::id.eq_any(overdue));
        match filter.silent {
            Some(true) => all = all.filter(silent),
            Some(false) => all = all.filter(diesel::dsl::not(silent)),
            None => {}
        }
        all
    })?)
}

crate::engine::counts::counted! {
    mentorships, MentorshipCountQuestion of MentorshipGrouping {
        State: state as MentorshipState, Program: program_id as ProgramId,
        Organization: organization_id as OrganizationId, Tutor: tutor_user_id as UserId
    },
    mentorships::table, |scope| visible!(scope)
}

/// Loads a mentorship that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Mentorship, Failure> {
    let row = row(tx, id, By::Reach).await?;
    tx.expect(row.version)?;
    whole(tx, row).await
}

/// Loads the mentorship of a meeting that a rule will change. It compares no version, because the caller's version is
/// the meeting's.
pub(crate) async fn of_meeting(tx: &mut Tx<'_>, id: MentorshipId, by: By) -> Result<Mentorship, Failure> {
    let row = row(tx, id, by).await?;
    whole(tx, row).await
}

async fn whole(tx: &mut Tx<'_>, row: Row) -> Result<Mentorship, Failure> {
    let words = row.words(tx)?;
    let consents = match row.state {
        MentorshipState::Accepted | MentorshipState::Consented => consents::of(tx, &[row.id]).await?,
        _ => Vec::new(),
    };
    let aside = aside(tx, &row).await?;
    row.whole(words, consents.into_iter().map(|it| it.consent()).collect(), aside)
}

async fn aside(tx: &mut Tx<'_>, row: &Row) -> Result<Aside, Failure> {
    let id = row.id;
    let mut aside = Aside::default();
    match row.state {
        MentorshipState::Paused => aside.pause = course::pauses_of(tx, &[id]).await?.remove(&id),
        MentorshipState::Replaced => {
            aside.replacement = course::replacements_of(tx, &[id]).await?.remove(&id)
        }
        _ if row.term().is_none() => aside.specialist = steps::specialists_of(tx, &[id]).await?.remove(&id),
        _ => {}
    }
    Ok(aside)
}

/// The caller's stand to a visible mentorship. It decides about rows that belong to the mentorship, such as meetings.
pub(crate) async fn stand(tx: &mut Tx<'_>, id: MentorshipId, by: By) -> Result<Stand, Failure> {
    let row = row(tx, id, by).await?;
    Stand::of(tx, &row, by).await
}

/// The caller's stands to several mentorships that the right of this transaction reaches.
pub(crate) async fn stands(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, Stand>, Failure> {
    let rows: Vec<Row> = db!(
        tx,
        load,
        mentorships::table.filter(mentorships::id.eq_any(binds(ids))).select(Row::as_select())
    )?;
    let mut rights = stand::rights_over(tx, ids, By::Reach).await?;
    let mut stand = |row: &Row| Stand::new(tx, row, rights.remove(&row.id).unwrap_or_default());
    Ok(rows.iter().map(|row| (row.id, stand(row))).collect())
}

/// The side of a visible mentorship that the caller is, if any.
pub async fn side_in(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Option<Party>, Failure> {
    Ok(stand(tx, id, By::Reach).await?.side())
}
