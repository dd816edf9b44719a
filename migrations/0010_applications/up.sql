-- The assessment of a candidate is sealed, like all other texts about candidates.
ALTER TABLE mentor_applications ADD COLUMN assessment TEXT NULL;
-- NULL for applications submitted before this column existed. A background job sets the value.
ALTER TABLE mentor_applications ADD COLUMN decide_by DATE NULL;
CREATE INDEX mentor_applications_decide_by ON mentor_applications (decide_by, id) WHERE state IN ('submitted', 'under_review');

-- documents_valid_until is the earliest last day of the documents, computed under documents_edition_id. NULL means not computed
-- yet; a background job computes it. There is no REFERENCES, because SQLite could not drop the column in the down migration.
ALTER TABLE mentors ADD COLUMN documents_valid_until DATE NULL;
ALTER TABLE mentors ADD COLUMN documents_edition_id UUID NULL;
CREATE INDEX mentors_documents_valid_until ON mentors (documents_valid_until, id);
