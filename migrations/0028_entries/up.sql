-- The reason why a unit was annulled, sealed; a unit without one stands.
ALTER TABLE units ADD COLUMN annulment_reason TEXT NULL;
