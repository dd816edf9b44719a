DROP INDEX mentor_applications_reviewer;
ALTER TABLE mentor_applications DROP COLUMN reviewer_user_id;
DROP INDEX meetings_next;
DROP INDEX meetings_at;
