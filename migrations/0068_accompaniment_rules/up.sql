-- Editions of the rules of accompaniment.
CREATE TABLE accompaniment_rules (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  effective_from DATE NOT NULL,
  quorum_percent INTEGER NOT NULL,
  quorum_people INTEGER NOT NULL,
  urgent_quorum_people INTEGER NOT NULL,
  dissent_days INTEGER NOT NULL,
  protocol_working_days INTEGER NOT NULL,
  task_postponements INTEGER NOT NULL,
  continuation_months INTEGER NOT NULL,
  team_months INTEGER NOT NULL,
  lost_contact_attempts INTEGER NOT NULL,
  lost_contact_days INTEGER NOT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX accompaniment_rules_effective_from ON accompaniment_rules (effective_from, id);

-- Days that work otherwise than their weekday tells.
CREATE TABLE working_days (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  day DATE NOT NULL,
  is_working BOOLEAN NOT NULL,
  name TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX working_days_day ON working_days (day, id);
