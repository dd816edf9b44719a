-- `form` holds all data of the report and is sealed.
CREATE TABLE reports (
  id UUID NOT NULL PRIMARY KEY,
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  made_by UUID NOT NULL REFERENCES users (id),
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  form TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT reports_period_check CHECK (period_from <= period_to)
);
CREATE INDEX reports_mentorship ON reports (mentorship_id, id DESC);
