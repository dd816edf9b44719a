-- Editions of scales. They are never edited; one that was a mistake is annulled.
CREATE TABLE scales (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  effective_from DATE NOT NULL,
  raters JSONB NOT NULL,
  domains JSONB NOT NULL,
  rule TEXT NOT NULL,
  higher_is_better BOOLEAN NOT NULL,
  min_answered_percent INTEGER NOT NULL,
  levels JSONB NOT NULL,
  retest_days INTEGER NULL,
  licensed BOOLEAN NOT NULL,
  licence TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX scales_effective_from ON scales (effective_from DESC, id DESC);
CREATE INDEX scales_code ON scales (code, effective_from DESC, id DESC);
CREATE INDEX scales_kind ON scales (kind, effective_from DESC, id DESC);

-- Assessments by a scale. `answers`, `conclusion` and `annulment_reason` are sealed; `scores` are computed once.
CREATE TABLE assessments (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  scale_id UUID NOT NULL REFERENCES scales (id),
  rater TEXT NOT NULL CONSTRAINT assessments_rater_check CHECK (rater IN ('self', 'specialist', 'psychologist', 'mentor', 'caregiver', 'outside')),
  point TEXT NOT NULL CONSTRAINT assessments_point_check CHECK (point IN ('before', 'interim', 'after', 'follow_up')),
  assessed_on DATE NOT NULL,
  answers TEXT NOT NULL,
  conclusion TEXT NULL,
  scores JSONB NULL,
  annulment_reason TEXT NULL,
  made_by UUID NOT NULL REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX assessments_beneficiary ON assessments (beneficiary_id, id);
