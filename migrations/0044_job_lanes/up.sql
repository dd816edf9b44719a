-- The lane of a job. Long work of one lane does not hold up short work of the other.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT 'short' CONSTRAINT jobs_lane_check CHECK (lane IN ('short', 'long'));
CREATE INDEX jobs_lane ON jobs (lane, state, id);
