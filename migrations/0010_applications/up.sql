-- What the institution found about a candidate is sealed, like all that is written about one.
ALTER TABLE mentor_applications ADD COLUMN assessment TEXT NULL;
-- NULL in what was submitted before deadlines were kept; the clock fills it in.
ALTER TABLE mentor_applications ADD COLUMN decide_by DATE NULL;
CREATE INDEX mentor_applications_decide_by ON mentor_applications (decide_by, id) WHERE state IN ('submitted', 'under_review');

-- The earliest last day among the documents, and the edition by which it was reckoned: NULL is not reckoned yet, and the clock
-- does it. No REFERENCES: SQLite would not drop such a column again.
ALTER TABLE mentors ADD COLUMN documents_valid_until DATE NULL;
ALTER TABLE mentors ADD COLUMN documents_edition_id UUID NULL;
CREATE INDEX mentors_documents_valid_until ON mentors (documents_valid_until, id);
