-- The sealed work telephone of an account, which the sides of a mentorship may be given.
ALTER TABLE users ADD COLUMN work_phone TEXT NULL;
