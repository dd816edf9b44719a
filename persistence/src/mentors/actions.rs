//! The actions of the cards of mentors and of grounds against them.
use super::{MentorCard, must_answer_for, must_speak_for};
use crate::engine::failure::Failure;
use crate::sight::{self, held_where, is_found, passes};
use crate::tx::Tx;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{MentorId, RemovalGroundId};
use domain::mentors::{MentorOffers, RemovalGroundOffers, RemovalGroundState};

/// The actions of a mentor for this caller.
pub(super) async fn of_mentor(tx: &mut Tx<'_>, it: &MentorCard) -> Result<Vec<AvailableAction>, Failure> {
    let rights = [Right::EditMentors, Right::OpenRemovalGround, Right::RemoveMentor, Right::RecordTraining];
    let mut held = rights_over(tx, it.id, &rights).await?;
    let speaks = passes(tx, Right::EditMentorProfiles, async |tx| must_speak_for(tx, it.id).await).await?;
    held.extend(speaks.then_some(Right::EditMentorProfiles));
    let subject = Subject::new(SubjectKind::Mentor, it.id);
    held.extend(sight::held(tx, subject, [Right::MakeChoice]).await?);
    let against_choosing = match held.contains(&Right::MakeChoice) {
        true => tx.above().against_choosing(tx, subject).await?,
        false => None,
    };
    let by_director = tx.caller().is_some_and(|caller| caller.directs(it.organization_id));
    let offers = MentorOffers { is_removed: it.removal.is_some(), by_director, against_choosing };
    Ok(available(&offers, it.id, Judged::Whole, |right| held.contains(&right), |right| tx.may(right)))
}

/// The actions of a ground against a mentor for this caller.
pub(super) async fn of_ground(
    tx: &mut Tx<'_>,
    id: RemovalGroundId,
    mentor: MentorId,
    state: RemovalGroundState,
) -> Result<Vec<AvailableAction>, Failure> {
    let held = rights_over(tx, mentor, &[Right::RemoveMentor]).await?;
    let offers = RemovalGroundOffers(state);
    Ok(available(&offers, id, Judged::Whole, |right| held.contains(&right), |right| tx.may(right)))
}

/// Those of the rights by which the caller answers for the mentor.
async fn rights_over(tx: &mut Tx<'_>, id: MentorId, rights: &[Right]) -> Result<Vec<Right>, Failure> {
    let answers = async |tx: &mut Tx<'_>| is_found(must_answer_for(tx, id).await);
    held_where(tx, rights.iter().copied(), Vec::new(), answers).await
}
