-- `private` holds the sealed personal data: СНИЛС, contacts, address, documents. They cannot be read from the database file.
-- organization_id and entered_by name the origin of a row: an institution sees the people whom its own accounts entered.
CREATE TABLE people (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NULL REFERENCES organizations (id),
  entered_by UUID NULL REFERENCES users (id),
  family_name TEXT NOT NULL,
  given_name TEXT NOT NULL,
  patronymic TEXT NULL,
  name_key TEXT /*C*/ NOT NULL,
  birth_date DATE NOT NULL,
  sex TEXT NOT NULL,
  residence TEXT /*C*/ NULL,
  snils_key TEXT NULL,
  private TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX people_snils_key_key ON people (snils_key);
CREATE INDEX people_name ON people (name_key, id);
CREATE INDEX people_birth_date ON people (birth_date, name_key, id);
CREATE INDEX people_organization ON people (organization_id);
CREATE INDEX people_entered_by ON people (entered_by);
CREATE INDEX people_residence ON people (residence);

CREATE TABLE families (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NULL REFERENCES organizations (id),
  entered_by UUID NULL REFERENCES users (id),
  name TEXT NOT NULL,
  has_minor_children BOOLEAN NOT NULL,
  hardship_causes JSONB NOT NULL,
  risk_flags JSONB NOT NULL,
  primary_contact_id UUID NULL REFERENCES people (id),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX families_organization ON families (organization_id);
CREATE INDEX families_entered_by ON families (entered_by);

CREATE TABLE family_members (
  family_id UUID NOT NULL REFERENCES families (id),
  n INTEGER NOT NULL,
  person_id UUID NOT NULL REFERENCES people (id),
  role TEXT NOT NULL,
  PRIMARY KEY (family_id, n)
);
CREATE UNIQUE INDEX family_members_family_id_person_id_key ON family_members (family_id, person_id);
CREATE INDEX family_members_person ON family_members (person_id);

CREATE TABLE beneficiaries (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  person_id UUID NULL REFERENCES people (id),
  family_id UUID NULL REFERENCES families (id),
  category TEXT NOT NULL,
  category_text TEXT NULL,
  origin TEXT NULL,
  disability BOOLEAN NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  guardianship_authority_id UUID NULL REFERENCES organizations (id),
  territory TEXT /*C*/ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT beneficiaries_kind_check CHECK ((kind = 'person' AND person_id IS NOT NULL AND family_id IS NULL)
    OR (kind = 'family' AND family_id IS NOT NULL AND person_id IS NULL)),
  CONSTRAINT beneficiaries_category_check CHECK ((category = 'other') = (category_text IS NOT NULL))
);
CREATE UNIQUE INDEX beneficiaries_person_id_key ON beneficiaries (person_id);
CREATE UNIQUE INDEX beneficiaries_family_id_key ON beneficiaries (family_id);
CREATE INDEX beneficiaries_organization ON beneficiaries (organization_id, id DESC);
CREATE INDEX beneficiaries_territory ON beneficiaries (territory);

-- `document` is sealed. document_file_id has no foreign key, because a file may be deleted independently of this row.
CREATE TABLE representatives (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  person_id UUID NOT NULL REFERENCES people (id),
  basis TEXT NOT NULL,
  document TEXT NULL,
  document_file_id UUID NULL,
  valid_from DATE NOT NULL,
  valid_until DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT representatives_term_check CHECK (valid_until IS NULL OR valid_until >= valid_from)
);
CREATE INDEX representatives_beneficiary ON representatives (beneficiary_id, id DESC);
CREATE INDEX representatives_person ON representatives (person_id);
