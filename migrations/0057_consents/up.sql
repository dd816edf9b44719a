-- The ledger of consents, beside the consents of mentorships: one row for each document.
CREATE TABLE personal_consents (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  purpose TEXT NOT NULL CONSTRAINT personal_consents_purpose_check CHECK (purpose IN ('team', 'referral', 'transfer', 'consilium', 'publicity', 'image', 'story', 'award', 'volunteering', 'survey')),
  organization_ids JSONB NOT NULL,
  parts JSONB NOT NULL,
  data JSONB NOT NULL,
  channels JSONB NOT NULL,
  valid_until DATE NOT NULL,
  withdrawn_on DATE NULL,
  withdrawn_by UUID NULL REFERENCES people (id),
  withdrawal_file_id UUID NULL REFERENCES files (id),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT personal_consents_withdrawn_check CHECK ((withdrawn_on IS NULL) = (withdrawn_by IS NULL) AND (withdrawal_file_id IS NULL OR withdrawn_on IS NOT NULL))
);
CREATE INDEX personal_consents_beneficiary ON personal_consents (beneficiary_id, id);

-- The signatures under a consent. A row is never changed.
CREATE TABLE consent_signatures (
  consent_id UUID NOT NULL REFERENCES personal_consents (id),
  signatory TEXT NOT NULL CONSTRAINT consent_signatures_signatory_check CHECK (signatory IN ('recipient', 'representative')),
  person_id UUID NOT NULL REFERENCES people (id),
  representative_id UUID NULL REFERENCES representatives (id),
  signed_on DATE NOT NULL,
  file_id UUID NULL REFERENCES files (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (consent_id, signatory),
  CONSTRAINT consent_signatures_authority_check CHECK ((signatory = 'representative') = (representative_id IS NOT NULL))
);
