ALTER TABLE region DROP COLUMN key_check;
