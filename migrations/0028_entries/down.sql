UPDATE reads SET subject_kind = 'report' WHERE subject_kind = 'mentor_report';
UPDATE facts SET kind = 'report.made' WHERE kind = 'mentor_report.made';
UPDATE facts SET subject_kind = 'report' WHERE subject_kind = 'mentor_report';
ALTER TABLE mentor_reports RENAME TO reports;
ALTER TABLE units DROP COLUMN annulment_reason;
