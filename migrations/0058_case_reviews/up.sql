-- The completed reviews of cases. Those that are due follow from birth dates and terms, and are in no table. `note` is sealed. A row
-- is never changed.
CREATE TABLE case_reviews (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL CONSTRAINT case_reviews_kind_check CHECK (kind IN ('coming_of_age', 'closing')),
  anchor_on DATE NOT NULL,
  outcome TEXT NOT NULL CONSTRAINT case_reviews_outcome_check CHECK (outcome IN ('close', 'continue', 'noted')),
  note TEXT NULL,
  ground TEXT NULL,
  continue_until DATE NULL,
  completed_on DATE NOT NULL,
  made_by UUID NOT NULL REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT case_reviews_continued_check CHECK ((outcome = 'continue') = (continue_until IS NOT NULL) AND (outcome = 'continue') = (ground IS NOT NULL))
);
CREATE UNIQUE INDEX case_reviews_case_id_kind_anchor_on_key ON case_reviews (case_id, kind, anchor_on);
CREATE INDEX case_reviews_case ON case_reviews (case_id, id DESC);
