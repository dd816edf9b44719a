-- The mentorship to which a file was brought. No REFERENCES: SQLite would not drop such a column again.
ALTER TABLE files ADD COLUMN mentorship_id UUID NULL;
