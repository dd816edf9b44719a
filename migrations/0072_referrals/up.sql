-- Services that organizations offer.
CREATE TABLE service_offers (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  kind TEXT NOT NULL,
  description TEXT NULL,
  phone TEXT NULL,
  address TEXT NULL,
  opening_hours TEXT NULL,
  age_from INTEGER NULL,
  age_to INTEGER NULL,
  free BOOLEAN NOT NULL,
  territory TEXT /*C*/ NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX service_offers_name ON service_offers (name_key, id);
CREATE INDEX service_offers_organization ON service_offers (organization_id, name_key, id);
CREATE INDEX service_offers_kind ON service_offers (kind, name_key, id);

-- Requests for help. `described`, `text`, `reporter` and `handlings` are sealed. `organization_id` has the request: it checks it, or
-- has decided it. `directed_to_id` is the organization to which it was redirected.
CREATE TABLE intake_requests (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  source TEXT NOT NULL,
  person_id UUID NULL REFERENCES people (id),
  described TEXT NULL,
  territory TEXT /*C*/ NOT NULL,
  urgency TEXT NOT NULL,
  danger_to_child BOOLEAN NOT NULL,
  text TEXT NOT NULL,
  reporter TEXT NULL,
  made_by UUID NOT NULL REFERENCES users (id),
  received_on DATE NOT NULL,
  state TEXT NOT NULL CONSTRAINT intake_requests_state_check CHECK (state IN ('received', 'checking', 'accepted', 'redirected', 'no_need', 'unreachable', 'duplicate')),
  organization_id UUID NULL REFERENCES organizations (id),
  directed_to_id UUID NULL REFERENCES organizations (id),
  decided_on DATE NULL,
  checked_on DATE NULL,
  handlings TEXT NULL,
  case_id UUID NULL REFERENCES cases (id),
  beneficiary_id UUID NULL REFERENCES beneficiaries (id),
  duplicate_of_id UUID NULL REFERENCES intake_requests (id),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT intake_requests_who_check CHECK ((person_id IS NULL) <> (described IS NULL)),
  CONSTRAINT intake_requests_taken_check CHECK ((state IN ('received', 'redirected')) = (organization_id IS NULL)),
  CONSTRAINT intake_requests_directed_check CHECK (state <> 'redirected' OR directed_to_id IS NOT NULL),
  CONSTRAINT intake_requests_accepted_check CHECK ((state = 'accepted') = (case_id IS NOT NULL OR beneficiary_id IS NOT NULL)),
  CONSTRAINT intake_requests_duplicate_check CHECK ((state = 'duplicate') = (duplicate_of_id IS NOT NULL))
);
CREATE INDEX intake_requests_state ON intake_requests (state, id);
CREATE INDEX intake_requests_made_by ON intake_requests (made_by, state, id);

-- Referrals to other organizations. `reason`, `legal_ground` and `result` are sealed. The columns from `domains` to `category` are what
-- the other organization learns before its answer. A referral that nobody answers in time has lapsed by its day; its row is settled when
-- the next one is sent or the case is closed.
CREATE TABLE referrals (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  from_organization_id UUID NOT NULL REFERENCES organizations (id),
  to_organization_id UUID NOT NULL REFERENCES organizations (id),
  need_ids JSONB NOT NULL,
  reason TEXT NOT NULL,
  urgency TEXT NOT NULL,
  parts JSONB NOT NULL,
  consent_id UUID NULL REFERENCES personal_consents (id),
  legal_ground TEXT NULL,
  ground_file_id UUID NULL REFERENCES files (id),
  domains JSONB NOT NULL,
  sex TEXT NULL,
  age_group TEXT NULL,
  territory TEXT NOT NULL,
  category TEXT NOT NULL,
  answer_until DATE NOT NULL,
  state TEXT NOT NULL CONSTRAINT referrals_state_check CHECK (state IN ('sent', 'accepted', 'rejected', 'revoked', 'lapsed', 'done', 'returned')),
  accepted_on DATE NULL,
  specialist_user_id UUID NULL REFERENCES users (id),
  settled_on DATE NULL,
  answer_reason TEXT NULL,
  result TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT referrals_ground_check CHECK ((consent_id IS NULL) <> (legal_ground IS NULL)),
  CONSTRAINT referrals_accepted_check CHECK ((accepted_on IS NULL) = (specialist_user_id IS NULL)),
  CONSTRAINT referrals_settled_check CHECK ((state IN ('sent', 'accepted')) = (settled_on IS NULL)),
  CONSTRAINT referrals_rejected_check CHECK ((state = 'rejected') = (answer_reason IS NOT NULL)),
  CONSTRAINT referrals_result_check CHECK (state NOT IN ('done', 'returned') OR result IS NOT NULL)
);
CREATE UNIQUE INDEX referrals_case_id_to_organization_id_key ON referrals (case_id, to_organization_id) WHERE state IN ('sent', 'accepted');
CREATE INDEX referrals_case ON referrals (case_id, state, id);
CREATE INDEX referrals_from ON referrals (from_organization_id, state, id);
CREATE INDEX referrals_to ON referrals (to_organization_id, state, id);
CREATE INDEX referrals_state ON referrals (state, id);
CREATE INDEX referrals_consent ON referrals (consent_id, state) WHERE consent_id IS NOT NULL;

ALTER TABLE accompaniment_rules ADD COLUMN referral_answer_days INTEGER NOT NULL DEFAULT 5;
ALTER TABLE accompaniment_rules ADD COLUMN intake_check_days INTEGER NOT NULL DEFAULT 3;
