DROP TABLE removal_grounds;

ALTER TABLE mentors ADD COLUMN removed_on DATE NULL;
ALTER TABLE mentors ADD COLUMN removal_order_number TEXT NULL;
ALTER TABLE mentors ADD COLUMN removal_order_date DATE NULL;
UPDATE mentors SET
  removed_on = (SELECT removed_on FROM removals WHERE mentor_id = mentors.id AND lifted_on IS NULL),
  removal_order_number = (SELECT order_number FROM removals WHERE mentor_id = mentors.id AND lifted_on IS NULL),
  removal_order_date = (SELECT order_date FROM removals WHERE mentor_id = mentors.id AND lifted_on IS NULL);
DROP TABLE removals;

ALTER TABLE consents DROP COLUMN withdrawn_on;
ALTER TABLE consents DROP COLUMN covered_person_ids;
ALTER TABLE consents DROP COLUMN primary_contact_id;
DROP TABLE successions;
DROP TABLE replacements;
DROP TABLE pauses;
DROP TABLE extensions;

-- The earlier schema has no pauses, replacements and withdrawals: a pause becomes active, a replacement or withdrawal a
-- termination.
UPDATE mentorships SET state = 'active' WHERE state = 'paused';
UPDATE mentorships SET state = 'terminated', termination_ground = 'other_objective' WHERE state = 'replaced';
UPDATE mentorships SET termination_ground = 'other_objective' WHERE termination_ground IN ('consent_withdrawn', 'meetings_not_held');
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_state_check;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_termination_ground_check;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_active_check;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_ended_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_state_check CHECK (state IN
--postgres   ('proposed', 'accepted', 'consented', 'active', 'completed', 'terminated', 'declined', 'lapsed'));
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_termination_ground_check CHECK (termination_ground IN
--postgres   ('written_refusal', 'removed_by_director', 'other_objective'));
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_active_check CHECK
--postgres   ((state IN ('active', 'completed', 'terminated')
--postgres     AND starts_on IS NOT NULL AND ends_on IS NOT NULL AND starts_on < ends_on)
--postgres   OR (state NOT IN ('active', 'completed', 'terminated')
--postgres     AND starts_on IS NULL AND ends_on IS NULL AND order_number IS NULL));
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_ended_check
--postgres   CHECK ((state IN ('completed', 'terminated', 'declined', 'lapsed')) = (ended_on IS NOT NULL));
--postgres ALTER TABLE mentors ADD CONSTRAINT mentors_removal_check
--postgres   CHECK ((removed_on IS NULL) = (removal_order_number IS NULL) AND (removed_on IS NULL) = (removal_order_date IS NULL));
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(replace(replace(replace(sql,
--sqlite   '''consented'', ''active'', ''paused'', ''completed'', ''replaced'', ''terminated''', '''consented'', ''active'', ''completed'', ''terminated'''),
--sqlite   '(''active'', ''paused'', ''completed'', ''replaced'', ''terminated'')', '(''active'', ''completed'', ''terminated'')'),
--sqlite   '(''completed'', ''replaced'', ''terminated'', ''declined'', ''lapsed'')', '(''completed'', ''terminated'', ''declined'', ''lapsed'')'),
--sqlite   '''removed_by_director'', ''other_objective'', ''consent_withdrawn'', ''meetings_not_held'')', '''removed_by_director'', ''other_objective'')')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite UPDATE sqlite_schema SET sql = replace(sql, 'CONSTRAINT mentors_removal_check CHECK (1)', 'CONSTRAINT mentors_removal_check
--sqlite     CHECK ((removed_on IS NULL) = (removal_order_number IS NULL) AND (removed_on IS NULL) = (removal_order_date IS NULL))')
--sqlite   WHERE type = 'table' AND name = 'mentors';
--sqlite PRAGMA writable_schema = RESET;
