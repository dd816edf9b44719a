-- The reason why a unit was annulled, sealed; a unit without one stands.
ALTER TABLE units ADD COLUMN annulment_reason TEXT NULL;
-- Reports of figures are another thing, so the table says whose reports these are.
ALTER TABLE reports RENAME TO mentor_reports;
