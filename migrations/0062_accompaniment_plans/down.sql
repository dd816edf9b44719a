--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(sql, '''meetings_not_held'', ''recipient_died'', ''life_plan_missing'')', '''meetings_not_held'', ''recipient_died'')')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite PRAGMA writable_schema = RESET;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_termination_ground_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_termination_ground_check CHECK (termination_ground IN
--postgres   ('written_refusal', 'removed_by_director', 'other_objective', 'consent_withdrawn', 'meetings_not_held', 'recipient_died'));
DROP TABLE plan_results;
DROP TABLE plan_versions;
DROP TABLE plans;
