-- The version of annex 3 that was signed. No REFERENCES: SQLite would not drop such a column again.
ALTER TABLE consents ADD COLUMN annex_id UUID NULL;
