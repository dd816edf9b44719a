DROP INDEX mentors_documents_valid_until;
ALTER TABLE mentors DROP COLUMN documents_edition_id;
ALTER TABLE mentors DROP COLUMN documents_valid_until;
DROP INDEX mentor_applications_decide_by;
ALTER TABLE mentor_applications DROP COLUMN decide_by;
ALTER TABLE mentor_applications DROP COLUMN assessment;
