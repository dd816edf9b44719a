-- A version of an annex is never changed. A change is a new version.
CREATE TABLE annexes (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT annexes_kind_check CHECK (kind IN ('statement', 'questionnaire', 'consent')),
  number INTEGER NOT NULL CONSTRAINT annexes_number_check CHECK (number >= 1),
  effective_from DATE NOT NULL,
  form JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX annexes_kind_number_key ON annexes (kind, number);
