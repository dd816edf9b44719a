UPDATE facts SET kind = replace(kind, 'term.', 'correction_term.'), subject_kind = 'correction_term' WHERE subject_kind = 'term';
DROP INDEX terms_effective_from;
DROP INDEX terms_in_force;
DELETE FROM terms WHERE kind <> 'corrections';
ALTER TABLE terms DROP COLUMN kind;
ALTER TABLE terms RENAME TO correction_terms;
CREATE INDEX correction_terms_effective_from ON correction_terms (effective_from, id);
