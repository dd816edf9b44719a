-- One table for all terms that a region sets, each of a kind.
ALTER TABLE correction_terms RENAME TO terms;
ALTER TABLE terms ADD COLUMN kind TEXT NOT NULL DEFAULT 'corrections';
DROP INDEX correction_terms_effective_from;
CREATE INDEX terms_in_force ON terms (kind, effective_from, id);
CREATE INDEX terms_effective_from ON terms (effective_from, id);
UPDATE facts SET kind = replace(kind, 'correction_term.', 'term.'), subject_kind = 'term' WHERE subject_kind = 'correction_term';
