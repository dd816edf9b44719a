CREATE TABLE programs (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  title_en TEXT NULL,
  description TEXT NULL,
  organization_id UUID NULL REFERENCES organizations (id),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX programs_code_key ON programs (code);

-- An edition is never changed. A change of the regulation is a new edition.
CREATE TABLE editions (
  id UUID NOT NULL PRIMARY KEY,
  program_id UUID NOT NULL REFERENCES programs (id),
  number INTEGER NOT NULL CONSTRAINT editions_number_check CHECK (number >= 1),
  effective_from DATE NOT NULL,
  form JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX editions_program_id_number_key ON editions (program_id, number);
