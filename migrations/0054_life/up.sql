CREATE TABLE life_periods (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  placement TEXT NULL,
  level TEXT NULL,
  occupation TEXT NULL,
  course INTEGER NULL,
  official BOOLEAN NULL,
  place TEXT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX life_periods_beneficiary ON life_periods (beneficiary_id, starts_on DESC, id DESC);

CREATE TABLE snapshots (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  taken_on DATE NOT NULL,
  source TEXT NOT NULL,
  in_touch TEXT NOT NULL,
  tenure TEXT NULL,
  contract_until DATE NULL,
  activity TEXT NULL,
  domains TEXT NOT NULL,
  conclusion TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX snapshots_case ON snapshots (case_id, taken_on DESC, id DESC);

CREATE TABLE case_contacts (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  held_on DATE NOT NULL,
  medium TEXT NOT NULL,
  talked_with JSONB NOT NULL,
  reached BOOLEAN NOT NULL,
  minutes INTEGER NULL,
  topics JSONB NOT NULL,
  note TEXT NULL,
  next_on DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX case_contacts_case ON case_contacts (case_id, held_on DESC, id DESC);
