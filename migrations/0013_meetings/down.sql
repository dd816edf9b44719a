ALTER TABLE meetings DROP COLUMN homework_due_on;
ALTER TABLE meetings DROP COLUMN specialist_present;
ALTER TABLE meetings DROP COLUMN risk_flags;
ALTER TABLE meetings DROP COLUMN aid_kind;
