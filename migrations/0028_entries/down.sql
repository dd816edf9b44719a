ALTER TABLE units DROP COLUMN annulment_reason;
