-- Cases proposed to another organization. `legal_ground`, `note` and `answer_note` are sealed. A proposal that nobody answers in time
-- has lapsed by its day; its row is settled when the next one is made.
CREATE TABLE case_transfers (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  from_organization_id UUID NOT NULL REFERENCES organizations (id),
  to_organization_id UUID NOT NULL REFERENCES organizations (id),
  reason TEXT NOT NULL,
  parts JSONB NOT NULL,
  consent_id UUID NULL REFERENCES personal_consents (id),
  legal_ground TEXT NULL,
  ground_file_id UUID NULL REFERENCES files (id),
  wished_on DATE NULL,
  mentorship_ids JSONB NOT NULL,
  note TEXT NULL,
  answer_until DATE NOT NULL,
  state TEXT NOT NULL CONSTRAINT case_transfers_state_check CHECK (state IN ('proposed', 'accepted', 'rejected', 'withdrawn', 'lapsed')),
  settled_on DATE NULL,
  answer_reason TEXT NULL,
  answer_note TEXT NULL,
  next_case_id UUID NULL REFERENCES cases (id),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT case_transfers_ground_check CHECK ((consent_id IS NULL) <> (legal_ground IS NULL)),
  CONSTRAINT case_transfers_settled_check CHECK ((state = 'proposed') = (settled_on IS NULL)),
  CONSTRAINT case_transfers_next_check CHECK ((state = 'accepted') = (next_case_id IS NOT NULL)),
  CONSTRAINT case_transfers_rejected_check CHECK ((state = 'rejected') = (answer_reason IS NOT NULL))
);
CREATE UNIQUE INDEX case_transfers_case_id_key ON case_transfers (case_id) WHERE state = 'proposed';
CREATE INDEX case_transfers_case ON case_transfers (case_id, id);
CREATE INDEX case_transfers_from ON case_transfers (from_organization_id, state, id);
CREATE INDEX case_transfers_to ON case_transfers (to_organization_id, state, id);
