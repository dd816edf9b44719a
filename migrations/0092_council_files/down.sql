DROP TABLE council_meeting_files;
DROP INDEX council_members_user;
ALTER TABLE council_members DROP COLUMN user_id;
