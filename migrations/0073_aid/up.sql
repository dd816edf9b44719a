-- Things that organizations keep for urgent aid. `balance` is the sum of the movements.
CREATE TABLE stock_items (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  balance BIGINT NOT NULL CONSTRAINT stock_items_balance_check CHECK (balance >= 0),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX stock_items_organization ON stock_items (organization_id, name_key, id);
CREATE INDEX stock_items_organization_kind ON stock_items (organization_id, kind, name_key, id);

-- Urgent aid. `described`, `items`, `result` and `cancellation_reason` are sealed.
CREATE TABLE emergency_aids (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  kind TEXT NOT NULL,
  beneficiary_id UUID NULL REFERENCES beneficiaries (id),
  described TEXT NULL,
  case_id UUID NULL REFERENCES cases (id),
  given_on DATE NOT NULL,
  items TEXT NOT NULL,
  act_number TEXT NOT NULL,
  act_file_id UUID NULL REFERENCES files (id),
  result TEXT NULL,
  state TEXT NOT NULL CONSTRAINT emergency_aids_state_check CHECK (state IN ('recorded', 'cancelled')),
  cancellation_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT emergency_aids_recipient_check CHECK ((beneficiary_id IS NULL) <> (described IS NULL)),
  CONSTRAINT emergency_aids_cancelled_check CHECK ((cancellation_reason IS NOT NULL) = (state = 'cancelled'))
);
CREATE INDEX emergency_aids_day ON emergency_aids (given_on DESC, id DESC);
CREATE INDEX emergency_aids_kind ON emergency_aids (kind, given_on DESC, id DESC);
CREATE INDEX emergency_aids_organization ON emergency_aids (organization_id, given_on DESC, id DESC);
CREATE INDEX emergency_aids_organization_kind ON emergency_aids (organization_id, kind, given_on DESC, id DESC);
CREATE INDEX emergency_aids_beneficiary ON emergency_aids (beneficiary_id, given_on DESC, id DESC) WHERE beneficiary_id IS NOT NULL;
CREATE INDEX emergency_aids_case ON emergency_aids (case_id, given_on) WHERE case_id IS NOT NULL;

-- Movements of stock, appended. `partner` is sealed.
CREATE TABLE stock_movements (
  id UUID NOT NULL PRIMARY KEY,
  stock_item_id UUID NOT NULL REFERENCES stock_items (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  direction TEXT NOT NULL CONSTRAINT stock_movements_direction_check CHECK (direction IN ('in', 'out')),
  quantity INTEGER NOT NULL CONSTRAINT stock_movements_quantity_check CHECK (quantity >= 1),
  reason TEXT NOT NULL,
  partner TEXT NULL,
  partner_organization_id UUID NULL REFERENCES organizations (id),
  emergency_aid_id UUID NULL REFERENCES emergency_aids (id),
  moved_on DATE NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX stock_movements_organization ON stock_movements (organization_id, id DESC);
CREATE INDEX stock_movements_item ON stock_movements (stock_item_id, id DESC);
CREATE INDEX stock_movements_aid ON stock_movements (emergency_aid_id, direction) WHERE emergency_aid_id IS NOT NULL;

-- Help with personal documents. `name`, `obstacle` and `number` are sealed.
CREATE TABLE document_assistance (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL,
  name TEXT NULL,
  noticed_on DATE NOT NULL,
  helper_user_id UUID NULL REFERENCES users (id),
  due_on DATE NULL,
  obstacle TEXT NULL,
  state TEXT NOT NULL,
  number TEXT NULL,
  issued_on DATE NULL,
  valid_until DATE NULL,
  received_on DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX document_assistance_case ON document_assistance (case_id, noticed_on DESC, id DESC);
CREATE INDEX document_assistance_case_kind ON document_assistance (case_id, kind, noticed_on DESC, id DESC);
CREATE INDEX document_assistance_case_state ON document_assistance (case_id, state, noticed_on DESC, id DESC);
