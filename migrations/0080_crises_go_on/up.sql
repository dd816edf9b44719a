-- The course of a crisis: one row for each. `counted_from` is the moment from which the present chain counts, `is_acted` tells whether
-- something was done since. `notice_due_at` is empty once everybody was told. `follow_up_result` is sealed.
CREATE TABLE crisis_courses (
  crisis_id UUID NOT NULL PRIMARY KEY REFERENCES crises (id),
  counted_from TIMESTAMPTZ NOT NULL,
  action_minutes INTEGER NOT NULL CONSTRAINT crisis_courses_action_minutes_check CHECK (action_minutes >= 1),
  is_acted BOOLEAN NOT NULL,
  first_acknowledged_at TIMESTAMPTZ NULL,
  notice_due_at TIMESTAMPTZ NULL,
  follow_up_by UUID NULL REFERENCES users (id),
  follow_up_due_on DATE NULL,
  followed_up_on DATE NULL,
  follow_up_result TEXT NULL,
  CONSTRAINT crisis_courses_follow_up_check CHECK ((follow_up_by IS NULL) = (follow_up_due_on IS NULL)),
  CONSTRAINT crisis_courses_followed_up_check CHECK ((followed_up_on IS NULL) = (follow_up_result IS NULL))
);
CREATE INDEX crisis_courses_notice_due ON crisis_courses (notice_due_at, crisis_id) WHERE notice_due_at IS NOT NULL;
CREATE INDEX crisis_courses_follow_up_due ON crisis_courses (follow_up_due_on, crisis_id) WHERE follow_up_due_on IS NOT NULL AND followed_up_on IS NULL;
INSERT INTO crisis_courses (crisis_id, counted_from, action_minutes, is_acted, first_acknowledged_at, notice_due_at)
  SELECT id, COALESCE(acknowledged_at, reported_at),
    CASE severity WHEN 'critical' THEN 60 WHEN 'high' THEN 240 WHEN 'moderate' THEN 1440 ELSE 4320 END,
    first_action_at IS NOT NULL, acknowledged_at,
    CASE WHEN ended_at IS NULL AND survey_due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM crisis_notices
      WHERE crisis_notices.crisis_id = crises.id AND addressee = 'guardianship' AND number IS NOT NULL) THEN reported_at END
  FROM crises;
-- The clock looks again at those that somebody has taken up: the minutes for the first action count now.
UPDATE crises SET next_call_at = acknowledged_at WHERE state = 'acknowledged' AND first_action_at IS NULL;

-- Findings about a crisis after its report. A row is never changed.
CREATE TABLE crisis_findings (
  id UUID NOT NULL PRIMARY KEY,
  crisis_id UUID NOT NULL REFERENCES crises (id),
  kind TEXT NULL,
  danger_to_child BOOLEAN NOT NULL,
  concerns TEXT NULL,
  concerned_user_id UUID NULL REFERENCES users (id),
  concerned_person_id UUID NULL REFERENCES people (id),
  made_by UUID NOT NULL REFERENCES users (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT crisis_findings_concerned_check CHECK (concerned_user_id IS NULL OR concerned_person_id IS NULL)
);
CREATE INDEX crisis_findings_crisis ON crisis_findings (crisis_id, id);

-- The territory of each crisis, which is that of the beneficiary: guardianship reads its own crises by it and no others.
CREATE TABLE crisis_territories (
  crisis_id UUID NOT NULL PRIMARY KEY REFERENCES crises (id),
  territory TEXT /*C*/ NOT NULL
);
CREATE INDEX crisis_territories_territory ON crisis_territories (territory, crisis_id);
INSERT INTO crisis_territories (crisis_id, territory)
  SELECT crises.id, beneficiaries.territory FROM crises INNER JOIN beneficiaries ON beneficiaries.id = crises.beneficiary_id;

ALTER TABLE accompaniment_rules ADD COLUMN first_action_minutes_critical INTEGER NOT NULL DEFAULT 60;
ALTER TABLE accompaniment_rules ADD COLUMN first_action_minutes_high INTEGER NOT NULL DEFAULT 240;
ALTER TABLE accompaniment_rules ADD COLUMN first_action_minutes_moderate INTEGER NOT NULL DEFAULT 1440;
ALTER TABLE accompaniment_rules ADD COLUMN first_action_minutes_low INTEGER NOT NULL DEFAULT 4320;
