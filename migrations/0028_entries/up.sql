-- The reason why a unit was annulled, sealed; a unit without one stands.
ALTER TABLE units ADD COLUMN annulment_reason TEXT NULL;
-- Reports of figures are another thing, so the table says whose reports these are.
ALTER TABLE reports RENAME TO mentor_reports;
UPDATE facts SET subject_kind = 'mentor_report' WHERE subject_kind = 'report';
UPDATE facts SET kind = 'mentor_report.made' WHERE kind = 'report.made';
UPDATE reads SET subject_kind = 'mentor_report' WHERE subject_kind = 'report';
