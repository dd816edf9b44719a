-- The sealed reason for which a record of the past was annulled; a record without one stands.
ALTER TABLE meetings ADD COLUMN annulment_reason TEXT NULL;
ALTER TABLE trainings ADD COLUMN annulment_reason TEXT NULL;
ALTER TABLE surveys ADD COLUMN annulment_reason TEXT NULL;
ALTER TABLE mentor_reports ADD COLUMN annulment_reason TEXT NULL;
