-- The last meeting of a pair and the deadline of the next one. Mentorships already active get their row in code, after the last
-- step.
CREATE TABLE contacts (
  mentorship_id UUID NOT NULL PRIMARY KEY REFERENCES mentorships (id),
  last_on DATE NULL,
  due_on DATE NOT NULL,
  CONSTRAINT contacts_due_check CHECK (last_on IS NULL OR last_on < due_on)
);
CREATE INDEX contacts_due ON contacts (due_on);
