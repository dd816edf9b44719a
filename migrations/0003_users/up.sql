CREATE TABLE users (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  login TEXT NOT NULL,
  display_name TEXT NOT NULL,
  person_id UUID NULL,
  active BOOLEAN NOT NULL,
  password_hash TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX users_login_key ON users (login);
CREATE INDEX users_person ON users (person_id);

CREATE TABLE grants (
  user_id UUID NOT NULL REFERENCES users (id),
  n INTEGER NOT NULL,
  role TEXT NOT NULL CONSTRAINT grants_role_check CHECK (role IN ('region_admin', 'director', 'unit_head', 'support_specialist',
    'program_coordinator', 'tutor', 'mentor', 'mentee', 'guardianship_officer', 'analyst', 'integration')),
  organization_id UUID NULL REFERENCES organizations (id),
  program_id UUID NULL,
  territory TEXT NULL,
  PRIMARY KEY (user_id, n)
);
CREATE INDEX grants_organization ON grants (organization_id);

CREATE TABLE sessions (
  id UUID NOT NULL PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  is_open BOOLEAN NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
  digest TEXT NOT NULL PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id),
  issued_at TIMESTAMPTZ NOT NULL,
  rotated_at TIMESTAMPTZ NULL,
  successor TEXT NULL,
  CONSTRAINT refresh_tokens_rotation_check CHECK ((rotated_at IS NULL) = (successor IS NULL))
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE api_keys (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  digest TEXT NOT NULL,
  rights JSONB NOT NULL,
  expires_on DATE NOT NULL,
  is_revoked BOOLEAN NOT NULL,
  last_used_on DATE NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX api_keys_digest_key ON api_keys (digest);
CREATE INDEX api_keys_user ON api_keys (user_id);
