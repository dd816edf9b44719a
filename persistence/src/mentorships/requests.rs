//! Requests in the database. Those responsible for the mentorship see all of them. A side sees its own, and the
//! mentor also sees requests of the recipient to the mentor. So neither side learns here that the other one wants
//! another pair.
use crate::engine::card::cards;
use crate::engine::column::{any, bind, binds, each};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::requests;
use crate::mentorships::{self, By, Stand};
use crate::scope::mentorships::{mentored, received, visible_ids};
use crate::sight::{Own, dangling};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::ListOrder;
use domain::base::id::{FileId, MeetingId, MentorshipId, RequestId};
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::base::word::Word;
use domain::mentorships::requests::*;
use domain::mentorships::{Eyes, Party};
use shape::{card, filter};

/// A request as every endpoint returns it.
#[card]
pub struct RequestCard {
    /// The id of the request.
    pub id: RequestId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The mentorship of the request.
    pub mentorship_id: MentorshipId,
    /// The side that asks.
    pub party: Party,
    /// The kind of the request.
    pub kind: RequestKind,
    /// The state of the request.
    pub state: RequestState,
    /// The side's own words.
    pub text: Option<Note>,
    /// The file of the paper, if somebody else recorded the request.
    pub on_paper_file_id: Option<FileId>,
    /// The day on which the request was made.
    pub made_on: NaiveDate,
    /// The day on which the request was answered, withdrawn or closed.
    pub settled_on: Option<NaiveDate>,
    /// The meeting that answered the request.
    pub meeting_id: Option<MeetingId>,
    /// The reason for the withdrawal, or the answer in words.
    pub note: Option<Note>,
    /// Orders that this caller may send to the request now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the request was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { RequestCard in "requests" about Request; }

/// Filters of the list of requests.
#[filter]
pub struct RequestFilter {
    /// Only requests in this state.
    pub state: Option<AnyOf<RequestState>>,
    /// Only requests of this kind.
    pub kind: Option<AnyOf<RequestKind>>,
    /// Only requests made on this day or later.
    pub from: Option<NaiveDate>,
    /// Only requests made on this day or earlier.
    pub to: Option<NaiveDate>,
    /// The order by the moment of the entering; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = requests)]
struct Row {
    id: RequestId,
    version: i64,
    mentorship_id: MentorshipId,
    party: Party,
    kind: RequestKind,
    text: Option<String>,
    on_paper_file_id: Option<FileId>,
    state: RequestState,
    made_on: NaiveDate,
    settled_on: Option<NaiveDate>,
    meeting_id: Option<MeetingId>,
    note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

const TEXT: &str = "requests.text";
const NOTE: &str = "requests.note";

impl Row {
    fn is_shown_to(&self, eyes: Eyes) -> bool {
        match eyes {
            Eyes::Staff => true,
            Eyes::Mentor => self.party == Party::Mentor || self.kind.is_for_the_mentor(),
            Eyes::Recipient => self.party == Party::Recipient,
        }
    }
    fn whole(&self, tx: &Tx<'_>) -> Result<Request, Failure> {
        if self.state != RequestState::Open {
            return Ok(Request::Settled(self.kind));
        }
        let form = RequestForm {
            party: self.party,
            kind: self.kind,
            text: tx.core.keys.open_some(TEXT, self.id, self.text.as_ref())?,
            on_paper_file_id: self.on_paper_file_id,
        };
        let (id, mentorship_id, made_on) = (self.id, self.mentorship_id, self.made_on);
        Ok(Request::Open(Open { id, mentorship_id, form, made_on }))
    }
}

fn missing(id: RequestId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Request, id)))
}

/// Whether the right of this transaction reaches the request.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: RequestId) -> Result<bool, Failure> {
    crate::sight::is_found(row_and_stand(tx, id).await)
}

async fn row(tx: &mut Tx<'_>, id: RequestId) -> Result<Row, Failure> {
    let one = requests::table.find(bind(id));
    db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))
}

/// The row of a request that is shown to the caller, and the caller's stand to its mentorship. Otherwise not found.
async fn row_and_stand(tx: &mut Tx<'_>, id: RequestId) -> Result<(Row, Stand), Failure> {
    let row = row(tx, id).await?;
    match mentorships::stand(tx, row.mentorship_id, By::Reach).await {
        Ok(stand) if row.is_shown_to(stand.eyes()) => Ok((row, stand)),
        Ok(_) | Err(Failure::NotFound(_)) => Err(missing(id)),
        Err(other) => Err(other),
    }
}

/// The card of one request.
pub async fn card(tx: &mut Tx<'_>, id: RequestId) -> Result<RequestCard, Failure> {
    let (row, stand) = row_and_stand(tx, id).await?;
    shown(tx, row, &stand, Judged::Whole)
}

fn shown(tx: &Tx<'_>, row: Row, stand: &Stand, judged: Judged) -> Result<RequestCard, Failure> {
    let offers = RequestOffers { it: &row.whole(tx)?, by: stand.side() };
    let actions = available(&offers, row.id, judged, |right| stand.may(right), |right| tx.may(right));
    Ok(RequestCard {
        id: row.id,
        version: row.version,
        mentorship_id: row.mentorship_id,
        party: row.party,
        kind: row.kind,
        state: row.state,
        text: tx.core.keys.open_some(TEXT, row.id, row.text.as_ref())?,
        on_paper_file_id: row.on_paper_file_id,
        made_on: row.made_on,
        settled_on: row.settled_on,
        meeting_id: row.meeting_id,
        note: tx.core.keys.open_some(NOTE, row.id, row.note.as_ref())?,
        available_actions: actions,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Requests that are shown to the caller, the newest first: those of a mentorship, or all that the caller sees.
pub async fn list(
    tx: &mut Tx<'_>,
    of: Option<MentorshipId>,
    filter: &RequestFilter,
    window: &Window,
) -> Result<Page<RequestCard>, Failure> {
    if let Some(of) = of {
        mentorships::stand(tx, of, By::Reach).await?;
    }
    let mut rows: Vec<Row> = Vec::new();
    for state in each(filter.state.as_ref()) {
        rows.extend(rows_in(tx, of, filter, state, window).await?);
    }
    let rows = window.first_of(rows, filter.sort == Some(ListOrder::EarliestFirst), |it| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    let of: Vec<MentorshipId> = page.items.iter().map(|it| it.mentorship_id).collect();
    let stands = mentorships::stands(tx, &of).await?;
    let items = tx.readable(page.items.into_iter().filter_map(|row| {
        let stand = stands.get(&row.mentorship_id)?;
        Some(shown(tx, row, stand, Judged::State))
    }))?;
    Ok(Page { items, next: page.next })
}

/// Those of the requests of visible mentorships that are shown to the caller. [`Row::is_shown_to`] says the same of a loaded row.
macro_rules! shown_to {
    ($all:expr, $own:expr) => {{
        let mut all = $all;
        if let Some(mentor) = $own.mentor {
            let elsewhere = requests::mentorship_id.ne_all(mentored!(mentor));
            let for_the_mentor = requests::kind
                .eq(bind(RequestKind::Consultation))
                .or(requests::kind.eq(bind(RequestKind::Aid)));
            all = all.filter(elsewhere.or(requests::party.eq(bind(Party::Mentor))).or(for_the_mentor));
        }
        if !$own.beneficiaries.is_empty() {
            let elsewhere = requests::mentorship_id.ne_all(received!(&$own.beneficiaries));
            all = all.filter(elsewhere.or(requests::party.eq(bind(Party::Recipient))));
        }
        all
    }};
}

/// The names of those of the given requests that the right of this transaction reaches: the kind and the day.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[RequestId]) -> Result<Vec<(RequestId, String)>, Failure> {
    let (scope, own) = (tx.scope().clone(), Own::of(tx));
    let found: Vec<(RequestId, RequestKind, NaiveDate)> = db!(tx, load, {
        let columns = (requests::id, requests::kind, requests::made_on);
        let some = requests::table.select(columns).filter(requests::id.eq_any(binds(ids))).into_boxed();
        shown_to!(some.filter(requests::mentorship_id.eq_any(visible_ids!(scope))), own)
    })?;
    Ok(found.into_iter().map(|(id, kind, day)| (id, format!("{}, {day}", kind.ru()))).collect())
}

/// The first visible requests in a state, or in any.
async fn rows_in(
    tx: &mut Tx<'_>,
    of: Option<MentorshipId>,
    filter: &RequestFilter,
    state: Option<RequestState>,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let (scope, own) = (tx.scope().clone(), Own::of(tx));
    Ok(db!(tx, load, {
        let mut all = requests::table.select(Row::as_select()).limit(window.fetch()).into_boxed();
        match of {
            Some(of) => all = all.filter(requests::mentorship_id.eq(bind(of))),
            None => {
                let seen = visible_ids!(scope);
                all = all.filter(requests::mentorship_id.eq_any(seen));
            }
        }
        all = shown_to!(all, own);
        if let Some(from) = filter.from {
            all = all.filter(requests::made_on.ge(from));
        }
        if let Some(to) = filter.to {
            all = all.filter(requests::made_on.le(to));
        }
        all = match filter.sort {
            Some(ListOrder::EarliestFirst) => all.order(requests::id.asc()),
            _ => all.order(requests::id.desc()),
        };
        if let Some(after) = window.after_id() {
            all = match filter.sort {
                Some(ListOrder::EarliestFirst) => all.filter(requests::id.gt(bind(after))),
                _ => all.filter(requests::id.lt(bind(after))),
            };
        }
        if let Some(state) = state {
            all = all.filter(requests::state.eq(bind(state)));
        }
        if let Some(kind) = &filter.kind {
            all = all.filter(requests::kind.eq_any(any(kind)));
        }
        all
    })?)
}

/// Loads a request that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: RequestId) -> Result<(Request, Stand), Failure> {
    let (row, stand) = row_and_stand(tx, id).await?;
    tx.expect(row.version)?;
    Ok((row.whole(tx)?, stand))
}

/// Loads the request that a meeting of that mentorship will answer. A request of another mentorship is not found.
pub async fn asked(
    tx: &mut Tx<'_>,
    of: MentorshipId,
    id: Option<RequestId>,
) -> Result<Option<Request>, Failure> {
    let Some(id) = id else { return Ok(None) };
    match row_and_stand(tx, id).await {
        Ok((row, _)) if row.mentorship_id == of => row.whole(tx).map(Some),
        Ok(_) | Err(Failure::NotFound(_)) => Err(dangling("/request_id")),
        Err(other) => Err(other),
    }
}

/// The open request of that side for another mentor.
pub async fn open_replacement(
    tx: &mut Tx<'_>,
    of: MentorshipId,
    party: Party,
) -> Result<Option<RequestId>, Failure> {
    let open = requests::table
        .filter(requests::mentorship_id.eq(bind(of)))
        .filter(requests::party.eq(bind(party)))
        .filter(requests::kind.eq(bind(RequestKind::Replacement)))
        .filter(requests::state.eq(bind(RequestState::Open)));
    Ok(db!(tx, first, open.select(requests::id)).optional()?)
}

/// Answers a request, by a meeting or by another mentor. A request that is no longer open stays unchanged.
pub async fn answer(tx: &mut Tx<'_>, id: RequestId, meeting: Option<MeetingId>) -> Result<(), Failure> {
    match row(tx, id).await?.whole(tx)? {
        Request::Open(it) => settle(tx, it.answer(meeting)).await.map(drop),
        Request::Settled(_) => Ok(()),
    }
}

/// Opens the requests again that an annulled meeting answered.
pub(crate) async fn reopen(tx: &mut Tx<'_>, meeting: MeetingId) -> Result<(), Failure> {
    let answered = requests::table
        .filter(requests::meeting_id.eq(bind(Some(meeting))))
        .filter(requests::state.eq(bind(RequestState::Answered)));
    let ids: Vec<RequestId> = db!(tx, load, answered.select(requests::id))?;
    for id in ids {
        let set = (
            requests::version.eq(requests::version + 1),
            requests::state.eq(bind(RequestState::Open)),
            requests::settled_on.eq(None::<NaiveDate>),
            requests::meeting_id.eq(bind(None::<MeetingId>)),
            requests::updated_at.eq(bind(tx.now())),
        );
        let rows = db!(tx, execute, prepared(diesel::update(requests::table.find(bind(id))).set(set)))?;
        tx.established(rows, Settled::reopened(id).into_parts().1)?;
    }
    Ok(())
}

/// Closes the open requests of a mentorship that has just ended.
pub(crate) async fn end_with(tx: &mut Tx<'_>, of: MentorshipId) -> Result<(), Failure> {
    let open = requests::table
        .filter(requests::mentorship_id.eq(bind(of)))
        .filter(requests::state.eq(bind(RequestState::Open)))
        .order(requests::id);
    let rows: Vec<Row> = db!(tx, load, open.select(Row::as_select()))?;
    for row in rows {
        if let Request::Open(it) = row.whole(tx)? {
            settle(tx, it.close()).await?;
        }
    }
    Ok(())
}

/// Saves a new request, and answers it as it is shown to a caller who stands so to its mentorship.
pub async fn save_made(
    tx: &mut Tx<'_>,
    change: Changed<Open>,
    stand: &Stand,
) -> Result<RequestCard, Failure> {
    let (Open { id, mentorship_id, form: it, made_on }, records) = change.into_parts();
    let row = (
        requests::id.eq(bind(id)),
        requests::version.eq(1),
        requests::mentorship_id.eq(bind(mentorship_id)),
        requests::party.eq(bind(it.party)),
        requests::kind.eq(bind(it.kind)),
        requests::text.eq(bind(tx.core.keys.seal_some(TEXT, id, it.text.as_ref())?)),
        requests::on_paper_file_id.eq(bind(it.on_paper_file_id)),
        requests::state.eq(bind(RequestState::Open)),
        requests::made_on.eq(made_on),
        requests::created_at.eq(bind(tx.now())),
        requests::updated_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(requests::table).values(row);
    let saved = db!(tx, get_result, insert.returning(Row::as_returning()));
    let saved = tx.returned(saved, records)?;
    shown(tx, saved, stand, Judged::Whole)
}

/// Saves a request that is no longer open, and answers it as it is shown to somebody who stands so to its mentorship.
pub async fn save_settled(
    tx: &mut Tx<'_>,
    change: Changed<Settled>,
    stand: &Stand,
) -> Result<RequestCard, Failure> {
    let saved = settle(tx, change).await?;
    shown(tx, saved, stand, Judged::Whole)
}

async fn settle(tx: &mut Tx<'_>, change: Changed<Settled>) -> Result<Row, Failure> {
    let (it, records) = change.into_parts();
    let set = (
        requests::version.eq(requests::version + 1),
        requests::state.eq(bind(it.state)),
        requests::settled_on.eq(Some(tx.today())),
        requests::meeting_id.eq(bind(it.meeting_id)),
        requests::note.eq(bind(tx.core.keys.seal_some(NOTE, it.id, it.note.as_ref())?)),
        requests::updated_at.eq(bind(tx.now())),
    );
    let open = requests::table
        .filter(requests::id.eq(bind(it.id)))
        .filter(requests::state.eq(bind(RequestState::Open)));
    let update = diesel::update(open).set(set);
    let saved = db!(tx, get_result, prepared(update.returning(Row::as_returning())));
    tx.returned(saved, records)
}
