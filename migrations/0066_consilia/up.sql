-- Sittings that decide about cases. `members` and `cancellation_note` are sealed: names of people from outside stand in them.
CREATE TABLE consilia (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  planned_at TIMESTAMPTZ NOT NULL,
  form TEXT NOT NULL,
  place TEXT NULL,
  members TEXT NOT NULL,
  chair_user_id UUID NULL REFERENCES users (id),
  state TEXT NOT NULL CONSTRAINT consilia_state_check CHECK (state IN ('planned', 'held', 'closed', 'cancelled')),
  held_at TIMESTAMPTZ NULL,
  present JSONB NOT NULL,
  protocol_number TEXT NULL,
  protocol_year INTEGER NULL,
  protocol_file_id UUID NULL REFERENCES files (id),
  closed_on DATE NULL,
  cancellation_note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT consilia_held_check CHECK ((state IN ('held', 'closed')) = (held_at IS NOT NULL)),
  CONSTRAINT consilia_closed_check CHECK ((state = 'closed') = (protocol_number IS NOT NULL AND protocol_year IS NOT NULL AND closed_on IS NOT NULL))
);
CREATE UNIQUE INDEX consilia_organization_id_protocol_year_protocol_number_key ON consilia (organization_id, protocol_year, protocol_number) WHERE protocol_number IS NOT NULL;
CREATE INDEX consilia_organization ON consilia (organization_id, state, id);
CREATE INDEX consilia_state ON consilia (state, id);

-- Cases on an agenda. `question`, `resolution` and `postponement` are sealed. `agenda_case_id` is the case while the item binds it to this
-- agenda: not of an urgent item, and not after the closing, a postponement or a cancellation.
CREATE TABLE consilium_items (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  consilium_id UUID NOT NULL REFERENCES consilia (id),
  n INTEGER NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  agenda_case_id UUID NULL REFERENCES cases (id),
  kind TEXT NOT NULL,
  question TEXT NOT NULL,
  speaker_user_id UUID NULL REFERENCES users (id),
  file_ids JSONB NOT NULL,
  state TEXT NOT NULL CONSTRAINT consilium_items_state_check CHECK (state IN ('open', 'resolved', 'postponed')),
  resolution TEXT NULL,
  postponement TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT consilium_items_resolved_check CHECK ((state = 'resolved') = (resolution IS NOT NULL)),
  CONSTRAINT consilium_items_postponed_check CHECK ((state = 'postponed') = (postponement IS NOT NULL))
);
CREATE UNIQUE INDEX consilium_items_consilium_id_n_key ON consilium_items (consilium_id, n);
CREATE UNIQUE INDEX consilium_items_agenda_case_id_key ON consilium_items (agenda_case_id) WHERE agenda_case_id IS NOT NULL;
CREATE INDEX consilium_items_case ON consilium_items (case_id, id);

-- Dissents of members. `text` is sealed. A row is never changed.
CREATE TABLE consilium_dissents (
  item_id UUID NOT NULL REFERENCES consilium_items (id),
  n INTEGER NOT NULL,
  member INTEGER NOT NULL,
  text TEXT NOT NULL,
  made_by UUID NOT NULL REFERENCES users (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (item_id, n)
);

-- The stage that a case has left for help in hardship.
ALTER TABLE cases ADD COLUMN stage_left TEXT NULL;
