-- Data for matching. The form of needs is sealed, because it tells how serious a case is.
CREATE TABLE municipalities (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  code TEXT /*C*/ NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  latitude_e6 BIGINT NULL,
  longitude_e6 BIGINT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT municipalities_middle_check CHECK ((latitude_e6 IS NULL) = (longitude_e6 IS NULL))
);
CREATE UNIQUE INDEX municipalities_code_key ON municipalities (code);
CREATE INDEX municipalities_name ON municipalities (name_key, id);

CREATE TABLE mentor_profiles (
  mentor_id UUID NOT NULL PRIMARY KEY REFERENCES mentors (id),
  version BIGINT NOT NULL,
  form JSONB NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE beneficiary_profiles (
  beneficiary_id UUID NOT NULL PRIMARY KEY REFERENCES beneficiaries (id),
  version BIGINT NOT NULL,
  form JSONB NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE matching_needs (
  beneficiary_id UUID NOT NULL PRIMARY KEY REFERENCES beneficiaries (id),
  version BIGINT NOT NULL,
  form TEXT NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
-- The programs in which a beneficiary waits for a mentor, each with the first day of waiting.
CREATE TABLE waits (
  program_id UUID NOT NULL REFERENCES programs (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  since DATE NOT NULL,
  PRIMARY KEY (program_id, beneficiary_id)
);
CREATE INDEX waits_beneficiary ON waits (beneficiary_id);

ALTER TABLE mentors ADD COLUMN qualified_risk_level INTEGER NOT NULL DEFAULT 0
  CONSTRAINT mentors_qualified_risk_level_check CHECK (qualified_risk_level BETWEEN 0 AND 3);
