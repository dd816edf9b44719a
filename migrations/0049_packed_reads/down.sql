-- Reads are not unpacked.
DROP TABLE read_pages;
DROP TABLE read_runs;
DROP TABLE read_batches;
CREATE TABLE reads (
  id UUID NOT NULL PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  user_id UUID NOT NULL,
  request_id TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL
);
CREATE INDEX reads_subject ON reads (subject_kind, subject_id, id DESC);
