//! Background jobs that run longer than a request. The holder of the lease runs a job and ends it. A cancellation is a request
//! to stop: the job itself ends, nothing is killed.
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, Subject, SubjectKind, facts};
use crate::base::id::JobId;
use crate::base::refusal::{Refused, rules};
use crate::base::word::words;
use uuid::Uuid;

rules! {
    ENDED = "job.ended", State, ours, "Задача уже завершилась.", "The job has ended already.";
}

words! {
    /// The kind of job.
    JobKind in "job-kinds" {
        MatchingRound = "matching_round", "подбор", "a round of matching";
        MatchingPublication = "matching_publication", "публикация подбора", "the publication of a round of matching";
        MatchingNextBest = "matching_next_best", "следующий по порядку вариант подбора", "the next best proposal of a round of matching";
        RegisterScan = "register_scan", "поиск похожих записей единого учёта", "a scan of the register";
    }

    /// The lane of a job. Jobs of one lane wait for each other, not for those of the other lane.
    JobLane in "job-lanes" {
        Short = "short", "короткие задачи", "short jobs";
        Long = "long", "долгие задачи", "long jobs";
    }

    /// The state of a job.
    JobState in "job-states" {
        Queued = "queued", "в очереди", "queued";
        Running = "running", "выполняется", "running";
        Done = "done", "выполнена", "done";
        Failed = "failed", "не удалась", "failed";
        Cancelled = "cancelled", "отменена", "cancelled";
    }
}

impl JobKind {
    /// The lane of its jobs. Somebody waits for what is short; imports, exports and the like are long.
    pub fn lane(self) -> JobLane {
        match self {
            Self::MatchingRound | Self::MatchingPublication | Self::MatchingNextBest => JobLane::Short,
            Self::RegisterScan => JobLane::Long,
        }
    }
}

/// The greatest number of starts of a job. Without it, a job that always crashes its server would be restarted again and again.
pub const ATTEMPTS: i32 = 5;
/// The progress of a finished job, per mille.
pub const WHOLE_PER_MILLE: i32 = 1000;

facts! {
    /// A job was added to the queue.
    JobQueued = "job.queued",
        "Задача поставлена в очередь[: {kind}]",
        "A job was queued[: {kind}]"
        about Job (JobId) {
        /// The kind of job.
        kind: JobKind,
        /// The kind of object that the job works on.
        subject_kind: SubjectKind,
        /// The id of that object.
        subject_id: Uuid,
    }
    /// The cancellation of a job was requested.
    JobCancellationAsked = "job.cancellation_asked",
        "Запрошена отмена задачи",
        "The cancellation of the job was requested"
        about Job (JobId) {}
    /// A job ended.
    JobEnded = "job.ended",
        "Задача закончена[: {state}]",
        "The job ended[: {state}]"
        about Job (JobId) {
        /// The final state of the job.
        state: JobState,
        /// The code of the problem, if the job failed.
        problem_code: Option<String>,
    }
}

/// The end of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The job did its work.
    Done,
    /// The job failed and changed nothing. Holds the code of the reason.
    Failed(&'static str),
    /// The job was cancelled and changed nothing.
    Cancelled,
}

impl Outcome {
    /// The final state of the job.
    pub fn state(self) -> JobState {
        match self {
            Self::Done => JobState::Done,
            Self::Failed(_) => JobState::Failed,
            Self::Cancelled => JobState::Cancelled,
        }
    }
    /// The code of the problem, if the job failed.
    pub fn problem_code(self) -> Option<&'static str> {
        match self {
            Self::Failed(code) => Some(code),
            Self::Done | Self::Cancelled => None,
        }
    }
}

/// A queued job: no worker holds it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// The id of the job.
    pub id: JobId,
    /// The kind of job.
    pub kind: JobKind,
    /// The object that the job works on.
    pub subject: Subject,
}

impl Queued {
    /// Adds a job to the queue.
    pub fn enqueue(id: JobId, kind: JobKind, subject: Subject) -> Changed<Self> {
        let fact = JobQueued { id, kind, subject_kind: subject.kind, subject_id: subject.id };
        Changed::new(Self { id, kind, subject }, fact)
    }
}

/// A job that is queued or running and can be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The id of the job.
    pub id: JobId,
    /// Whether a cancellation was requested already.
    pub is_cancelling: bool,
}

/// A job whose cancellation is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelling {
    /// The id of the job.
    pub id: JobId,
}

impl Open {
    /// Requests the cancellation; the worker then ends the job. `None` if it was requested before, because a second request
    /// changes nothing.
    pub fn cancel(self) -> Option<Changed<Cancelling>> {
        let fact = JobCancellationAsked { id: self.id };
        (!self.is_cancelling).then(|| Changed::new(Cancelling { id: self.id }, fact))
    }
}

/// A running job: a worker holds its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// The id of the job.
    pub id: JobId,
}

/// A job that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The id of the job.
    pub id: JobId,
    /// The outcome of the job.
    pub outcome: Outcome,
}

impl Running {
    /// Ends the job. Finished work stays finished, even if a cancellation was requested meanwhile.
    pub fn end(self, outcome: Outcome) -> Changed<Ended> {
        let (state, problem_code) = (outcome.state(), outcome.problem_code().map(str::to_owned));
        let fact = JobEnded { id: self.id, state, problem_code };
        Changed::new(Ended { id: self.id, outcome }, fact)
    }
}

/// A job in any state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Queued or running.
    Open(Open),
    /// Ended.
    Ended,
}

impl Job {
    /// The job, if it has not ended. All rules refuse an ended job through this function.
    pub fn open(self) -> Result<Open, Refused> {
        match self {
            Self::Open(it) => Ok(it),
            Self::Ended => Err(ENDED.refuse()),
        }
    }
}

impl JobState {
    /// Whether the job has ended.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A job as its caller sees it. Every caller who sees the job may stop it.
#[derive(Debug)]
pub struct JobOffers {
    /// The state of the job.
    pub state: JobState,
    /// Whether a cancellation was requested already.
    pub is_cancelling: bool,
}

impl Offers for JobOffers {
    const AT: &'static str = "jobs";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Cancel, "cancellation", Right::UseAccount)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let can = action == Action::Cancel && !self.state.is_ended() && !self.is_cancelling;
        can.then(Verdict::default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::word::Word;
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
            let offered = |is_cancelling| JobOffers { state: *state, is_cancelling }.judge(Action::Cancel);
            assert_eq!(offered(false).is_some(), open, "{state:?}");
            assert!(offered(true).is_none());
        }
    }
}
