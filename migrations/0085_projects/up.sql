-- Projects with their partners, contributions, targets and results. A project may stand under another one.
CREATE TABLE projects (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  title TEXT NOT NULL,
  parent_id UUID NULL REFERENCES projects (id),
  program_id UUID NULL REFERENCES programs (id),
  goal TEXT NOT NULL,
  problem TEXT NULL,
  target_groups JSONB NOT NULL,
  technologies JSONB NOT NULL,
  level TEXT NOT NULL,
  territory TEXT /*C*/ NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  author_ids JSONB NOT NULL,
  approvals JSONB NOT NULL,
  funding_program_id UUID NULL REFERENCES funding_programs (id),
  grant_funder TEXT NULL,
  grant_contest TEXT NULL,
  grant_contract TEXT NULL,
  grant_amount TEXT NULL,
  own_share TEXT NULL,
  strengths TEXT NULL,
  lessons TEXT NULL,
  state TEXT NOT NULL CONSTRAINT projects_state_check CHECK (state IN ('draft', 'running', 'completed', 'stopped')),
  started_on DATE NULL,
  ended_on DATE NULL,
  outcome TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT projects_ends_check CHECK (ends_on >= starts_on)
);
CREATE INDEX projects_day ON projects (starts_on DESC, id DESC) WHERE annulment_reason IS NULL;
CREATE INDEX projects_annulled ON projects (starts_on DESC, id DESC) WHERE annulment_reason IS NOT NULL;
CREATE INDEX projects_organization ON projects (organization_id, starts_on DESC, id DESC);
CREATE INDEX projects_parent ON projects (parent_id, starts_on DESC, id DESC);
CREATE INDEX projects_territory ON projects (territory, starts_on DESC, id DESC);
ALTER TABLE coordinator_appointments ADD COLUMN project_id UUID NULL REFERENCES projects (id);
CREATE INDEX coordinator_appointments_project ON coordinator_appointments (project_id, starts_on, id) WHERE project_id IS NOT NULL;

CREATE TABLE project_partners (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  organization_id UUID NULL REFERENCES organizations (id),
  council_id UUID NULL REFERENCES councils (id),
  role TEXT NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NULL,
  about TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX project_partners_project ON project_partners (project_id, id DESC);

CREATE TABLE project_contributions (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  given_on DATE NOT NULL,
  kind TEXT NOT NULL,
  organization_id UUID NULL REFERENCES organizations (id),
  private_givers BOOLEAN NOT NULL,
  quantity_e6 BIGINT NULL,
  unit TEXT NULL,
  value TEXT NULL,
  about TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX project_contributions_project ON project_contributions (project_id, given_on DESC, id DESC);

CREATE TABLE project_targets (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  title TEXT NOT NULL,
  unit TEXT NOT NULL,
  plan_e6 BIGINT NOT NULL,
  baseline_e6 BIGINT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX project_targets_project ON project_targets (project_id, id DESC);

CREATE TABLE target_results (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  project_target_id UUID NOT NULL REFERENCES project_targets (id),
  measured_on DATE NOT NULL,
  value_e6 BIGINT NOT NULL,
  note TEXT NULL,
  file_id UUID NULL REFERENCES files (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX target_results_target ON target_results (project_target_id, measured_on DESC, id DESC);
