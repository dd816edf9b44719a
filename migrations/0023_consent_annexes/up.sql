-- The version of annex 3 that was signed. There is no REFERENCES, because SQLite could not drop the column again.
ALTER TABLE consents ADD COLUMN annex_id UUID NULL;
