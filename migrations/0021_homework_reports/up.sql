-- All reports on homework; the latest one is in the row of the meeting too. `result` is sealed. `party` is NULL for a report of
-- the institution, and for reports made before this table existed.
CREATE TABLE homework_reports (
  meeting_id UUID NOT NULL REFERENCES meetings (id),
  n INTEGER NOT NULL CONSTRAINT homework_reports_n_check CHECK (n >= 0),
  party TEXT NULL CONSTRAINT homework_reports_party_check CHECK (party IN ('mentor', 'recipient')),
  done BOOLEAN NOT NULL,
  result TEXT NULL,
  reported_on DATE NOT NULL,
  reported_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT homework_reports_meeting_id_n_key PRIMARY KEY (meeting_id, n)
);
INSERT INTO homework_reports (meeting_id, n, party, done, result, reported_on, reported_at)
  SELECT id, 0, NULL, homework_done, homework_result, homework_told_on, updated_at FROM meetings WHERE homework_done IS NOT NULL;
