ALTER TABLE meetings ADD COLUMN aid_kind TEXT NULL
  CONSTRAINT meetings_aid_kind_check CHECK (aid_kind IN ('pedagogical', 'psychological', 'social'));
ALTER TABLE meetings ADD COLUMN risk_flags JSONB NULL;
ALTER TABLE meetings ADD COLUMN specialist_present BOOLEAN NULL;
ALTER TABLE meetings ADD COLUMN homework_due_on DATE NULL
  CONSTRAINT meetings_homework_due_on_check CHECK (homework_due_on IS NULL OR homework IS NOT NULL);
