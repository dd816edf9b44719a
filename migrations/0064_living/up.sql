-- Editions of programmes of independent living: of the region, and of organizations that adapt one of them.
CREATE TABLE living_programmes (
  id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NULL REFERENCES organizations (id),
  number INTEGER NOT NULL,
  effective_from DATE NOT NULL,
  name TEXT NOT NULL,
  regional_id UUID NULL REFERENCES living_programmes (id),
  form JSONB NOT NULL,
  modules JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT living_programmes_regional_check CHECK ((organization_id IS NULL) = (regional_id IS NULL))
);
CREATE UNIQUE INDEX living_programmes_organization_id_number_key ON living_programmes (organization_id, number) WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX living_programmes_number_key ON living_programmes (number) WHERE organization_id IS NULL;

-- The people who take part. `results` (the latest of each module) and `end_note` are sealed.
CREATE TABLE living_enrolments (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  programme_id UUID NOT NULL REFERENCES living_programmes (id),
  starts_on DATE NOT NULL,
  planned_end_on DATE NULL,
  results TEXT NOT NULL,
  ended_on DATE NULL,
  end_reason TEXT NULL CONSTRAINT living_enrolments_end_reason_check CHECK (end_reason IN ('refused', 'moved', 'other_programme', 'died', 'other')),
  end_note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT living_enrolments_end_check CHECK (ended_on IS NOT NULL OR (end_reason IS NULL AND end_note IS NULL))
);
CREATE INDEX living_enrolments_beneficiary ON living_enrolments (beneficiary_id, id);
CREATE UNIQUE INDEX living_enrolments_beneficiary_id_key ON living_enrolments (beneficiary_id) WHERE ended_on IS NULL;

CREATE TABLE career_activities (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  held_on DATE NOT NULL,
  hours INTEGER NULL,
  place TEXT NULL,
  result TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX career_activities_beneficiary ON career_activities (beneficiary_id, held_on DESC, id DESC);
