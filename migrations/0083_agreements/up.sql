-- Organizations and units grow. An organization that was merged away has `closed_on` and `successor_id`; what is its own stays its own.
ALTER TABLE organizations ADD COLUMN target_groups JSONB NOT NULL DEFAULT '[]';
ALTER TABLE organizations ADD COLUMN prevention_subject BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE organizations ADD COLUMN legal_form TEXT NULL;
ALTER TABLE organizations ADD COLUMN site TEXT NULL;
ALTER TABLE organizations ADD COLUMN closed_on DATE NULL;
ALTER TABLE organizations ADD COLUMN successor_id UUID NULL REFERENCES organizations (id);
ALTER TABLE units ADD COLUMN kind TEXT NOT NULL DEFAULT 'department';
ALTER TABLE units ADD COLUMN functions JSONB NOT NULL DEFAULT '[]';
ALTER TABLE units ADD COLUMN opened_on DATE NULL;
ALTER TABLE units ADD COLUMN charter TEXT NULL;

CREATE TABLE specialists (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  position TEXT NOT NULL,
  post TEXT NULL,
  unit_id UUID NULL REFERENCES units (id),
  user_id UUID NULL REFERENCES users (id),
  direct_support BOOLEAN NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX specialists_organization ON specialists (organization_id, name_key, id);

CREATE TABLE legal_acts (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  kind TEXT NOT NULL,
  number TEXT NULL,
  adopted_on DATE NOT NULL,
  title TEXT NOT NULL,
  issuer TEXT NULL,
  amends_id UUID NULL REFERENCES legal_acts (id),
  valid_from DATE NULL,
  valid_until DATE NULL,
  link TEXT NULL,
  file_id UUID NULL REFERENCES files (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX legal_acts_file ON legal_acts (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX legal_acts_order ON legal_acts (adopted_on, id);
CREATE INDEX legal_acts_organization ON legal_acts (organization_id, adopted_on, id);
CREATE INDEX legal_acts_kind ON legal_acts (kind, adopted_on, id);
CREATE INDEX legal_acts_amends ON legal_acts (amends_id, adopted_on, id) WHERE amends_id IS NOT NULL;

CREATE TABLE funding_programs (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  parent_id UUID NULL REFERENCES funding_programs (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  starts_on DATE NULL,
  ends_on DATE NULL,
  act_id UUID NULL REFERENCES legal_acts (id),
  budget TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX funding_programs_order ON funding_programs (name_key, id);
CREATE INDEX funding_programs_organization ON funding_programs (organization_id, name_key, id);
CREATE INDEX funding_programs_parent ON funding_programs (parent_id, name_key, id) WHERE parent_id IS NOT NULL;
CREATE INDEX funding_programs_kind ON funding_programs (kind, name_key, id);

CREATE TABLE coordinator_appointments (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  authority_id UUID NOT NULL REFERENCES organizations (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  program_id UUID NULL REFERENCES programs (id),
  starts_on DATE NOT NULL,
  ends_on DATE NULL,
  act_id UUID NULL REFERENCES legal_acts (id),
  file_id UUID NULL REFERENCES files (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT coordinator_appointments_ends_check CHECK (ends_on >= starts_on)
);
CREATE INDEX coordinator_appointments_order ON coordinator_appointments (starts_on, id);
CREATE INDEX coordinator_appointments_authority ON coordinator_appointments (authority_id, starts_on, id);
CREATE INDEX coordinator_appointments_organization ON coordinator_appointments (organization_id, starts_on, id);
CREATE INDEX coordinator_appointments_program ON coordinator_appointments (program_id, starts_on, id) WHERE program_id IS NOT NULL;

-- `annulment_reason` is sealed. A planned agreement has no day; `ends_on` is the last day with all extensions.
CREATE TABLE agreements (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  title TEXT NOT NULL,
  subject TEXT NOT NULL,
  sphere TEXT NOT NULL,
  partnership_level TEXT NOT NULL,
  parties JSONB NOT NULL,
  audiences JSONB NOT NULL,
  activities JSONB NOT NULL,
  territory TEXT NULL,
  program_id UUID NULL REFERENCES programs (id),
  project_ids JSONB NOT NULL,
  act_ids JSONB NOT NULL,
  number TEXT NULL,
  signed_on DATE NULL,
  starts_on DATE NULL,
  ends_on DATE NULL,
  file_id UUID NULL REFERENCES files (id),
  extensions JSONB NOT NULL,
  ended_on DATE NULL,
  termination JSONB NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT agreements_signed_check CHECK ((signed_on IS NULL) = (starts_on IS NULL) AND (signed_on IS NULL) = (number IS NULL)),
  CONSTRAINT agreements_ended_check CHECK ((ended_on IS NULL) = (termination IS NULL) AND (ended_on IS NULL OR starts_on IS NOT NULL))
);
CREATE INDEX agreements_sphere ON agreements (sphere, id);
CREATE INDEX agreements_level ON agreements (partnership_level, id);
CREATE INDEX agreements_end ON agreements (ends_on, id) WHERE ends_on IS NOT NULL;

CREATE TABLE agreement_parties (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  agreement_id UUID NOT NULL REFERENCES agreements (id),
  PRIMARY KEY (organization_id, agreement_id)
);
CREATE INDEX agreement_parties_agreement ON agreement_parties (agreement_id, organization_id);

CREATE TABLE partner_interactions (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  partner_id UUID NOT NULL REFERENCES organizations (id),
  held_on DATE NOT NULL,
  kind TEXT NOT NULL,
  about TEXT NOT NULL,
  agreement_id UUID NULL REFERENCES agreements (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX partner_interactions_order ON partner_interactions (held_on, id) WHERE annulment_reason IS NULL;
CREATE INDEX partner_interactions_organization ON partner_interactions (organization_id, held_on, id);
CREATE INDEX partner_interactions_partner ON partner_interactions (partner_id, held_on, id);
CREATE INDEX partner_interactions_kind ON partner_interactions (kind, held_on, id);
CREATE INDEX partner_interactions_agreement ON partner_interactions (agreement_id, held_on, id) WHERE agreement_id IS NOT NULL;
