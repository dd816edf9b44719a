//! The proposals of a computed round, and the beneficiaries that it leaves out.
use super::rounds;
use super::rounds::ASSESSMENT;
use crate::engine::card::Card;
use crate::engine::column::{Json, any, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{matching_left_out, matching_proposals, mentorships};
use crate::mentorships::{mentor_names, recipient_names};
use crate::sight::Own;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, MatchingProposalId, MatchingRoundId, MentorId, MentorshipId};
use domain::matching::{
    LeftOutDetail, LeftOutReason, MatchingRules, PairAssessment, ProposalOrigin, ProposalState,
};
use domain::mentorships::{Eyes, MentorshipState};
use shape::{card, filter};
use uuid::Uuid;

/// A proposal of a round, with its explanation.
#[card]
pub struct MatchingProposalCard {
    /// The id of the matching proposal.
    pub id: MatchingProposalId,
    /// The round of the proposal.
    pub round_id: MatchingRoundId,
    /// The number of the computing that made the proposal, from 1. The next best proposal after a refusal has a later
    /// number.
    #[schema(minimum = 1, maximum = 100_000, example = 1)]
    pub run: i32,
    /// The beneficiary of the proposal.
    pub beneficiary_id: BeneficiaryId,
    /// The name of the beneficiary.
    #[schema(max_length = 1000, example = "Морозова Алёна Сергеевна")]
    pub beneficiary_name: String,
    /// The proposed mentor.
    pub mentor_id: MentorId,
    /// The name of the mentor.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
    /// The origin of the proposal.
    pub origin: ProposalOrigin,
    /// The priority of the beneficiary; 0 is the least urgent.
    #[schema(minimum = 0, maximum = 31, example = 9)]
    pub priority: i32,
    /// The fit of the two, by criterion.
    pub pair: PairAssessment,
    /// The state of the proposal.
    pub state: ProposalState,
    /// The mentorship that the proposal became.
    pub mentorship_id: Option<MentorshipId>,
    /// The current state of that mentorship.
    pub mentorship_state: Option<MentorshipState>,
    /// The reasons that refused the proposal at its publication: codes of rules, or of barriers between the two at
    /// that time.
    #[schema(max_items = 40, max_length = 64, example = json!(["mentor.removed"]))]
    pub refusals: Vec<String>,
}

impl Card for MatchingProposalCard {
    fn personal(&self) -> Vec<Subject> {
        vec![
            Subject::new(SubjectKind::Beneficiary, self.beneficiary_id),
            Subject::new(SubjectKind::Mentor, self.mentor_id),
        ]
    }
}

/// Filters of the list of proposals.
#[filter]
pub struct MatchingProposalFilter {
    /// Only proposals in this state.
    pub state: Option<AnyOf<ProposalState>>,
    /// Only proposals of this origin.
    pub origin: Option<AnyOf<ProposalOrigin>>,
    /// Only proposals for this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only proposals with this mentor.
    pub mentor_id: Option<MentorId>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = matching_proposals)]
struct Row {
    id: MatchingProposalId,
    round_id: MatchingRoundId,
    run: i32,
    beneficiary_id: BeneficiaryId,
    mentor_id: MentorId,
    origin: ProposalOrigin,
    priority: i32,
    assessment: String,
    state: ProposalState,
    mentorship_id: Option<MentorshipId>,
    refusals: Option<Json<Vec<String>>>,
}

/// The proposals of a round, the most urgent first, then in the order in which they were made.
pub async fn list(
    tx: &mut Tx<'_>,
    of: MatchingRoundId,
    filter: &MatchingProposalFilter,
    window: &Window,
) -> Result<Page<MatchingProposalCard>, Failure> {
    rounds::row(tx, of).await?;
    let own = Own::of(tx);
    let rows: Vec<(Row, Option<MentorshipState>)> = db!(tx, load, {
        let mut all = matching_proposals::table
            .left_join(
                mentorships::table
                    .on(matching_proposals::mentorship_id.assume_not_null().eq(mentorships::id)),
            )
            .filter(matching_proposals::round_id.eq(bind(of)))
            .filter(matching_proposals::beneficiary_id.ne_all(binds(&own.beneficiaries)))
            .filter(matching_proposals::mentor_id.ne_all(binds(own.mentor.as_slice())))
            .select((Row::as_select(), mentorships::state.nullable()))
            .order((matching_proposals::priority.desc(), matching_proposals::id))
            .limit(window.fetch())
            .into_boxed();
        if let Some((priority, after)) = window.beyond::<i32, MatchingProposalId>() {
            let beyond = matching_proposals::priority.lt(priority).or(matching_proposals::id.gt(bind(after)));
            all = all.filter(matching_proposals::priority.le(priority)).filter(beyond);
        }
        if let Some(state) = &filter.state {
            all = all.filter(matching_proposals::state.eq_any(any(state)));
        }
        if let Some(origin) = &filter.origin {
            all = all.filter(matching_proposals::origin.eq_any(any(origin)));
        }
        if let Some(beneficiary) = filter.beneficiary_id {
            all = all.filter(matching_proposals::beneficiary_id.eq(bind(beneficiary)));
        }
        if let Some(mentor) = filter.mentor_id {
            all = all.filter(matching_proposals::mentor_id.eq(bind(mentor)));
        }
        all
    })?;
    let page = window.page(rows, |it| place(it.0.priority, it.0.id));
    let mentors: Vec<MentorId> = page.items.iter().map(|it| it.0.mentor_id).collect();
    let beneficiaries: Vec<BeneficiaryId> = page.items.iter().map(|it| it.0.beneficiary_id).collect();
    let (mentors, beneficiaries) =
        (mentor_names(tx, &mentors).await?, recipient_names(tx, &beneficiaries).await?);
    let tell = |(it, mentorship_state): (Row, Option<MentorshipState>)| {
        Ok(MatchingProposalCard {
            pair: tx.core.keys.open(ASSESSMENT, Uuid::from(it.id), &it.assessment)?,
            id: it.id,
            round_id: it.round_id,
            run: it.run,
            beneficiary_id: it.beneficiary_id,
            beneficiary_name: beneficiaries.get(&it.beneficiary_id).cloned().unwrap_or_default(),
            mentor_id: it.mentor_id,
            mentor_name: mentors.get(&it.mentor_id).cloned().unwrap_or_default(),
            origin: it.origin,
            priority: it.priority,
            state: it.state,
            mentorship_id: it.mentorship_id,
            mentorship_state,
            refusals: it.refusals.map(|it| it.0).unwrap_or_default(),
        })
    };
    let items = tx.readable(page.items.into_iter().map(tell))?;
    Ok(Page { items, next: page.next })
}

/// The place of a row in the order of urgency.
fn place(priority: i32, id: MatchingProposalId) -> Place {
    Place { text: Some(priority.to_string()), id: id.into() }
}

/// A beneficiary whom a round leaves without a mentor, and the reason.
#[card]
pub struct LeftOutCard {
    /// The beneficiary without a mentor.
    pub beneficiary_id: BeneficiaryId,
    /// The name of the beneficiary.
    #[schema(max_length = 1000, example = "Морозова Алёна Сергеевна")]
    pub beneficiary_name: String,
    /// The priority of the beneficiary; 0 is the least urgent.
    #[schema(minimum = 0, maximum = 31, example = 9)]
    pub priority: i32,
    /// The reason.
    pub reason: LeftOutReason,
    /// The details of the reason.
    #[schema(value_type = LeftOutDetail)]
    pub detail: Json<LeftOutDetail>,
}

impl Card for LeftOutCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}

type LeftOutRow = (MatchingProposalId, BeneficiaryId, i32, LeftOutReason, Json<LeftOutDetail>);

fn without_own(mut detail: Json<LeftOutDetail>, own: &Own) -> Json<LeftOutDetail> {
    detail.0.seats_to_others.retain(|it| !own.is_mentor(it.mentor_id));
    detail
}

/// The beneficiaries whom a round leaves without a mentor, the most urgent first, then in the order of the round.
pub async fn left_out(
    tx: &mut Tx<'_>,
    of: MatchingRoundId,
    window: &Window,
) -> Result<Page<LeftOutCard>, Failure> {
    rounds::row(tx, of).await?;
    let own = Own::of(tx);
    let rows: Vec<LeftOutRow> = db!(tx, load, {
        let mut all = matching_left_out::table
            .filter(matching_left_out::round_id.eq(bind(of)))
            .filter(matching_left_out::beneficiary_id.ne_all(binds(&own.beneficiaries)))
            .select((
                matching_left_out::id,
                matching_left_out::beneficiary_id,
                matching_left_out::priority,
                matching_left_out::reason,
                matching_left_out::detail,
            ))
            .order((matching_left_out::priority.desc(), matching_left_out::id))
            .limit(window.fetch())
            .into_boxed();
        if let Some((priority, after)) = window.beyond::<i32, MatchingProposalId>() {
            let beyond = matching_left_out::priority.lt(priority).or(matching_left_out::id.gt(bind(after)));
            all = all.filter(matching_left_out::priority.le(priority)).filter(beyond);
        }
        all
    })?;
    let page = window.page(rows, |it| place(it.2, it.0));
    let ids: Vec<BeneficiaryId> = page.items.iter().map(|it| it.1).collect();
    let mut names = recipient_names(tx, &ids).await?;
    let tell = |(_, beneficiary_id, priority, reason, detail): LeftOutRow| LeftOutCard {
        beneficiary_id,
        beneficiary_name: names.remove(&beneficiary_id).unwrap_or_default(),
        priority,
        reason,
        detail: without_own(detail, &own),
    };
    Ok(Page { items: page.items.into_iter().map(tell).collect(), next: page.next })
}

/// The reason for which a round proposed the two of a mentorship, with the parts that the reader may know.
#[card]
pub struct MentorshipExplanation {
    /// The mentorship in question.
    pub mentorship_id: MentorshipId,
    /// The round that proposed the mentorship.
    pub round_id: MatchingRoundId,
    /// The origin of the proposal; only staff see it.
    pub origin: Option<ProposalOrigin>,
    /// The fit of the two, by criterion. Before the consent, the sides see only the criteria that the rules allow;
    /// after it, all of them. They never see the choices of the other side.
    pub pair: PairAssessment,
}

impl Card for MentorshipExplanation {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Mentorship, self.mentorship_id)]
    }
}

/// The reason for which the two of a mentorship were proposed. Not found if no round proposed it.
pub async fn of_mentorship(tx: &mut Tx<'_>, id: MentorshipId) -> Result<MentorshipExplanation, Failure> {
    use crate::engine::schema::matching_rounds;
    let stand = crate::mentorships::stand(tx, id, crate::mentorships::By::Reach).await?;
    // The failure names no subject. With one, the guard would answer 403, because the mentorship itself is visible.
    let missing = || Failure::NotFound(None);
    let one = matching_proposals::table
        .inner_join(matching_rounds::table)
        .filter(matching_proposals::mentorship_id.eq(bind(Some(id))));
    let found: Option<(Row, Json<MatchingRules>)> =
        db!(tx, first, one.select((Row::as_select(), matching_rounds::rules))).optional()?;
    let (it, rules) = found.ok_or_else(missing)?;
    let pair: PairAssessment = tx.core.keys.open(ASSESSMENT, Uuid::from(it.id), &it.assessment)?;
    let state: MentorshipState =
        db!(tx, first, mentorships::table.find(bind(id)).select(mentorships::state))?;
    let is_staff = stand.eyes() == Eyes::Staff;
    let pair = match is_staff {
        true => pair,
        false => pair.to_sides(&rules.0.shown_before_consent, crate::mentorships::is_consented(state)),
    };
    Ok(MentorshipExplanation {
        mentorship_id: id,
        round_id: it.round_id,
        origin: is_staff.then_some(it.origin),
        pair,
    })
}
