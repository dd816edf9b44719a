-- Councils and their members. `sides` is the list of sides where they decide together.
CREATE TABLE councils (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  kind TEXT NOT NULL CONSTRAINT councils_kind_check CHECK (kind IN ('coordination', 'trustees', 'collegium', 'commission', 'public', 'expert', 'working_group')),
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  level TEXT NOT NULL,
  founded_on DATE NULL,
  closed_on DATE NULL,
  act_id UUID NULL REFERENCES legal_acts (id),
  quorum TEXT NOT NULL,
  decides_by TEXT NOT NULL,
  sides JSONB NOT NULL,
  chair_casts BOOLEAN NOT NULL,
  bars_employees BOOLEAN NOT NULL,
  meets_per_year INTEGER NULL,
  publishes BOOLEAN NOT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX councils_name ON councils (name_key, id);
CREATE INDEX councils_organization ON councils (organization_id, name_key, id);
CREATE TABLE council_members (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  council_id UUID NOT NULL REFERENCES councils (id),
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  organization_id UUID NULL REFERENCES organizations (id),
  side TEXT NULL,
  role TEXT NOT NULL CONSTRAINT council_members_role_check CHECK (role IN ('chair', 'deputy', 'secretary', 'coordinator', 'member', 'expert')),
  voting BOOLEAN NOT NULL,
  from_on DATE NOT NULL,
  until_on DATE NULL,
  basis TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT council_members_until_check CHECK (until_on >= from_on)
);
CREATE INDEX council_members_council ON council_members (council_id, name_key, id);

-- Meetings of councils. `seats` are the members and `decision_rules` the rules of the council as they were at the meeting. `protocol` and `cancellation_reason` are sealed.
CREATE TABLE council_meetings (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  council_id UUID NOT NULL REFERENCES councils (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  state TEXT NOT NULL CONSTRAINT council_meetings_state_check CHECK (state IN ('planned', 'held', 'closed', 'cancelled')),
  planned_at TIMESTAMPTZ NOT NULL,
  place TEXT NULL,
  online BOOLEAN NOT NULL,
  absentee BOOLEAN NOT NULL,
  agenda JSONB NOT NULL,
  began_at TIMESTAMPTZ NULL,
  held_on DATE NULL,
  minutes INTEGER NULL,
  seats JSONB NOT NULL,
  guests JSONB NOT NULL,
  decision_rules JSONB NOT NULL,
  number TEXT NULL,
  signed_on DATE NULL,
  chair_id UUID NULL REFERENCES council_members (id),
  protocol TEXT NULL,
  protocol_file_id UUID NULL REFERENCES files (id),
  cancellation_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT council_meetings_held_check CHECK ((state IN ('held', 'closed')) = (began_at IS NOT NULL) AND (began_at IS NULL) = (held_on IS NULL)),
  CONSTRAINT council_meetings_closed_check CHECK ((state = 'closed') = (number IS NOT NULL) AND (number IS NULL) = (protocol IS NULL)),
  CONSTRAINT council_meetings_cancelled_check CHECK ((state = 'cancelled') = (cancellation_reason IS NOT NULL))
);
CREATE INDEX council_meetings_state ON council_meetings (state, id);
CREATE INDEX council_meetings_council ON council_meetings (council_id, state, id);
CREATE INDEX council_meetings_organization ON council_meetings (organization_id, state, planned_at, id);
CREATE INDEX council_meetings_held ON council_meetings (council_id, held_on) WHERE held_on IS NOT NULL;

-- Decisions of councils. A row is never changed but by its cancellation.
CREATE TABLE decisions (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  council_id UUID NOT NULL REFERENCES councils (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  meeting_id UUID NULL REFERENCES council_meetings (id),
  number TEXT NOT NULL,
  year INTEGER NOT NULL,
  adopted_on DATE NOT NULL,
  title TEXT NOT NULL,
  preamble TEXT NULL,
  items JSONB NOT NULL,
  signatory JSONB NOT NULL,
  act_ids JSONB NOT NULL,
  file_id UUID NULL REFERENCES files (id),
  state TEXT NOT NULL CONSTRAINT decisions_state_check CHECK (state IN ('adopted', 'cancelled')),
  cancelled_by_id UUID NULL REFERENCES decisions (id),
  cancelled_on DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT decisions_cancelled_check CHECK ((state = 'cancelled') = (cancelled_by_id IS NOT NULL) AND (cancelled_by_id IS NULL) = (cancelled_on IS NULL))
);
CREATE UNIQUE INDEX decisions_council_id_year_number_key ON decisions (council_id, year, number);
CREATE INDEX decisions_file ON decisions (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX decisions_adopted ON decisions (state, adopted_on, id);
CREATE INDEX decisions_council ON decisions (council_id, state, adopted_on, id);
CREATE INDEX decisions_meeting ON decisions (meeting_id, state, adopted_on, id) WHERE meeting_id IS NOT NULL;
CREATE INDEX decisions_organization ON decisions (organization_id, state, adopted_on, id);

-- Tasks that follow from things of the partnership. A task to a class of organizations has no assignee: its columns of one tell an
-- organization with the id of the task, which is not there. `due_on` of a task without end is its next report day, counted from
-- `report_from`; of one without any day it is the last day of the year 9999, since lists are ordered by it.
ALTER TABLE tasks ADD COLUMN addressee JSONB NOT NULL DEFAULT 'null';
ALTER TABLE tasks ADD COLUMN co_organization_ids JSONB NOT NULL DEFAULT '[]';
ALTER TABLE tasks ADD COLUMN binding BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE tasks ADD COLUMN report_every TEXT NULL;
ALTER TABLE tasks ADD COLUMN report_from DATE NULL;
ALTER TABLE tasks ADD COLUMN needs_acceptance BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE task_steps ADD COLUMN share INTEGER NULL;
CREATE INDEX tasks_source ON tasks (source_id, state, due_on, id) WHERE source_id IS NOT NULL;
--postgres ALTER TABLE tasks DROP CONSTRAINT tasks_kind_check;
--postgres ALTER TABLE tasks ADD CONSTRAINT tasks_kind_check CHECK (kind IN ('consilium_decision', 'council_item', 'interagency_item', 'key_point', 'crisis_follow_up', 'review', 'oversight', 'handover', 'other'));
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(sql, '''interagency_item'', ''crisis_follow_up''', '''interagency_item'', ''key_point'', ''crisis_follow_up''')
--sqlite   WHERE type = 'table' AND name = 'tasks';
--sqlite PRAGMA writable_schema = RESET;

-- The organizations that a task concerns besides its assignee, by addresses: an organization, or a kind in a territory.
CREATE TABLE task_addressees (
  task_id UUID NOT NULL REFERENCES tasks (id),
  address TEXT /*C*/ NOT NULL,
  PRIMARY KEY (task_id, address)
);
CREATE INDEX task_addressees_address ON task_addressees (address, task_id);

-- The answers of organizations of a class to a task. `text` is sealed. A row is never changed.
CREATE TABLE task_answers (
  id UUID NOT NULL PRIMARY KEY,
  task_id UUID NOT NULL REFERENCES tasks (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  answer TEXT NOT NULL CONSTRAINT task_answers_answer_check CHECK (answer IN ('adopted', 'partly', 'declined')),
  text TEXT NULL,
  answered_by UUID NOT NULL REFERENCES users (id),
  answered_on DATE NOT NULL
);
CREATE UNIQUE INDEX task_answers_task_id_organization_id_key ON task_answers (task_id, organization_id);
