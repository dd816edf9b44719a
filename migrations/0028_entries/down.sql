ALTER TABLE mentor_reports RENAME TO reports;
ALTER TABLE units DROP COLUMN annulment_reason;
