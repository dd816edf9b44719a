CREATE TABLE organizations (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  parent_id UUID NULL REFERENCES organizations (id),
  territory TEXT /*C*/ NOT NULL,
  inn TEXT NULL,
  ogrn TEXT NULL,
  ngo_register_number TEXT NULL,
  focus_areas JSONB NOT NULL,
  contacts JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT organizations_mark_check CHECK (ngo_register_number IS NULL OR kind = 'ngo')
);
CREATE UNIQUE INDEX organizations_inn_key ON organizations (inn);
CREATE UNIQUE INDEX organizations_ogrn_key ON organizations (ogrn);
CREATE INDEX organizations_name ON organizations (name_key, id);
CREATE INDEX organizations_parent ON organizations (parent_id);

CREATE TABLE units (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  head_user_id UUID NULL,
  head_name TEXT NULL,
  description TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX units_organization ON units (organization_id, id);
