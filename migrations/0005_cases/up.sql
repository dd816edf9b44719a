-- `reason` and `closing_note` are sealed, because they describe the problems of a family in free text.
CREATE TABLE cases (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  specialist_user_id UUID NULL REFERENCES users (id),
  opened_on DATE NOT NULL,
  reason TEXT NULL,
  state TEXT NOT NULL CONSTRAINT cases_state_check CHECK (state IN ('open', 'closed')),
  closed_on DATE NULL,
  closing_reason TEXT NULL,
  closing_note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT cases_closing_check CHECK ((state = 'closed') = (closed_on IS NOT NULL)
    AND (state = 'closed') = (closing_reason IS NOT NULL) AND (state = 'closed' OR closing_note IS NULL)),
  CONSTRAINT cases_dates_check CHECK (closed_on IS NULL OR closed_on >= opened_on)
);
CREATE UNIQUE INDEX cases_beneficiary_id_organization_id_key ON cases (beneficiary_id, organization_id) WHERE state = 'open';
CREATE INDEX cases_beneficiary ON cases (beneficiary_id, id DESC);
CREATE INDEX cases_organization ON cases (organization_id, id DESC);
CREATE INDEX cases_specialist ON cases (specialist_user_id, id DESC);
