-- Background jobs that run longer than a request. The holder of the lease runs the job; an expired lease may be taken by any
-- worker.
CREATE TABLE jobs (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  request_id TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT jobs_state_check CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  progress_per_mille INTEGER NOT NULL CONSTRAINT jobs_progress_per_mille_check CHECK (progress_per_mille BETWEEN 0 AND 1000),
  is_cancelling BOOLEAN NOT NULL,
  problem_code TEXT NULL,
  attempts INTEGER NOT NULL,
  runner UUID NULL,
  lease_until TIMESTAMPTZ NULL,
  ended_at TIMESTAMPTZ NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT jobs_ended_check CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
  CONSTRAINT jobs_running_check CHECK ((state = 'running') = (runner IS NOT NULL) AND (state = 'running') = (lease_until IS NOT NULL)),
  CONSTRAINT jobs_problem_code_check CHECK ((state = 'failed') = (problem_code IS NOT NULL))
);
CREATE INDEX jobs_state ON jobs (state, id);
CREATE INDEX jobs_user ON jobs (user_id, id DESC);
CREATE INDEX jobs_subject ON jobs (subject_id, id DESC);
