-- `form` holds all observations of the survey and is sealed.
CREATE TABLE surveys (
  id UUID NOT NULL PRIMARY KEY,
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  meeting_id UUID NULL REFERENCES meetings (id),
  made_by UUID NOT NULL REFERENCES users (id),
  visited_on DATE NOT NULL,
  form TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX surveys_mentorship ON surveys (mentorship_id, id DESC);
