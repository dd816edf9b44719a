//! The actions of a mentorship's card, with the stored data by which their orders are judged.
use super::corrections::{end_annulment_of, extension_annulments_of};
use super::course::ExtensionCard;
use super::row::Row;
use super::stand::{By, Stand};
use super::{consents_given, extension_facts_of, meetings, replacement_facts, requests, situation_of};
use super::{reached, termination_facts, whole};
use crate::engine::failure::Failure;
use crate::mentors;
use crate::region::organizations::against_beginning;
use crate::tx::Tx;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::id::MentorshipId;
use domain::base::word::Word;
use domain::mentorships::{ActionFacts, ExtensionOffers, Mentorship, MentorshipOffers, Party};

/// The stored data for the orders that this caller may send to a mentorship that has not ended.
pub(super) async fn facts(tx: &mut Tx<'_>, row: &Row) -> Result<ActionFacts, Failure> {
    let mut facts = ActionFacts::default();
    let it = whole(tx, row.clone()).await?;
    let of = it.pairing();
    if row.ended_on.is_some() {
        if of.side_of(tx.caller()).is_none() && may_annul(tx, row.id).await? {
            facts.extensions = extension_annulments_of(tx, of).await?;
            if it.has_annullable_end() {
                facts.end = Some(end_annulment_of(tx, of).await?);
            }
        }
        return Ok(facts);
    }
    let stand = Stand::of(tx, row, By::Reach).await?;
    let decides = stand.side().is_none();
    let has_begun = it.clone().running().is_ok();
    let extends = decides && stand.may(Right::ExtendMentorship) && it.clone().active().is_ok();
    let confirms = decides && stand.may(Right::ConfirmMentorship) && it.clone().consented().is_ok();
    let signs = stand.may(Right::ConsentMentorship) && !matches!(it, Mentorship::Proposed(_));
    if confirms {
        facts.closed = against_beginning(tx, of.organization_id).await?;
    }
    if extends || confirms || signs {
        let (situation, given) = (situation_of(tx, of).await?, consents_given(tx, of.id).await?);
        if extends {
            facts.extension = Some(extension_facts_of(tx, of, &situation, &given).await?);
        }
        facts.signing = Some((situation, given));
    }
    if decides && has_begun && stand.may(Right::ReplaceMentor) {
        let running = it.clone().running()?;
        facts.replacement = Some(replacement_facts(tx, &running).await?);
    }
    if has_begun && stand.may(Right::TerminateMentorship) {
        let mentor = mentors::found(tx, of.mentor_id).await?;
        facts.termination = Some(termination_facts(tx, of, &mentor).await?);
    }
    if has_begun && decides && stand.may(Right::AnnulRecords) {
        facts.extensions = extension_annulments_of(tx, of).await?;
    }
    if let (true, Mentorship::Active(active)) = (stand.may(Right::EditMeetings), &it) {
        facts.pace = Some(meetings::pace(tx, of, &active.term).await?);
    }
    if has_begun && stand.may(Right::MakeRequest) {
        for party in Party::ALL {
            if requests::open_replacement(tx, of.id, *party).await?.is_some() {
                facts.asked.push(*party);
            }
        }
    }
    Ok(facts)
}

/// Whether the caller may annul records of a mentorship that has ended.
async fn may_annul(tx: &mut Tx<'_>, ended: MentorshipId) -> Result<bool, Failure> {
    let scope = tx.scope_of(Right::AnnulRecords);
    Ok(!scope.is_nothing() && !reached(tx, &[ended], &scope).await?.is_empty())
}

/// The actions of each extension of a mentorship for this caller.
pub(super) fn of_extensions(
    tx: &Tx<'_>,
    it: &Mentorship,
    stand: &Stand,
    facts: &ActionFacts,
    all: &mut [ExtensionCard],
) {
    for card in all {
        let own = facts.extensions.iter().find(|it| it.id == card.id);
        let actions = own.map(|facts| {
            let at = format!("{}/extensions/{}", it.pairing().id, card.id);
            let offers = ExtensionOffers { it, facts, today: tx.today() };
            available(&offers, at, Judged::Whole, |right| stand.may(right), |right| tx.may(right))
        });
        card.available_actions = Some(actions.unwrap_or_default());
    }
}

/// The actions of a mentorship for this caller. Without facts only the state is judged, as lists do.
pub(super) fn actions(
    tx: &Tx<'_>,
    it: &Mentorship,
    stand: &Stand,
    facts: Option<&ActionFacts>,
) -> Vec<AvailableAction> {
    let of = it.pairing();
    let offers = MentorshipOffers {
        it,
        by: stand.side(),
        signer: of.signer_of(tx.caller()),
        may_answer: stand.may(Right::AcceptMentorship),
        by_institution: tx.answers_for(Right::WithdrawAgreement, of.organization_id),
        facts,
        now: tx.now(),
        today: tx.today(),
    };
    let judged = if facts.is_some() { Judged::Whole } else { Judged::State };
    available(&offers, of.id, judged, |right| stand.may(right), |right| tx.may(right))
}
