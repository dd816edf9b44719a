-- Needs of people on accompaniment.
CREATE TABLE needs (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  noticed_on DATE NOT NULL,
  domain TEXT NOT NULL,
  text TEXT NOT NULL,
  source TEXT NOT NULL,
  urgency TEXT NOT NULL,
  due_on DATE NULL,
  in_the_persons_words TEXT NULL,
  problem_id UUID NULL,
  standard_id UUID NULL,
  volume INTEGER NULL,
  programme_number TEXT NULL,
  mark TEXT NULL,
  mark_reason TEXT NULL,
  state TEXT NOT NULL CONSTRAINT needs_state_check CHECK (state IN ('open', 'in_work', 'met', 'partly_met', 'unmet', 'withdrawn')),
  unmet_reason TEXT NULL,
  result TEXT NULL,
  ended_on DATE NULL,
  continues_id UUID NULL REFERENCES needs (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT needs_result_check CHECK (state IN ('open', 'in_work') OR (result IS NOT NULL AND ended_on IS NOT NULL))
);
CREATE INDEX needs_case ON needs (case_id, noticed_on, id);
CREATE INDEX needs_case_state ON needs (case_id, state, id);
CREATE INDEX needs_due ON needs (organization_id, state, due_on, id) WHERE due_on IS NOT NULL AND annulment_reason IS NULL;
CREATE INDEX needs_due_anywhere ON needs (state, due_on, id) WHERE due_on IS NOT NULL AND annulment_reason IS NULL;

-- Service standards in editions.
CREATE TABLE service_standards (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  effective_from DATE NOT NULL,
  format TEXT NOT NULL,
  unit TEXT NOT NULL,
  norm JSONB NOT NULL,
  age_from INTEGER NULL,
  age_to INTEGER NULL,
  categories JSONB NOT NULL,
  disability_note TEXT NULL,
  provider_kinds JSONB NOT NULL,
  part TEXT NULL,
  free BOOLEAN NOT NULL,
  outcome TEXT NULL,
  order_number TEXT NULL,
  ordered_on DATE NULL,
  state TEXT NOT NULL CONSTRAINT service_standards_state_check CHECK (state IN ('drafted', 'piloted', 'active', 'retired')),
  retired_on DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT service_standards_retired_check CHECK ((state = 'retired') = (retired_on IS NOT NULL))
);
CREATE INDEX service_standards_effective_from ON service_standards (effective_from, id);
CREATE INDEX service_standards_code ON service_standards (code, effective_from, id);

-- Deliveries of services in cases.
CREATE TABLE service_deliveries (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  standard_id UUID NOT NULL REFERENCES service_standards (id),
  provider_organization_id UUID NULL,
  provider_text TEXT NULL,
  provider_kind TEXT NULL,
  delivered_on DATE NOT NULL,
  volume INTEGER NULL,
  minutes INTEGER NULL,
  need_ids JSONB NOT NULL,
  result TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT service_deliveries_provider_check CHECK ((provider_organization_id IS NULL) = (provider_text IS NOT NULL))
);
CREATE INDEX service_deliveries_case ON service_deliveries (case_id, delivered_on, id);
