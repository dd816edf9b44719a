-- The version of the subject after the event. Null for subjects without versions, and for facts from before versions were kept.
ALTER TABLE facts ADD COLUMN version BIGINT NULL;
