-- Pauses, extensions, replacements and withdrawals of a mentorship; removals of mentors and their lifting.
-- SQLite cannot alter a CHECK. It is changed in the schema text, as the SQLite documentation of ALTER TABLE describes.
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_state_check;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_termination_ground_check;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_active_check;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_ended_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_state_check CHECK (state IN
--postgres   ('proposed', 'accepted', 'consented', 'active', 'paused', 'completed', 'replaced', 'terminated', 'declined', 'lapsed'));
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_termination_ground_check CHECK (termination_ground IN
--postgres   ('written_refusal', 'removed_by_director', 'other_objective', 'consent_withdrawn', 'meetings_not_held'));
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_active_check CHECK
--postgres   ((state IN ('active', 'paused', 'completed', 'replaced', 'terminated')
--postgres     AND starts_on IS NOT NULL AND ends_on IS NOT NULL AND starts_on < ends_on)
--postgres   OR (state NOT IN ('active', 'paused', 'completed', 'replaced', 'terminated')
--postgres     AND starts_on IS NULL AND ends_on IS NULL AND order_number IS NULL));
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_ended_check
--postgres   CHECK ((state IN ('completed', 'replaced', 'terminated', 'declined', 'lapsed')) = (ended_on IS NOT NULL));
--postgres ALTER TABLE mentors DROP CONSTRAINT mentors_removal_check;
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(replace(replace(replace(sql,
--sqlite   '''consented'', ''active'', ''completed'', ''terminated''', '''consented'', ''active'', ''paused'', ''completed'', ''replaced'', ''terminated'''),
--sqlite   '(''active'', ''completed'', ''terminated'')', '(''active'', ''paused'', ''completed'', ''replaced'', ''terminated'')'),
--sqlite   '(''completed'', ''terminated'', ''declined'', ''lapsed'')', '(''completed'', ''replaced'', ''terminated'', ''declined'', ''lapsed'')'),
--sqlite   '''removed_by_director'', ''other_objective'')', '''removed_by_director'', ''other_objective'', ''consent_withdrawn'', ''meetings_not_held'')')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite UPDATE sqlite_schema SET sql = replace(sql, 'CONSTRAINT mentors_removal_check
--sqlite     CHECK ((removed_on IS NULL) = (removal_order_number IS NULL) AND (removed_on IS NULL) = (removal_order_date IS NULL))', 'CONSTRAINT mentors_removal_check CHECK (1)')
--sqlite   WHERE type = 'table' AND name = 'mentors';
--sqlite PRAGMA writable_schema = RESET;

CREATE TABLE extensions (
  id UUID NOT NULL PRIMARY KEY,
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  from_ends_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  reason TEXT NULL,
  file_id UUID NULL REFERENCES files (id),
  order_number TEXT NULL,
  order_date DATE NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT extensions_ends_on_check CHECK (ends_on > from_ends_on),
  CONSTRAINT extensions_order_check CHECK ((order_number IS NULL) = (order_date IS NULL))
);
CREATE INDEX extensions_mentorship ON extensions (mentorship_id, id);

CREATE TABLE pauses (
  id UUID NOT NULL PRIMARY KEY,
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  paused_on DATE NOT NULL,
  reason TEXT NOT NULL,
  until DATE NULL,
  note TEXT NULL,
  over_on DATE NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT pauses_over_on_check CHECK (over_on IS NULL OR over_on >= paused_on)
);
CREATE UNIQUE INDEX pauses_mentorship_id_key ON pauses (mentorship_id) WHERE over_on IS NULL;
CREATE INDEX pauses_mentorship ON pauses (mentorship_id, id);

-- The description of a replacement is in `words` of the mentorship; its paper is in `ending_file_id`.
CREATE TABLE replacements (
  mentorship_id UUID NOT NULL PRIMARY KEY REFERENCES mentorships (id),
  ground TEXT NOT NULL CONSTRAINT replacements_ground_check CHECK (ground IN
    ('employment_ended', 'position_changed', 'long_absence', 'requested_by_mentor', 'requested_by_recipient', 'other_obstacle')),
  absence_confirmed BOOLEAN NOT NULL
);

CREATE TABLE successions (
  mentorship_id UUID NOT NULL PRIMARY KEY REFERENCES mentorships (id),
  replaces_id UUID NOT NULL REFERENCES mentorships (id)
);
CREATE INDEX successions_replaces ON successions (replaces_id, mentorship_id);

ALTER TABLE consents ADD COLUMN withdrawn_on DATE NULL;
ALTER TABLE consents ADD COLUMN covered_person_ids JSONB NULL;
ALTER TABLE consents ADD COLUMN primary_contact_id UUID NULL REFERENCES people (id);

CREATE TABLE removals (
  id UUID NOT NULL PRIMARY KEY,
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  removed_on DATE NOT NULL,
  order_number TEXT NOT NULL,
  order_date DATE NOT NULL,
  lifted_on DATE NULL,
  lifting_order_number TEXT NULL,
  lifting_order_date DATE NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT removals_lifted_on_check CHECK (lifted_on IS NULL OR lifted_on >= removed_on),
  CONSTRAINT removals_lifting_check
    CHECK ((lifted_on IS NULL) = (lifting_order_number IS NULL) AND (lifted_on IS NULL) = (lifting_order_date IS NULL))
);
INSERT INTO removals (id, mentor_id, removed_on, order_number, order_date, recorded_at)
  SELECT id, id, removed_on, removal_order_number, removal_order_date, updated_at FROM mentors WHERE removed_on IS NOT NULL;
CREATE UNIQUE INDEX removals_mentor_id_key ON removals (mentor_id) WHERE lifted_on IS NULL;
CREATE INDEX removals_mentor ON removals (mentor_id, id);
ALTER TABLE mentors DROP COLUMN removed_on;
ALTER TABLE mentors DROP COLUMN removal_order_number;
ALTER TABLE mentors DROP COLUMN removal_order_date;

-- `text` and `closing_text` are sealed.
CREATE TABLE removal_grounds (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  state TEXT NOT NULL CONSTRAINT removal_grounds_state_check CHECK (state IN ('open', 'dismissed', 'upheld')),
  arisen_on DATE NOT NULL,
  text TEXT NOT NULL,
  file_id UUID NULL REFERENCES files (id),
  closed_on DATE NULL,
  closing_text TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT removal_grounds_closed_check CHECK ((state = 'open') = (closed_on IS NULL))
);
CREATE INDEX removal_grounds_mentor ON removal_grounds (mentor_id, id DESC);
