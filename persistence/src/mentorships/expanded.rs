//! A mentorship together with what belongs to it, for a screen that shows both.
//!
//! Each part comes from its own card or list, under its own right and scope. A part that the caller may not read is left out.
use crate::engine::failure::Failure;
use crate::engine::page::Window;
use crate::mentorships::meetings::{self, MeetingFilter};
use crate::mentorships::requests::{self, RequestFilter};
use crate::mentorships::{MentorshipCard, StatementFilter, card, mentor_reports, surveys};
use crate::sight::{first_rows, under};
use crate::tx::Tx;
use crate::{mentors, people};
use domain::base::access::Right;
use domain::base::filters::any::Few;
use domain::base::id::MentorshipId;
use domain::mentorships::MentorshipPart;
use shape::filter;

/// The question for a mentorship.
#[filter]
pub struct MentorshipQuestion {
    /// The parts to be read with it, at most three. A part that the caller may not read is left out.
    pub expand: Option<Few<MentorshipPart>>,
}

/// The card of one mentorship with the parts that are asked for.
pub async fn expanded_card(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    asked: &MentorshipQuestion,
) -> Result<MentorshipCard, Failure> {
    let mut it = card(tx, id).await?;
    let Some(parts) = &asked.expand else { return Ok(it) };
    if parts.has(&MentorshipPart::Beneficiary) {
        let of = it.beneficiary_id;
        let read = async |tx: &mut Tx<'_>| people::beneficiary_card(tx, of).await;
        it.beneficiary = under(tx, Right::ReadBeneficiaries, read).await?;
    }
    if parts.has(&MentorshipPart::Mentor) {
        let of = it.mentor_id;
        it.mentor = under(tx, Right::ReadMentors, async |tx| mentors::card(tx, of).await).await?;
    }
    if parts.has(&MentorshipPart::Meetings) {
        let (all, right) = (MeetingFilter::default(), Right::ReadMeetings);
        it.meetings =
            first_rows(tx, right, async |tx, window| meetings::list(tx, Some(id), &all, window).await)
                .await?;
    }
    if parts.has(&MentorshipPart::Requests) {
        let (all, right) = (RequestFilter::default(), Right::ReadMeetings);
        it.requests =
            first_rows(tx, right, async |tx, window| requests::list(tx, Some(id), &all, window).await)
                .await?;
    }
    statements(tx, &mut it, parts).await?;
    if parts.has(&MentorshipPart::History) {
        let right = Right::ReadHistory;
        it.history =
            first_rows(tx, right, async |tx, window| crate::mentorships::history(tx, id, window).await)
                .await?;
    }
    Ok(it)
}

async fn statements(
    tx: &mut Tx<'_>,
    it: &mut MentorshipCard,
    parts: &Few<MentorshipPart>,
) -> Result<(), Failure> {
    let (of, all, right) = (Some(it.id), StatementFilter::default(), Right::ReadReports);
    if parts.has(&MentorshipPart::MentorReports) {
        let list = async |tx: &mut Tx<'_>, window: &Window| mentor_reports::list(tx, of, &all, window).await;
        it.mentor_reports = first_rows(tx, right, list).await?;
    }
    if parts.has(&MentorshipPart::Surveys) {
        let list = async |tx: &mut Tx<'_>, window: &Window| surveys::list(tx, of, &all, window).await;
        it.surveys = first_rows(tx, right, list).await?;
    }
    Ok(())
}
