-- Requests of institutions for the card of somebody whom another institution has on record. A request about nobody has no person.
CREATE TABLE access_requests (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  requested_by UUID NOT NULL REFERENCES users (id),
  person_id UUID NULL REFERENCES people (id),
  reason TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT access_requests_state_check CHECK (state IN ('open', 'granted', 'refused')),
  made_on DATE NOT NULL,
  open_until DATE NOT NULL,
  decided_by UUID NULL REFERENCES users (id),
  decided_on DATE NULL,
  decision_reason TEXT NULL,
  ends_on DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT access_requests_decided_check CHECK ((state = 'open') = (decided_on IS NULL)),
  CONSTRAINT access_requests_granted_check CHECK ((state = 'granted') = (ends_on IS NOT NULL))
);
CREATE INDEX access_requests_organization ON access_requests (organization_id, id DESC);
CREATE INDEX access_requests_person ON access_requests (person_id, id DESC);
CREATE INDEX access_requests_account ON access_requests (requested_by, created_at);
CREATE INDEX access_requests_granted ON access_requests (organization_id, ends_on) WHERE state = 'granted';
