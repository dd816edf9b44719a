ALTER TABLE volunteer_work DROP COLUMN consent_file_id;
ALTER TABLE community_members DROP COLUMN consent_file_id;
