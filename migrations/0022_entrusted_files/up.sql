-- The mentorship for which a file was uploaded. There is no REFERENCES, because SQLite could not drop the column again.
ALTER TABLE files ADD COLUMN mentorship_id UUID NULL;
