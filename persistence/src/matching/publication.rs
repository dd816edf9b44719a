//! Publication of a round. Its proposals become proposed mentorships, a part at a time. Each is judged by the rules
//! at that moment. When a proposal is refused, the next best mentor is offered.
use super::pool::{self, Question};
use super::rounds::{self, Row};
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{matching_proposals, matching_rounds, mentorships as mentorships_table};
use crate::mentorships;
use crate::people::must_be_no_relative;
use crate::region::jobs;
use crate::region::programs;
use crate::sight;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::*;
use domain::base::word::Word;
use domain::matching::*;
use domain::mentorships::{MentorshipState, Proposal, Proposed};
use domain::region::jobs::JobKind;
use domain::region::programs::Edition;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Proposals that one transaction publishes, so that other writes need not wait long.
pub const PUBLISHED_AT_ONCE: i64 = 50;

/// Begins the publication and returns the job that does it.
pub async fn save_publishing(tx: &mut Tx<'_>, change: Changed<Publishing>) -> Result<JobId, Failure> {
    let (it, records) = change.into_parts();
    let subject = Subject::new(SubjectKind::MatchingRound, it.id);
    let job_id = jobs::enqueue(tx, JobKind::MatchingPublication, subject).await?;
    let set = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::state.eq(bind(RoundState::Publishing)),
        matching_rounds::job_id.eq(bind(job_id)),
        matching_rounds::starts_on.eq(Some(it.order.starts_on)),
        matching_rounds::ends_on.eq(it.order.ends_on),
        matching_rounds::tutor_user_id.eq(bind(it.order.tutor_user_id)),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(matching_rounds::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)?;
    Ok(job_id)
}

type Pending = (MatchingProposalId, BeneficiaryId, MentorId);

/// Publishes the next part of a round, or of one computing of it. Returns the number of pending proposals and of all.
pub async fn publish_some(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    run: Option<i32>,
) -> Result<(i64, i64), Failure> {
    let round = rounds::row(tx, id).await?;
    let part: Vec<Pending> = db!(tx, load, {
        let mut all = matching_proposals::table
            .filter(matching_proposals::round_id.eq(bind(id)))
            .filter(matching_proposals::state.eq(bind(ProposalState::Pending)))
            .order(matching_proposals::id)
            .limit(PUBLISHED_AT_ONCE)
            .select((
                matching_proposals::id,
                matching_proposals::beneficiary_id,
                matching_proposals::mentor_id,
            ))
            .into_boxed();
        if let Some(run) = run {
            all = all.filter(matching_proposals::run.eq(run));
        }
        all
    })?;
    // A computing of next best mentors may propose nobody. Then the people are not read again.
    if !part.is_empty() {
        publish_part(tx, &round, part).await?;
    }
    let counts = rounds::counts(tx, id, run).await?;
    Ok((counts.of(ProposalState::Pending), counts.all()))
}

async fn publish_part(tx: &mut Tx<'_>, round: &Row, part: Vec<Pending>) -> Result<(), Failure> {
    let terms = terms(tx, round).await?;
    let only = Some(part.iter().map(|it| it.1).collect());
    let question = Question { only, ..rounds::question(tx, round).await? };
    let pool = pool::load(tx, &question).await?;
    let (mut seated, mut refused): (HashMap<MentorId, u32>, usize) = (HashMap::new(), 0);
    for it in part {
        let seated = seated.entry(it.2).or_default();
        let barriers = against(&pool, &round.rules.0, &it, *seated);
        match propose(tx, round, &terms, &it, barriers).await {
            Ok(Some(mentorship)) => {
                *seated += 1;
                published(tx, it.0, mentorship).await?;
            }
            Ok(None) => {
                refused += 1;
                refuse(tx, it.0, barriers.all().map(Word::code)).await?;
            }
            Err(Failure::Refused(by_rules)) => {
                refused += 1;
                refuse(tx, it.0, by_rules.reasons().iter().map(|it| it.rule.code)).await?;
            }
            Err(other) => return Err(other),
        }
    }
    match PairsRefused::count(round.id, refused) {
        Some(change) => tx.established(1, change.into_parts().1),
        None => Ok(()),
    }
}

/// The first day of mentorships proposed now, and the edition in force on it.
async fn terms(tx: &mut Tx<'_>, round: &Row) -> Result<(NaiveDate, Option<Edition>), Failure> {
    let starts_on =
        round.starts_on.ok_or_else(|| Failure::broken("a round published without a first day"))?;
    let starts_on = starts_on.max(tx.today());
    Ok((starts_on, programs::edition_in_force(tx, round.program_id, starts_on).await?))
}

/// The barriers between the two now, by the rules of the round. They may be new since the round was computed, such as
/// a taken seat or a veto. `seated` counts the seats that this part has used, which the pool does not know.
fn against(pool: &Pool, rules: &MatchingRules, (_, beneficiary, mentor): &Pending, seated: u32) -> Barriers {
    let pair = pool.beneficiary_ix(*beneficiary).zip(pool.mentor_ix(*mentor));
    let assessed = pair.and_then(|(who, with)| pool.assess(rules, who, with));
    let free = pair.and_then(|it| pool.mentor(it.1)).map_or(0, |it| it.free_seats);
    let barriers = assessed.map_or(Barriers::NONE.with(Barrier::NotOffered, true), |it| it.barriers);
    barriers.with(Barrier::NoSeat, seated >= free)
}

/// Proposes a mentorship. Returns none if the rules of mentorships allow it but there are barriers of matching.
async fn propose(
    tx: &mut Tx<'_>,
    round: &Row,
    (starts_on, edition): &(NaiveDate, Option<Edition>),
    (_, beneficiary_id, mentor_id): &Pending,
    against: Barriers,
) -> Result<Option<MentorshipId>, Failure> {
    let of_round = edition.as_ref().filter(|it| it.id == round.edition_id);
    let edition = of_round.ok_or_else(|| PROGRAM_CHANGED.refuse())?;
    let mut order = Proposal {
        program_id: round.program_id,
        beneficiary_id: *beneficiary_id,
        mentor_id: *mentor_id,
        tutor_user_id: round.tutor_user_id,
        starts_on: *starts_on,
        ends_on: round.ends_on,
        reason: None,
        replaces_id: None,
    };
    let mut situation = mentorships::situation_of_proposal_under(tx, &order, edition.clone()).await?;
    if situation.awaits_successor.is_some() {
        order.replaces_id = situation.awaits_successor;
        situation = mentorships::situation_of_proposal_under(tx, &order, edition.clone()).await?;
    }
    order.must_be_made_by(tx.caller(), tx.scope(), situation.organization_id)?;
    // The tutor of the round follows no relative.
    let tutored = must_be_no_relative(tx, order.tutor_user_id, *beneficiary_id, "/tutor_user_id").await;
    let ruled = Proposed::propose(tx.mint(), &order, &situation, tx.today());
    let mut proposed = sight::ruled(ruled, [tutored])?;
    if !against.is_empty() {
        return Ok(None);
    }
    if round.rules.0.specialist_answer {
        proposed = Proposed::ask_the_specialist(proposed);
    }
    let id = proposed.value().pairing.id;
    // The rules have passed, so a refusal by a constraint means that another transaction came between. This one is
    // repeated.
    match mentorships::save_proposed(tx, proposed, order.replaces_id).await {
        Err(Failure::Refused(why)) => Err(Failure::Crossed(why.to_string())),
        saved => saved.map(|_| Some(id)),
    }
}

async fn published(tx: &mut Tx<'_>, id: MatchingProposalId, mentorship: MentorshipId) -> Result<(), Failure> {
    let set = (
        matching_proposals::state.eq(bind(ProposalState::Published)),
        matching_proposals::mentorship_id.eq(bind(Some(mentorship))),
    );
    db!(tx, execute, prepared(diesel::update(matching_proposals::table.find(bind(id))).set(set)))?;
    Ok(())
}

async fn refuse(
    tx: &mut Tx<'_>,
    id: MatchingProposalId,
    codes: impl Iterator<Item = &'static str>,
) -> Result<(), Failure> {
    let codes: Vec<String> = codes.map(str::to_owned).collect();
    let set = (
        matching_proposals::state.eq(bind(ProposalState::Refused)),
        matching_proposals::refusals.eq(bind(Some(Json(codes)))),
    );
    db!(tx, execute, prepared(diesel::update(matching_proposals::table.find(bind(id))).set(set)))?;
    Ok(())
}

/// Saves the end of a publication, when no proposal of the round is pending.
pub async fn save_published(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<(), Failure> {
    let counts = rounds::counts(tx, id, None).await?;
    let (published, refused) = (counts.of(ProposalState::Published), counts.of(ProposalState::Refused));
    let change = PublishedRound::publish(id, published, refused);
    let (it, records) = change.into_parts();
    let set = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::state.eq(bind(RoundState::Published)),
        matching_rounds::published_at.eq(bind(Some(tx.now()))),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(matching_rounds::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)
}

/// Starts a job that offers the next best mentor, after a mentorship from a round was declined or lapsed. One job
/// handles all refusals before it runs.
pub(crate) async fn offer_next(tx: &mut Tx<'_>, of: MentorshipId) -> Result<(), Failure> {
    let round = matching_proposals::table
        .inner_join(matching_rounds::table)
        .filter(matching_proposals::mentorship_id.eq(bind(Some(of))))
        .select((matching_rounds::id, matching_rounds::made_by));
    let round: Option<(MatchingRoundId, UserId)> = db!(tx, first, round).optional()?;
    let Some((id, made_by)) = round else { return Ok(()) };
    let subject = Subject::new(SubjectKind::MatchingRound, id);
    if jobs::is_queued(tx, JobKind::MatchingNextBest, subject).await? {
        return Ok(());
    }
    jobs::enqueue_for(tx, JobKind::MatchingNextBest, subject, made_by).await.map(drop)
}

/// The task of a job that offers the next best mentor. It is about people whose proposal of this round was refused
/// and who have no newer mentorship.
pub async fn next_task(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<rounds::RoundTask, Failure> {
    let round = rounds::row(tx, id).await?;
    let mut task = rounds::bare_task(tx, &round).await?;
    let mut to_come = Vec::new();
    if round.state != RoundState::Published {
        // A beneficiary with a pending proposal is not offered another one.
        let pending = matching_proposals::table
            .filter(matching_proposals::round_id.eq(bind(id)))
            .filter(matching_proposals::state.eq(bind(ProposalState::Pending)))
            .select(matching_proposals::beneficiary_id);
        to_come = db!(tx, load, pending)?;
    }
    let refused = refused_last(tx, &round).await?;
    task.question.only = Some(refused.into_iter().filter(|it| !to_come.contains(it)).collect());
    Ok(task)
}

/// The beneficiaries whose latest mentorship of the program is a proposal of this round that was declined or lapsed.
/// Others got a mentor by hand or from a later round, so this round no longer matches them.
async fn refused_last(tx: &mut Tx<'_>, round: &Row) -> Result<Vec<BeneficiaryId>, Failure> {
    let published = matching_proposals::table
        .filter(matching_proposals::round_id.eq(bind(round.id)))
        .filter(matching_proposals::mentorship_id.is_not_null());
    let ours = published.select(matching_proposals::mentorship_id.assume_not_null());
    let ours: HashSet<MentorshipId> = db!(tx, load, ours)?.into_iter().collect();
    let all = mentorships_table::table
        .filter(mentorships_table::program_id.eq(bind(round.program_id)))
        .filter(
            mentorships_table::beneficiary_id.eq_any(published.select(matching_proposals::beneficiary_id)),
        )
        .order((mentorships_table::created_at, mentorships_table::id))
        .select((mentorships_table::beneficiary_id, mentorships_table::id, mentorships_table::state));
    let all: Vec<(BeneficiaryId, MentorshipId, MentorshipState)> = db!(tx, load, all)?;
    let latest: BTreeMap<_, _> = all.into_iter().map(|(who, id, state)| (who, (id, state))).collect();
    let refused = latest.into_iter().filter(|(_, (id, state))| {
        ours.contains(id) && matches!(state, MentorshipState::Declined | MentorshipState::Lapsed)
    });
    Ok(refused.map(|it| it.0).collect())
}

/// Saves the next best proposals of a published round, which are published at once. The result of the round stays
/// unchanged.
pub async fn save_next(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    run: i32,
    proposals: &[ProposedPair],
) -> Result<(), Failure> {
    if rounds::row(tx, id).await?.state == RoundState::Published {
        // Proposals of an earlier attempt that were not published are deleted.
        let left = matching_proposals::table
            .filter(matching_proposals::round_id.eq(bind(id)))
            .filter(matching_proposals::state.eq(bind(ProposalState::Pending)));
        db!(tx, execute, diesel::delete(left))?;
    }
    rounds::insert_proposals(tx, id, run, proposals).await?;
    let (it, records) = NextFound::find(id, run, proposals.len()).into_parts();
    let set = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::run.eq(it.run),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(matching_rounds::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)
}
