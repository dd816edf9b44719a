//! Work that outlives its request: it waits, is run by whoever holds its lease, and ends. It can be asked to stop, never forced:
//! whoever runs it ends it.
use crate::base::change::{Changed, Subject, SubjectKind, facts};
use crate::base::id::JobId;
use crate::base::refusal::{Refused, rules};
use crate::base::word::{Word, words};
use uuid::Uuid;

rules! {
    ENDED = "job.ended", State, ours, "Задача уже завершилась.", "The job has ended already.";
}

words! {
    /// What a job does.
    JobKind in "job-kinds" {
        MatchingRound = "matching_round", "подбор", "a round of matching";
        MatchingPublication = "matching_publication", "публикация подбора", "the publication of a round of matching";
        MatchingNextBest = "matching_next_best", "следующий по порядку вариант подбора", "the next best of a round of matching";
    }

    /// Where a job stands.
    JobState in "job-states" {
        Queued = "queued", "в очереди", "queued";
        Running = "running", "выполняется", "running";
        Done = "done", "выполнена", "done";
        Failed = "failed", "не удалась", "failed";
        Cancelled = "cancelled", "отменена", "cancelled";
    }

    /// What can be done with a job.
    JobAction in "job-actions" {
        Cancel = "cancel", "отменить", "cancel";
    }
}

/// So many times a job is begun at most: one that takes its server down with it each time would do so for ever.
pub const ATTEMPTS: i32 = 5;
/// The progress of a job that is done.
pub const WHOLE_PER_MILLE: i32 = 1000;

facts! {
    /// Work was put into the queue.
    JobQueued = "job.queued" about Job (JobId) {
        /// What it does.
        kind: JobKind,
        /// The kind of thing that it is about.
        subject_kind: SubjectKind,
        /// That thing.
        subject_id: Uuid,
    }
    /// Somebody asked a job to stop.
    JobCancellationAsked = "job.cancellation_asked" about Job (JobId) {}
    /// A job ended.
    JobEnded = "job.ended" about Job (JobId) {
        /// How.
        state: JobState,
        /// The code of the problem that made it fail.
        problem_code: Option<String>,
    }
}

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its effect is there.
    Done,
    /// It had none, for the reason with this code.
    Failed(&'static str),
    /// It had none, for somebody asked it to stop.
    Cancelled,
}

impl Outcome {
    /// The state that it leaves.
    pub fn state(self) -> JobState {
        match self {
            Self::Done => JobState::Done,
            Self::Failed(_) => JobState::Failed,
            Self::Cancelled => JobState::Cancelled,
        }
    }
    /// The code of the problem, where it failed.
    pub fn problem_code(self) -> Option<&'static str> {
        match self {
            Self::Failed(code) => Some(code),
            Self::Done | Self::Cancelled => None,
        }
    }
}

/// Waiting for whoever runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// To what.
    pub subject: Subject,
}

impl Queued {
    /// Puts work into the queue.
    pub fn enqueue(id: JobId, kind: JobKind, subject: Subject) -> Changed<Self> {
        let fact = JobQueued { id, kind, subject_kind: subject.kind, subject_id: subject.id };
        Changed::new(Self { id, kind, subject }, fact)
    }
}

/// Queued or running: it can still be asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Its id.
    pub id: JobId,
    /// Whether it was asked to stop.
    pub is_cancelling: bool,
}

/// Asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelling {
    /// The job.
    pub id: JobId,
}

impl Open {
    /// Asks it to stop; whoever runs it ends it. None where it was asked before: to ask twice is to ask once.
    pub fn cancel(self) -> Option<Changed<Cancelling>> {
        let fact = JobCancellationAsked { id: self.id };
        (!self.is_cancelling).then(|| Changed::new(Cancelling { id: self.id }, fact))
    }
}

/// In the hands of somebody who runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Its id.
    pub id: JobId,
}

/// Over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The job.
    pub id: JobId,
    /// How it ended.
    pub outcome: Outcome,
}

impl Running {
    /// Ends it. What is done is done, also where somebody asked it to stop meanwhile.
    pub fn end(self, outcome: Outcome) -> Changed<Ended> {
        let (state, problem_code) = (outcome.state(), outcome.problem_code().map(str::to_owned));
        let fact = JobEnded { id: self.id, state, problem_code };
        Changed::new(Ended { id: self.id, outcome }, fact)
    }
}

/// A job in whatever state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Queued or running.
    Open(Open),
    /// Over.
    Ended,
}

impl Job {
    /// The job while it is not over: the one place that refuses what has ended.
    pub fn open(self) -> Result<Open, Refused> {
        match self {
            Self::Open(it) => Ok(it),
            Self::Ended => Err(ENDED.refuse()),
        }
    }
}

impl JobState {
    /// Whether the job is over.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What whoever sees a job can do with it.
pub fn available_actions(state: JobState, is_cancelling: bool) -> Vec<JobAction> {
    let can = |action: &JobAction| match action {
        JobAction::Cancel => !state.is_ended() && !is_cancelling,
    };
    JobAction::ALL.iter().copied().filter(can).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mentorships::tests::{codes, id};

    #[test]
    fn what_has_ended_is_not_cancelled_and_what_is_cancelled_is_not_cancelled_twice() {
        assert_eq!(codes(Job::Ended.open()), ["job.ended"]);
        let open = Job::Open(Open { id: id(1), is_cancelling: false }).open().unwrap();
        let (_, records) = open.cancel().unwrap().into_parts();
        assert_eq!(records[0].kind, "job.cancellation_asked");
        assert!(Open { is_cancelling: true, ..open }.cancel().is_none());
    }

    #[test]
    fn a_job_ends_in_the_state_of_its_outcome_and_the_journal_tells_why() {
        let end = |outcome| Running { id: id(1) }.end(outcome).into_parts();
        let (ended, records) = end(Outcome::Failed("server.internal"));
        assert_eq!(ended.outcome.state(), JobState::Failed);
        assert_eq!(
            records[0].body,
            serde_json::json!({"state": "failed", "problem_code": "server.internal"})
        );
        assert_eq!(end(Outcome::Cancelled).0.outcome.problem_code(), None);
    }

    #[test]
    fn only_what_still_goes_on_can_be_cancelled() {
        for state in JobState::ALL {
            let open = matches!(state, JobState::Queued | JobState::Running);
            assert_eq!(!available_actions(*state, false).is_empty(), open, "{state:?}");
            assert!(available_actions(*state, true).is_empty());
        }
    }
}
