ALTER TABLE files DROP COLUMN mentorship_id;
