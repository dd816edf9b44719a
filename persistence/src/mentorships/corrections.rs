//! Corrections of the course of a mentorship in the database: annulled extensions and annulled ends. The reasons are sealed.
use super::endings::{later_in_program, waits_anew};
use super::row::{Row, Saved, reworded, save, step};
use super::{consents_given, course, load, situation_of};
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{
    extensions, facts, group_meetings, meetings, mentor_reports, mentorships, participations, replacements,
    surveys,
};
use crate::region::terms;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::OrderNumber;
use domain::mentorships::group_meetings::GroupMeetingState;
use domain::mentorships::meetings::MeetingState;
use domain::mentorships::*;
use uuid::Uuid;

/// The facts that rules judge when an extension is annulled: of each extension of a mentorship, in their order.
pub(super) async fn extension_annulments_of(
    tx: &mut Tx<'_>,
    of: &Pairing,
) -> Result<Vec<ExtensionAnnulmentFacts>, Failure> {
    let own = extensions::table.filter(extensions::mentorship_id.eq(bind(of.id))).order(extensions::id);
    let rows: Vec<(ExtensionId, NaiveDate, Moment, bool)> = db!(
        tx,
        load,
        own.select((
            extensions::id,
            extensions::from_ends_on,
            extensions::recorded_at,
            extensions::annulment_reason.is_not_null(),
        ))
    )?;
    let Some(first) = rows.iter().map(|it| it.1).min() else { return Ok(Vec::new()) };
    let is_about_caller = of.side_of(tx.caller()).is_some();
    let term = terms::corrections(tx).await?;
    let later = records_after(tx, of.id, first).await?;
    let standing: Vec<ExtensionId> = rows.iter().filter(|it| !it.3).map(|it| it.0).collect();
    let facts = |(id, from, at, is_annulled)| ExtensionAnnulmentFacts {
        id,
        recorded: tx.recorded(at, is_annulled, is_about_caller, term),
        from,
        next: standing.iter().copied().find(|it| Uuid::from(*it) > Uuid::from(id)),
        resting: later.iter().filter(|it| it.0 > from).map(|it| it.1).collect(),
    };
    Ok(rows.into_iter().map(facts).collect())
}

/// The meetings, held or planned, the surveys and the reports of a mentorship after a day, each with its own day.
async fn records_after(
    tx: &mut Tx<'_>,
    of: MentorshipId,
    day: NaiveDate,
) -> Result<Vec<(NaiveDate, Subject)>, Failure> {
    let own = meetings::table
        .filter(meetings::mentorship_id.eq(bind(of)))
        .filter(meetings::annulment_reason.is_null())
        .filter(
            meetings::state.eq(bind(MeetingState::Planned)).or(meetings::state.eq(bind(MeetingState::Held))),
        );
    let single: Vec<(MeetingId, Moment)> = db!(tx, load, own.select((meetings::id, meetings::at)))?;
    let came = group_meetings::state
        .eq(bind(GroupMeetingState::Planned))
        .or(participations::attended.eq(Some(true)).assume_not_null());
    let theirs = group_meetings::table
        .inner_join(participations::table)
        .filter(participations::mentorship_id.eq(bind(of)))
        .filter(group_meetings::annulment_reason.is_null())
        .filter(group_meetings::state.ne(bind(GroupMeetingState::Cancelled)))
        .filter(came);
    let in_groups: Vec<(GroupMeetingId, Moment)> =
        db!(tx, load, theirs.select((group_meetings::id, group_meetings::at)))?;
    let visits = surveys::table
        .filter(surveys::mentorship_id.eq(bind(of)))
        .filter(surveys::annulment_reason.is_null())
        .filter(surveys::visited_on.gt(day));
    let visits: Vec<(SurveyId, NaiveDate)> =
        db!(tx, load, visits.select((surveys::id, surveys::visited_on)))?;
    let told = mentor_reports::table
        .filter(mentor_reports::mentorship_id.eq(bind(of)))
        .filter(mentor_reports::annulment_reason.is_null())
        .filter(mentor_reports::period_to.gt(day));
    let told: Vec<(MentorReportId, NaiveDate)> =
        db!(tx, load, told.select((mentor_reports::id, mentor_reports::period_to)))?;
    let zone = tx.zone();
    let single = single.into_iter().map(|it| (zone.day(it.1), Subject::new(SubjectKind::Meeting, it.0)));
    let in_groups =
        in_groups.into_iter().map(|it| (zone.day(it.1), Subject::new(SubjectKind::GroupMeeting, it.0)));
    let visits = visits.into_iter().map(|it| (it.1, Subject::new(SubjectKind::Survey, it.0)));
    let told = told.into_iter().map(|it| (it.1, Subject::new(SubjectKind::MentorReport, it.0)));
    Ok(single.chain(in_groups).chain(visits).chain(told).filter(|it| it.0 > day).collect())
}

/// Loads a mentorship whose extension is to be annulled, with the facts that rules judge.
pub async fn extension_to_annul(
    tx: &mut Tx<'_>,
    of: MentorshipId,
    id: ExtensionId,
) -> Result<(Mentorship, ExtensionAnnulmentFacts), Failure> {
    let it = load(tx, of).await?;
    let all = extension_annulments_of(tx, it.pairing()).await?;
    let facts = all.into_iter().find(|it| it.id == id).ok_or(Failure::NotFound(None))?;
    Ok((it, facts))
}

/// Saves an annulled extension, and the earlier last day of its mentorship.
pub async fn save_annulled_extension(
    tx: &mut Tx<'_>,
    change: Changed<AnnulledExtension>,
) -> Result<Saved, Failure> {
    let (it, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(course::EXTENSION_ANNULMENT, it.id, Some(&it.annulment.reason))?;
    let one = extensions::table.find(bind(it.id));
    db!(tx, execute, prepared(diesel::update(one).set(extensions::annulment_reason.eq(bind(reason)))))?;
    let set = (
        mentorships::version.eq(mentorships::version + 1),
        mentorships::updated_at.eq(bind(tx.now())),
        mentorships::ends_on.eq(Some(it.ends_on)),
    );
    save!(tx, it.mentorship_id, set, records).map(Saved)
}

/// The facts that rules judge when the end of a mentorship is annulled.
pub(super) async fn end_annulment_of(tx: &mut Tx<'_>, of: &Pairing) -> Result<EndAnnulmentFacts, Failure> {
    let own = facts::table
        .filter(facts::subject_kind.eq(bind(SubjectKind::Mentorship)))
        .filter(facts::subject_id.eq(bind(Uuid::from(of.id))))
        .order(facts::id.desc());
    let told: Vec<(String, Moment)> = db!(tx, load, own.select((facts::kind, facts::at)))?;
    let ended = told.iter().find(|it| is_end(&it.0)).map_or(tx.now(), |it| it.1);
    let pause = match was_paused(told.iter().map(|it| it.0.as_str())) {
        true => course::last_pause(tx, of.id).await?.map(|it| it.1),
        false => None,
    };
    let term = terms::corrections(tx).await?;
    Ok(EndAnnulmentFacts {
        recorded: tx.recorded(ended, false, of.side_of(tx.caller()).is_some(), term),
        pause,
        next: later_in_program(tx, of).await?,
        situation: situation_of(tx, of).await?,
        consents: consents_given(tx, of.id).await?,
    })
}

/// Loads a mentorship whose end is to be annulled, with the facts that rules judge.
pub async fn end_to_annul(
    tx: &mut Tx<'_>,
    id: MentorshipId,
) -> Result<(Mentorship, EndAnnulmentFacts), Failure> {
    let it = load(tx, id).await?;
    let facts = end_annulment_of(tx, it.pairing()).await?;
    Ok((it, facts))
}

/// Saves a mentorship that goes on after its end was annulled. A pause that the end cut short goes on too.
pub async fn save_restored(tx: &mut Tx<'_>, change: Changed<Restored>) -> Result<Saved, Failure> {
    let (Restored { mentorship, end }, records) = change.into_parts();
    let (id, state) = (mentorship.pairing().id, mentorship.state());
    if state == MentorshipState::Paused {
        course::reopen_pause(tx, id).await?;
    }
    db!(tx, execute, diesel::delete(replacements::table.find(bind(id))))?;
    let words = reworded(tx, id, |words| {
        words.ending = None;
        words.annulled_end = Some(end);
    })
    .await?;
    let set = (
        mentorships::ended_on.eq(None::<NaiveDate>),
        mentorships::termination_ground.eq(bind(None::<TerminationGround>)),
        mentorships::termination_order_number.eq(bind(None::<OrderNumber>)),
        mentorships::termination_order_date.eq(None::<NaiveDate>),
        mentorships::ending_file_id.eq(bind(None::<FileId>)),
        mentorships::words.eq(bind(words)),
    );
    let step = step!(tx, state);
    let saved = save!(tx, id, (step, set), records)?;
    waits_anew(tx, saved).await
}
