-- Packages of measures and plans of action. The items of a plan are tasks.
CREATE TABLE action_packages (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  title TEXT NOT NULL,
  act_id UUID NULL REFERENCES legal_acts (id),
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  territory TEXT NULL,
  about TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT action_packages_ends_check CHECK (ends_on >= starts_on)
);
CREATE INDEX action_packages_order ON action_packages (starts_on, id);
CREATE INDEX action_packages_organization ON action_packages (organization_id, starts_on, id);

CREATE TABLE measures (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  action_package_id UUID NOT NULL REFERENCES action_packages (id),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  before_text TEXT NULL,
  after_text TEXT NULL,
  unit TEXT NULL,
  before_value_e6 BIGINT NULL,
  before_on DATE NULL,
  after_value_e6 BIGINT NULL,
  after_on DATE NULL,
  counted TEXT NULL,
  facility_kind TEXT NULL,
  responsible_id UUID NULL REFERENCES organizations (id),
  organization_ids JSONB NOT NULL,
  file_ids JSONB NOT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX measures_package ON measures (action_package_id, id);

CREATE TABLE action_plans (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  package_id UUID NULL REFERENCES action_packages (id),
  council_id UUID NULL REFERENCES councils (id),
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  act_id UUID NULL REFERENCES legal_acts (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT action_plans_ends_check CHECK (ends_on >= starts_on)
);
CREATE INDEX action_plans_order ON action_plans (starts_on, id);
CREATE INDEX action_plans_organization ON action_plans (organization_id, starts_on, id);
CREATE INDEX action_plans_kind ON action_plans (kind, starts_on, id);
CREATE INDEX action_plans_package ON action_plans (package_id, starts_on, id) WHERE package_id IS NOT NULL;
CREATE INDEX action_plans_council ON action_plans (council_id, starts_on, id) WHERE council_id IS NOT NULL;
