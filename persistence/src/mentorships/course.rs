//! The course of mentorships in the database: tutors, extensions, pauses, successions.
use super::row::{Row, Saved, save, step};
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{extensions, mentorships, pauses, replacements, successions};
use crate::mentorships::regularity;
use crate::region::users;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::Changed;
use domain::base::decree::Decree;
use domain::base::entry::Annulment;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Note, OrderNumber};
use domain::mentorships::*;
use shape::card;
use std::collections::HashMap;

/// Hands a mentorship over to the organization that has taken the case of the recipient over, with the tutor whom the order names.
pub(crate) async fn hand_over(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    (from, to): (OrganizationId, OrganizationId),
    named: Option<UserId>,
) -> Result<Saved, Failure> {
    let pair = super::of_meeting(tx, id, super::By::Change).await?;
    let is_left_behind = match pair.pairing().tutor_user_id {
        Some(present) => users::serves(tx, present, from).await? && !users::serves(tx, present, to).await?,
        None => false,
    };
    let (it, records) = pair.hand_over(to, HandoverTutor { named, is_left_behind })?.into_parts();
    let set = (
        mentorships::version.eq(mentorships::version + 1),
        mentorships::organization_id.eq(bind(it.organization_id)),
        mentorships::tutor_user_id.eq(bind(it.tutor_user_id)),
        mentorships::updated_at.eq(bind(tx.now())),
    );
    save!(tx, it.id, set, records).map(Saved)
}

/// Saves who follows the pair as its tutor from now on.
pub async fn save_tutored(tx: &mut Tx<'_>, change: Changed<Tutored>) -> Result<Saved, Failure> {
    let (it, records) = change.into_parts();
    let set = (
        mentorships::version.eq(mentorships::version + 1),
        mentorships::tutor_user_id.eq(bind(it.tutor_user_id)),
        mentorships::updated_at.eq(bind(tx.now())),
    );
    save!(tx, it.id, set, records).map(Saved)
}

/// An extension of the term of a mentorship (002 §3.9).
#[card]
#[derive(Clone)]
pub struct ExtensionCard {
    /// The id of the extension.
    pub id: ExtensionId,
    /// The last day before the extension.
    pub from_ends_on: NaiveDate,
    /// The last day after the extension.
    pub ends_on: NaiveDate,
    /// The reason for the extension; only staff see it.
    pub reason: Option<Note>,
    /// The file of the document about the extension.
    pub document_file_id: Option<FileId>,
    /// The decree about the extension.
    pub decree: Option<Decree>,
    /// The annulment, where it was recorded by mistake; only staff see an annulled extension.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the extension now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the extension was recorded.
    pub recorded_at: Moment,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = extensions)]
struct ExtensionRow {
    id: ExtensionId,
    mentorship_id: MentorshipId,
    from_ends_on: NaiveDate,
    ends_on: NaiveDate,
    reason: Option<String>,
    file_id: Option<FileId>,
    order_number: Option<OrderNumber>,
    order_date: Option<NaiveDate>,
    recorded_at: Moment,
    annulment_reason: Option<String>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = pauses)]
struct PauseRow {
    id: PauseId,
    mentorship_id: MentorshipId,
    paused_on: NaiveDate,
    reason: PauseReason,
    until: Option<NaiveDate>,
    note: Option<String>,
}

impl PauseRow {
    fn pause(&self, tx: &Tx<'_>) -> Result<Pause, Failure> {
        let note = tx.legible(tx.core.keys.open_some(PAUSE_NOTE, self.id, self.note.as_ref()))?;
        Ok(Pause { paused_on: self.paused_on, reason: self.reason, until: self.until, note })
    }
}

const EXTENSION_REASON: &str = "extensions.reason";
pub(super) const EXTENSION_ANNULMENT: &str = "extensions.annulment_reason";
const PAUSE_NOTE: &str = "pauses.note";

/// The extensions of the given mentorships, in order.
pub(super) async fn extensions_of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, Vec<ExtensionCard>>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let theirs = extensions::table.filter(extensions::mentorship_id.eq_any(binds(ids)));
    let rows: Vec<ExtensionRow> =
        db!(tx, load, theirs.order(extensions::id).select(ExtensionRow::as_select()))?;
    let card = |it: ExtensionRow| {
        let reason: Option<Note> =
            tx.core.keys.open_some(EXTENSION_ANNULMENT, it.id, it.annulment_reason.as_ref())?;
        let card = ExtensionCard {
            id: it.id,
            from_ends_on: it.from_ends_on,
            ends_on: it.ends_on,
            reason: tx.core.keys.open_some(EXTENSION_REASON, it.id, it.reason.as_ref())?,
            document_file_id: it.file_id,
            decree: Decree::of(it.order_number, it.order_date),
            annulment: reason.map(|reason| Annulment { reason }),
            available_actions: None,
            recorded_at: it.recorded_at,
        };
        Ok((it.mentorship_id, card))
    };
    let cards: Vec<(MentorshipId, ExtensionCard)> = tx.readable(rows.into_iter().map(card))?;
    let mut found: HashMap<MentorshipId, Vec<ExtensionCard>> = HashMap::new();
    cards.into_iter().for_each(|(id, card)| found.entry(id).or_default().push(card));
    Ok(found)
}

/// The current pauses of the given mentorships.
pub(super) async fn pauses_of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, Pause>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let open = pauses::table.filter(pauses::over_on.is_null());
    let theirs = open.filter(pauses::mentorship_id.eq_any(binds(ids)));
    let rows: Vec<PauseRow> = db!(tx, load, theirs.select(PauseRow::as_select()))?;
    rows.into_iter().map(|it| Ok((it.mentorship_id, it.pause(tx)?))).collect()
}

/// The latest pause of a mentorship, over or not.
pub(super) async fn last_pause(
    tx: &mut Tx<'_>,
    id: MentorshipId,
) -> Result<Option<(PauseId, Pause)>, Failure> {
    let theirs = pauses::table.filter(pauses::mentorship_id.eq(bind(id))).order(pauses::id.desc());
    let row: Option<PauseRow> = db!(tx, first, theirs.select(PauseRow::as_select())).optional()?;
    row.map(|it| Ok((it.id, it.pause(tx)?))).transpose()
}

/// Opens the latest pause of a mentorship again.
pub(super) async fn reopen_pause(tx: &mut Tx<'_>, id: MentorshipId) -> Result<(), Failure> {
    if let Some((pause, _)) = last_pause(tx, id).await? {
        let open = pauses::over_on.eq(None::<NaiveDate>);
        db!(tx, execute, prepared(diesel::update(pauses::table.find(bind(pause))).set(open)))?;
    }
    Ok(())
}

/// The number of paused days of a mentorship between two days.
pub(super) async fn paused_days(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    since: NaiveDate,
    until: NaiveDate,
) -> Result<i64, Failure> {
    let all = pauses::table.filter(pauses::mentorship_id.eq(bind(id)));
    let rows: Vec<(NaiveDate, Option<NaiveDate>)> =
        db!(tx, load, all.select((pauses::paused_on, pauses::over_on)))?;
    let days = |(begun, over): (NaiveDate, Option<NaiveDate>)| {
        (over.unwrap_or(until).min(until) - begun.max(since)).num_days().max(0)
    };
    Ok(rows.into_iter().map(days).sum())
}

/// The day on which the latest pause of a mentorship ended.
pub(crate) async fn resumed_on(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Option<NaiveDate>, Failure> {
    let all = pauses::table.filter(pauses::mentorship_id.eq(bind(id)));
    let latest: Option<Option<NaiveDate>> =
        db!(tx, first, all.order(pauses::id.desc()).select(pauses::over_on)).optional()?;
    Ok(latest.flatten())
}

/// The grounds on which the given mentorships were replaced, and whether the absence of the mentor was confirmed.
pub(super) async fn replacements_of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, (ReplacementGround, bool)>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let theirs = replacements::table.filter(replacements::mentorship_id.eq_any(binds(ids)));
    let rows: Vec<(MentorshipId, ReplacementGround, bool)> = db!(tx, load, theirs)?;
    Ok(rows.into_iter().map(|(id, ground, confirmed)| (id, (ground, confirmed))).collect())
}

/// The newest mentorship that follows after each of the given ones. Those that ended before they began are left out.
pub(super) async fn successors_of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, MentorshipId>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let theirs = successions::table
        .inner_join(mentorships::table)
        .filter(successions::replaces_id.eq_any(binds(ids)))
        .filter(mentorships::state.ne(bind(MentorshipState::Declined)))
        .filter(mentorships::state.ne(bind(MentorshipState::Lapsed)));
    let rows: Vec<(MentorshipId, MentorshipId)> = db!(
        tx,
        load,
        theirs
            .order(successions::mentorship_id)
            .select((successions::replaces_id, successions::mentorship_id))
    )?;
    Ok(rows.into_iter().collect())
}

/// Whether another mentorship has begun after the given replaced one.
pub(super) async fn is_succeeded(tx: &mut Tx<'_>, id: MentorshipId) -> Result<bool, Failure> {
    let begun = successions::table
        .inner_join(mentorships::table)
        .filter(successions::replaces_id.eq(bind(id)))
        .filter(mentorships::starts_on.is_not_null());
    Ok(db!(tx, get_result, diesel::select(exists(begun)))?)
}

pub(super) async fn insert_succession(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    replaces: MentorshipId,
) -> Result<(), Failure> {
    let row = (successions::mentorship_id.eq(bind(id)), successions::replaces_id.eq(bind(replaces)));
    db!(tx, execute, diesel::insert_into(successions::table).values(row))?;
    super::touch(tx, Touched::succeeded(replaces, id)).await
}

/// The number of extensions of a mentorship that were not annulled.
pub(super) async fn extended_times(tx: &mut Tx<'_>, id: MentorshipId) -> Result<i64, Failure> {
    let theirs = extensions::table
        .filter(extensions::mentorship_id.eq(bind(id)))
        .filter(extensions::annulment_reason.is_null());
    Ok(db!(tx, get_result, theirs.count())?)
}

/// Saves an extended term.
pub async fn save_extended(tx: &mut Tx<'_>, change: Changed<Extended>) -> Result<Saved, Failure> {
    let (it, records) = change.into_parts();
    let of = it.mentorship.pairing.id;
    let reason = tx.core.keys.seal_some(EXTENSION_REASON, it.id, it.order.reason.as_ref())?;
    let (order_number, order_date) = Decree::parts(it.order.decree);
    let row = (
        extensions::id.eq(bind(it.id)),
        extensions::mentorship_id.eq(bind(of)),
        extensions::from_ends_on.eq(it.from),
        extensions::ends_on.eq(it.order.ends_on),
        extensions::reason.eq(bind(reason)),
        extensions::file_id.eq(bind(it.order.document_file_id)),
        extensions::order_number.eq(bind(order_number)),
        extensions::order_date.eq(order_date),
        extensions::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(extensions::table).values(row))?;
    let set = (step!(tx, MentorshipState::Active), mentorships::ends_on.eq(Some(it.mentorship.term.ends_on)));
    save!(tx, of, set, records).map(Saved)
}

/// Saves the beginning of a pause.
pub async fn save_paused(tx: &mut Tx<'_>, change: Changed<PauseBegun>) -> Result<Saved, Failure> {
    let (PauseBegun { id, mentorship: Paused { pairing, pause: it, .. } }, records) = change.into_parts();
    let note = tx.core.keys.seal_some(PAUSE_NOTE, id, it.note.as_ref())?;
    let row = (
        pauses::id.eq(bind(id)),
        pauses::mentorship_id.eq(bind(pairing.id)),
        pauses::paused_on.eq(it.paused_on),
        pauses::reason.eq(bind(it.reason)),
        pauses::until.eq(it.until),
        pauses::note.eq(bind(note)),
        pauses::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(pauses::table).values(row))?;
    let step = step!(tx, MentorshipState::Paused);
    save!(tx, pairing.id, step, records).map(Saved)
}

/// Saves the end of a pause.
pub async fn save_resumed(tx: &mut Tx<'_>, change: Changed<Resumed>) -> Result<Saved, Failure> {
    let (Resumed { mentorship, resumed_on }, records) = change.into_parts();
    let id = mentorship.pairing.id;
    end_pause(tx, id, resumed_on).await?;
    regularity::resume(tx, id, resumed_on).await?;
    let step = step!(tx, MentorshipState::Active);
    save!(tx, id, step, records).map(Saved)
}

/// Ends the pause of a mentorship, if there is one. A pause that would end before it begins ends on its first day.
pub(super) async fn end_pause(tx: &mut Tx<'_>, id: MentorshipId, on: NaiveDate) -> Result<(), Failure> {
    let open = pauses::table.filter(pauses::mentorship_id.eq(bind(id))).filter(pauses::over_on.is_null());
    let found: Option<(PauseId, NaiveDate)> =
        db!(tx, first, open.select((pauses::id, pauses::paused_on))).optional()?;
    if let Some((pause, since)) = found {
        let over = pauses::over_on.eq(Some(on.max(since)));
        db!(tx, execute, prepared(diesel::update(pauses::table.find(bind(pause))).set(over)))?;
    }
    Ok(())
}
