-- A page of people is read way by way, each in the order of ids; a page of meetings state by state, in the order of time.
DROP INDEX people_organization;
CREATE INDEX people_organization ON people (organization_id, id) WHERE organization_id IS NOT NULL;
DROP INDEX people_entered_by;
CREATE INDEX people_entered_by ON people (entered_by, id) WHERE entered_by IS NOT NULL;
CREATE INDEX beneficiaries_people ON beneficiaries (organization_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX mentor_applications_people ON mentor_applications (organization_id, person_id);
CREATE INDEX mentor_applications_program_people ON mentor_applications (program_id, person_id);
CREATE INDEX access_requests_state ON access_requests (state, id DESC);
CREATE INDEX meetings_by_state ON meetings (state, at DESC, id DESC);
CREATE INDEX meetings_homework ON meetings (at DESC, id DESC) WHERE homework IS NOT NULL;
