-- The register: one person, one entry in the region. A beneficiary of before has an entry with the id of the beneficiary.
-- `note`, `reason`, `reversal_reason` are sealed. Numbers may have gaps on PostgreSQL.
--postgres CREATE SEQUENCE register_numbers;
CREATE TABLE register_entries (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  number BIGINT NOT NULL,
  state TEXT NOT NULL CONSTRAINT register_entries_state_check CHECK (state IN ('active', 'removed')),
  removed_on DATE NULL,
  removal_reason TEXT NULL,
  note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT register_entries_removed_check CHECK ((state = 'removed') = (removed_on IS NOT NULL) AND (removed_on IS NULL) = (removal_reason IS NULL))
);
CREATE UNIQUE INDEX register_entries_beneficiary_id_key ON register_entries (beneficiary_id);
CREATE UNIQUE INDEX register_entries_number_key ON register_entries (number);
CREATE INDEX register_entries_state ON register_entries (state, beneficiary_id);
INSERT INTO register_entries (id, version, beneficiary_id, number, state, created_at, updated_at)
  SELECT id, 1, id, ROW_NUMBER() OVER (ORDER BY id), 'active', created_at, created_at FROM beneficiaries WHERE kind = 'person';
--postgres SELECT setval('register_numbers', (SELECT COALESCE(MAX(number), 0) + 1 FROM register_entries), false);

CREATE TABLE register_merges (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  entry_id UUID NOT NULL REFERENCES register_entries (id),
  other_entry_id UUID NOT NULL REFERENCES register_entries (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  other_beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  reason TEXT NOT NULL,
  merged_by UUID NOT NULL REFERENCES users (id),
  merged_at TIMESTAMPTZ NOT NULL,
  reversal_reason TEXT NULL,
  reversed_by UUID NULL REFERENCES users (id),
  reversed_at TIMESTAMPTZ NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT register_merges_other_check CHECK (entry_id <> other_entry_id),
  CONSTRAINT register_merges_reversed_check CHECK ((reversed_at IS NULL) = (reversal_reason IS NULL) AND (reversed_at IS NULL) = (reversed_by IS NULL))
);
CREATE UNIQUE INDEX register_merges_other_entry_id_key ON register_merges (other_entry_id) WHERE reversed_at IS NULL;
CREATE INDEX register_merges_entry ON register_merges (entry_id, id);
CREATE INDEX register_merges_beneficiary ON register_merges (beneficiary_id) WHERE reversed_at IS NULL;
CREATE INDEX register_merges_other_beneficiary ON register_merges (other_beneficiary_id) WHERE reversed_at IS NULL;

-- Pairs of entries that may be one person; the smaller id comes first.
CREATE TABLE register_candidates (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  entry_id UUID NOT NULL REFERENCES register_entries (id),
  other_entry_id UUID NOT NULL REFERENCES register_entries (id),
  tenths_of_bits INTEGER NOT NULL,
  reasons JSONB NOT NULL,
  is_likely BOOLEAN NOT NULL,
  state TEXT NOT NULL CONSTRAINT register_candidates_state_check CHECK (state IN ('new', 'merged', 'distinct', 'unlike')),
  reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT register_candidates_reason_check CHECK ((state = 'distinct') = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX register_candidates_entry_id_other_entry_id_key ON register_candidates (entry_id, other_entry_id);
CREATE INDEX register_candidates_other ON register_candidates (other_entry_id);
CREATE INDEX register_candidates_state ON register_candidates (state, id);
CREATE INDEX register_candidates_likely ON register_candidates (is_likely, state, id);

CREATE TABLE register_scans (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  state TEXT NOT NULL CONSTRAINT register_scans_state_check CHECK (state IN ('running', 'done', 'stopped')),
  job_id UUID NOT NULL REFERENCES jobs (id),
  made_by UUID NOT NULL REFERENCES users (id),
  entries BIGINT NULL,
  found BIGINT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT register_scans_done_check CHECK ((state = 'done') = (entries IS NOT NULL) AND (entries IS NULL) = (found IS NULL))
);
CREATE INDEX register_scans_running ON register_scans (state, id);

CREATE TABLE register_searches (
  id UUID NOT NULL PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  purpose TEXT NOT NULL,
  note TEXT NULL,
  found INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX register_searches_account ON register_searches (user_id, created_at);

ALTER TABLE organizations ADD COLUMN keeps_register BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX organizations_keeping ON organizations (id) WHERE keeps_register;
