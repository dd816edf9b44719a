-- Records of the months of a case, from their first words or their signature on. `words`, `content` and `corrections` are sealed.
-- `month_on` is the first day of the month.
CREATE TABLE monthly_records (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  month_on DATE NOT NULL,
  words TEXT NOT NULL,
  content TEXT NULL,
  sha256 TEXT NULL,
  corrections TEXT NULL,
  signed_by UUID NULL REFERENCES users (id),
  signed_at TIMESTAMPTZ NULL,
  signed_on DATE NULL,
  due_on DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT monthly_records_signed_check CHECK (
    (signed_on IS NULL AND content IS NULL AND sha256 IS NULL AND signed_by IS NULL AND signed_at IS NULL AND due_on IS NULL AND corrections IS NULL)
    OR (signed_on IS NOT NULL AND content IS NOT NULL AND sha256 IS NOT NULL AND signed_by IS NOT NULL AND signed_at IS NOT NULL AND due_on IS NOT NULL)
  )
);
CREATE UNIQUE INDEX monthly_records_case_id_month_on_key ON monthly_records (case_id, month_on);

-- The first day for which the months of a case have records: of a case that was entered before, the day after this migration by the
-- clock of Greenwich, which is no earlier day of the region. Null: the day on which the case was entered.
ALTER TABLE cases ADD COLUMN months_from DATE NULL;
--sqlite UPDATE cases SET months_from = date('now', '+1 day');
--postgres UPDATE cases SET months_from = CURRENT_DATE + 1;
-- Closed cases of a month.
CREATE INDEX cases_closed_on ON cases (closed_on, id) WHERE closed_on IS NOT NULL;
CREATE INDEX cases_organization_closed_on ON cases (organization_id, closed_on, id) WHERE closed_on IS NOT NULL;
-- The transfer by which a case came.
CREATE INDEX case_transfers_next ON case_transfers (next_case_id) WHERE next_case_id IS NOT NULL;
