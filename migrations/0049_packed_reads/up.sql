-- Reads of personal data, packed. The program packs the rows of the table `reads` and drops it, for the format is its own.
-- Reads that were written at once, in the order of requests.
CREATE TABLE read_batches (
  id UUID NOT NULL PRIMARY KEY,
  disclosures INTEGER NOT NULL,
  last_at TIMESTAMPTZ NOT NULL,
  body BYTEA NOT NULL
);
-- Reads that were sorted by subject together.
CREATE TABLE read_runs (
  id UUID NOT NULL PRIMARY KEY,
  disclosures INTEGER NOT NULL,
  last_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE read_pages (
  run_id UUID NOT NULL REFERENCES read_runs (id),
  first_subject UUID NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (run_id, first_subject)
);
-- Packed bytes do not get smaller.
--postgres ALTER TABLE read_batches ALTER COLUMN body SET STORAGE EXTERNAL;
--postgres ALTER TABLE read_pages ALTER COLUMN body SET STORAGE EXTERNAL;
