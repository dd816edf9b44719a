ALTER TABLE users DROP COLUMN work_phone;
