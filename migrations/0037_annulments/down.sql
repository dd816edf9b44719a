ALTER TABLE mentor_reports DROP COLUMN annulment_reason;
ALTER TABLE surveys DROP COLUMN annulment_reason;
ALTER TABLE trainings DROP COLUMN annulment_reason;
ALTER TABLE meetings DROP COLUMN annulment_reason;
