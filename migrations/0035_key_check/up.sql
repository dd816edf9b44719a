-- A value that only the keys of the region open. A start compares it with the master key.
ALTER TABLE region ADD COLUMN key_check TEXT NULL;
