-- The same SQL text runs on both engines. /*C*/ becomes COLLATE "C" on PostgreSQL, so that it compares bytes like SQLite.
-- Unique indexes are named <table>_<columns>_key, because the code finds the broken rule by the name of the index.

CREATE TABLE region (
  code TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  territory TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE journal (
  id BIGINT NOT NULL PRIMARY KEY CONSTRAINT journal_id_check CHECK (id = 1),
  last_seq BIGINT NOT NULL
);

CREATE TABLE facts (
  id UUID NOT NULL PRIMARY KEY,
  seq BIGINT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor_id UUID NULL,
  request_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  body JSONB NOT NULL
);
CREATE UNIQUE INDEX facts_seq_key ON facts (seq);
CREATE INDEX facts_unnumbered ON facts (id) WHERE seq IS NULL;
CREATE INDEX facts_subject ON facts (subject_kind, subject_id, id DESC);

CREATE TABLE reads (
  id UUID NOT NULL PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  user_id UUID NOT NULL,
  request_id TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL
);
CREATE INDEX reads_subject ON reads (subject_kind, subject_id, id DESC);

CREATE TABLE idempotency_keys (
  user_id UUID NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  answer TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
