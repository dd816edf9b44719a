-- An index for each filter and order of the lists, found by the test of the plans of all statements.
-- States: a few rows of a state among many others, in the order of the list.
CREATE INDEX cases_state ON cases (state, id DESC);
CREATE INDEX cases_organization_state ON cases (organization_id, state, id DESC);
CREATE INDEX mentor_applications_state ON mentor_applications (state, id);
CREATE INDEX mentor_applications_organization_state ON mentor_applications (organization_id, state, id);
CREATE INDEX mentorships_organization_state ON mentorships (organization_id, state, id DESC);
CREATE INDEX requests_state ON requests (state, id DESC);
CREATE INDEX removal_grounds_state ON removal_grounds (state, id DESC);
-- The silent pairs are a list that is read from this index alone.
DROP INDEX contacts_due;
CREATE INDEX contacts_due ON contacts (due_on, mentorship_id);
-- Annulled records are few, and lists leave them out or have them alone.
DROP INDEX group_meetings_time;
CREATE INDEX group_meetings_time ON group_meetings (at DESC, id DESC) WHERE annulment_reason IS NULL;
CREATE INDEX group_meetings_annulled ON group_meetings (at DESC, id DESC) WHERE annulment_reason IS NOT NULL;
-- The records that rest on a meeting are asked for before it is annulled.
CREATE INDEX surveys_meeting ON surveys (meeting_id) WHERE meeting_id IS NOT NULL;
CREATE INDEX requests_meeting ON requests (meeting_id) WHERE meeting_id IS NOT NULL;
-- Accounts with a role.
CREATE INDEX grants_role ON grants (role, user_id);
-- Rare kinds and categories of recipients.
CREATE INDEX beneficiaries_kind ON beneficiaries (kind, id DESC);
CREATE INDEX beneficiaries_category ON beneficiaries (category, id DESC);
-- Recipients of a territory are a list that is read from this index alone.
DROP INDEX beneficiaries_territory;
CREATE INDEX beneficiaries_territory ON beneficiaries (territory, id);
