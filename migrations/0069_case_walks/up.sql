-- The birth date of the person, so that a review at an age is found by an index of the case alone. It follows the person's.
ALTER TABLE cases ADD COLUMN born_on DATE NULL;
UPDATE cases SET born_on = (
  SELECT people.birth_date FROM beneficiaries JOIN people ON people.id = beneficiaries.person_id WHERE beneficiaries.id = cases.beneficiary_id
);
-- Everything by which the open cases of an institution are chosen: what is due, and what a month expects.
DROP INDEX cases_organization_state;
CREATE INDEX cases_organization_state ON cases (
  organization_id, state, id, stage, stage_since, opened_on, kind, born_on, created_at, months_from, closed_on, specialist_user_id
);
-- Homework of the mentorships of an institution.
CREATE INDEX meetings_homework_of ON meetings (mentorship_id, at, id) WHERE homework IS NOT NULL;
