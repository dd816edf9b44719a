//! The standing of a caller to a mentorship: the side that they are, and what their rights let them do with it.
use super::reached;
use super::row::Row;
use crate::engine::failure::Failure;
use crate::tx::Tx;
use domain::base::access::{Right, Scope};
use domain::base::id::MentorshipId;
use domain::mentorships::{Eyes, Pairing, Party, side_in};
use std::collections::{HashMap, HashSet};

/// The rights of a page's caller over its mentorships.
pub(super) type Rights = HashMap<MentorshipId, Vec<Right>>;

/// The standing of the caller to a mentorship that they see, or that this transaction has just changed.
#[derive(Debug, Clone)]
pub struct Stand {
    side: Option<Party>,
    rights: Vec<Right>,
}

/// The way by which a mentorship is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// By the right of this transaction, which must reach it.
    Reach,
    /// By a change that this transaction has made, and that may have taken it out of the right's reach.
    Change,
}

/// The rights on which it depends what can be done with a mentorship, its meetings and its requests.
const RIGHTS: [Right; 15] = [
    Right::ProposeMentorship,
    Right::AcceptMentorship,
    Right::ConsentMentorship,
    Right::ConfirmMentorship,
    Right::ExtendMentorship,
    Right::PauseMentorship,
    Right::ReplaceMentor,
    Right::WithdrawAgreement,
    Right::TerminateMentorship,
    Right::EditMeetings,
    Right::AnnulRecords,
    Right::ReportHomework,
    Right::RateMeeting,
    Right::MakeRequest,
    Right::AnswerRequest,
];

impl Stand {
    pub(super) fn new(tx: &Tx<'_>, row: &Row, rights: Vec<Right>) -> Self {
        Self { side: side_in(tx.caller(), row.mentor_id, row.beneficiary_id), rights }
    }
    pub(super) async fn of(tx: &mut Tx<'_>, row: &Row, by: By) -> Result<Self, Failure> {
        let rights = rights_over(tx, &[row.id], by).await?.remove(&row.id).unwrap_or_default();
        Ok(Self::new(tx, row, rights))
    }
    /// The same about a mentorship that the right of this transaction reaches and a rule has at hand.
    pub async fn to(tx: &mut Tx<'_>, it: &Pairing) -> Result<Self, Failure> {
        let rights = rights_over(tx, &[it.id], By::Reach).await?.remove(&it.id).unwrap_or_default();
        Ok(Self { side: it.side_of(tx.caller()), rights })
    }
    /// Whether the caller may do that with this very mentorship.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }
    /// The eyes with which the caller sees it.
    pub(crate) fn eyes(&self) -> Eyes {
        self.side.into()
    }
    /// The side that the caller is.
    pub fn side(&self) -> Option<Party> {
        self.side
    }
}

/// The rights that reach these mentorships. The scope of this transaction reaches those that it shows; each other scope is asked for once.
pub(super) async fn rights_over(tx: &mut Tx<'_>, ids: &[MentorshipId], by: By) -> Result<Rights, Failure> {
    let mut known: Vec<(Scope, HashSet<MentorshipId>)> = Vec::new();
    if by == By::Reach {
        known.push((tx.scope().clone(), ids.iter().copied().collect()));
    }
    let mut rights = Rights::new();
    for right in RIGHTS {
        let scope = tx.scope_of(right);
        if scope.is_nothing() || ids.is_empty() {
            continue;
        }
        if !known.iter().any(|it| it.0 == scope) {
            let reached = reached(tx, ids, &scope).await?;
            known.push((scope.clone(), reached));
        }
        let own = known.iter().filter(|it| it.0 == scope).flat_map(|it| &it.1);
        own.for_each(|id| rights.entry(*id).or_default().push(right));
    }
    Ok(rights)
}
