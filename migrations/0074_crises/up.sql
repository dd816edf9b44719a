-- Crises. `words` (the text and the way to reach the reporter), `survey_result` and `end_note` are sealed. The accounts that may act follow from
-- `reported_at`, `ack_minutes` and `called_level`; `next_call_at` only tells the clock when to look.
CREATE TABLE crises (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  place TEXT NOT NULL,
  kind TEXT NOT NULL,
  urgency TEXT NOT NULL,
  words TEXT NOT NULL,
  happened_at TIMESTAMPTZ NULL,
  danger_to_child BOOLEAN NOT NULL,
  concerns TEXT NOT NULL,
  concerned_user_id UUID NULL REFERENCES users (id),
  concerned_person_id UUID NULL REFERENCES people (id),
  severity TEXT NOT NULL,
  acknowledge_by TIMESTAMPTZ NOT NULL,
  ack_minutes INTEGER NOT NULL CONSTRAINT crises_ack_minutes_check CHECK (ack_minutes >= 1),
  called_level INTEGER NOT NULL,
  next_call_at TIMESTAMPTZ NULL,
  state TEXT NOT NULL CONSTRAINT crises_state_check CHECK (state IN ('reported', 'acknowledged', 'resolved', 'false_alarm')),
  reported_by UUID NOT NULL REFERENCES users (id),
  reported_at TIMESTAMPTZ NOT NULL,
  acknowledged_by UUID NULL REFERENCES users (id),
  acknowledged_at TIMESTAMPTZ NULL,
  is_own BOOLEAN NOT NULL,
  first_action_at TIMESTAMPTZ NULL,
  survey_due_on DATE NULL,
  surveyed_on DATE NULL,
  survey_result TEXT NULL,
  outcome TEXT NULL,
  end_note TEXT NULL,
  ended_at TIMESTAMPTZ NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT crises_concerned_check CHECK (concerned_user_id IS NULL OR concerned_person_id IS NULL),
  CONSTRAINT crises_acknowledged_check CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL) AND (state = 'reported') = (acknowledged_by IS NULL)),
  CONSTRAINT crises_ended_check CHECK ((state IN ('resolved', 'false_alarm')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (end_note IS NULL)),
  CONSTRAINT crises_outcome_check CHECK ((state = 'resolved') = (outcome IS NOT NULL)),
  CONSTRAINT crises_surveyed_check CHECK ((surveyed_on IS NULL) = (survey_result IS NULL))
);
-- A list is read way by way and state by state, each in the order of ids.
CREATE INDEX crises_state ON crises (state, id);
CREATE INDEX crises_beneficiary ON crises (beneficiary_id, state, id);
CREATE INDEX crises_reported_by ON crises (reported_by, state, id);
CREATE INDEX crises_acknowledged_by ON crises (acknowledged_by, state, id) WHERE acknowledged_by IS NOT NULL;
CREATE INDEX crises_next_call ON crises (next_call_at, id) WHERE next_call_at IS NOT NULL;
CREATE INDEX crises_survey_due ON crises (survey_due_on, id) WHERE surveyed_on IS NULL AND survey_due_on IS NOT NULL;
CREATE INDEX crises_reported_at ON crises (reported_at, id);

-- The organizations that see a crisis: those that answered for the beneficiary when it was reported, and those that took it up.
CREATE TABLE crisis_organizations (
  organization_id UUID NOT NULL REFERENCES organizations (id),
  crisis_id UUID NOT NULL REFERENCES crises (id),
  PRIMARY KEY (organization_id, crisis_id)
);
CREATE INDEX crisis_organizations_crisis ON crisis_organizations (crisis_id);

-- The accounts and people whom a crisis concerns as its cause: it is hidden from them.
CREATE TABLE crisis_concerned (
  crisis_id UUID NOT NULL REFERENCES crises (id),
  party_id UUID NOT NULL,
  PRIMARY KEY (crisis_id, party_id)
);

-- The accounts that were called, and the deadline that had passed. A row is never changed.
CREATE TABLE crisis_calls (
  crisis_id UUID NOT NULL REFERENCES crises (id),
  level INTEGER NOT NULL CONSTRAINT crisis_calls_level_check CHECK (level BETWEEN 1 AND 4),
  user_id UUID NOT NULL REFERENCES users (id),
  due_at TIMESTAMPTZ NOT NULL,
  called_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (crisis_id, level, user_id)
);

-- Emergency actions. `text` is sealed. A row is never changed.
CREATE TABLE crisis_actions (
  id UUID NOT NULL PRIMARY KEY,
  crisis_id UUID NOT NULL REFERENCES crises (id),
  kind TEXT NOT NULL,
  measure TEXT NULL,
  acted_at TIMESTAMPTZ NOT NULL,
  reached BOOLEAN NOT NULL,
  text TEXT NOT NULL,
  made_by UUID NOT NULL REFERENCES users (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX crisis_actions_crisis ON crisis_actions (crisis_id, id);

-- Notices to authorities. `answer` is sealed. A notice without an author is the program's. A row is never changed.
CREATE TABLE crisis_notices (
  id UUID NOT NULL PRIMARY KEY,
  crisis_id UUID NOT NULL REFERENCES crises (id),
  addressee TEXT NOT NULL,
  way TEXT NOT NULL,
  noticed_at TIMESTAMPTZ NOT NULL,
  number TEXT NULL,
  answer TEXT NULL,
  made_by UUID NULL REFERENCES users (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX crisis_notices_crisis ON crisis_notices (crisis_id, id);

-- Telephones that the answer to a report carries.
CREATE TABLE emergency_contacts (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  phone TEXT NOT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX emergency_contacts_kind ON emergency_contacts (kind, id);

ALTER TABLE accompaniment_rules ADD COLUMN ack_minutes_critical INTEGER NOT NULL DEFAULT 15;
ALTER TABLE accompaniment_rules ADD COLUMN ack_minutes_high INTEGER NOT NULL DEFAULT 30;
ALTER TABLE accompaniment_rules ADD COLUMN ack_minutes_moderate INTEGER NOT NULL DEFAULT 240;
ALTER TABLE accompaniment_rules ADD COLUMN ack_minutes_low INTEGER NOT NULL DEFAULT 1440;
ALTER TABLE accompaniment_rules ADD COLUMN notice_hours INTEGER NOT NULL DEFAULT 24;
ALTER TABLE accompaniment_rules ADD COLUMN guardianship_survey_working_days INTEGER NOT NULL DEFAULT 3;
ALTER TABLE accompaniment_rules ADD COLUMN urgent_consilium_days INTEGER NOT NULL DEFAULT 3;
