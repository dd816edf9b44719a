DROP INDEX meetings_homework_of;
DROP INDEX cases_organization_state;
CREATE INDEX cases_organization_state ON cases (organization_id, state, id DESC);
ALTER TABLE cases DROP COLUMN born_on;
