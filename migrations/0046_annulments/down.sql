DROP TABLE correction_terms;
ALTER TABLE extensions DROP COLUMN annulment_reason;
ALTER TABLE group_meetings DROP COLUMN annulment_reason;
