-- The sealed reason for which a record of the past was annulled; a record without one stands.
ALTER TABLE group_meetings ADD COLUMN annulment_reason TEXT NULL;
ALTER TABLE extensions ADD COLUMN annulment_reason TEXT NULL;
