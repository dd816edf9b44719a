-- The sealed reason for which a record of the past was annulled; a record without one stands.
ALTER TABLE group_meetings ADD COLUMN annulment_reason TEXT NULL;
ALTER TABLE extensions ADD COLUMN annulment_reason TEXT NULL;
-- The days within which an institution annuls a mistaken record, from a day on.
CREATE TABLE correction_terms (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  effective_from DATE NOT NULL,
  days INTEGER NOT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX correction_terms_effective_from ON correction_terms (effective_from, id);
