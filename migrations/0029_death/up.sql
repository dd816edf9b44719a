-- The day of death of a person, and the sealed document that proves it. A person without them lives.
ALTER TABLE people ADD COLUMN died_on DATE NULL;
ALTER TABLE people ADD COLUMN death TEXT NULL;
-- The sealed reason of the latest annulment of a death.
ALTER TABLE people ADD COLUMN death_annulment TEXT NULL;
-- SQLite cannot alter a CHECK. It is changed in the schema text, as the SQLite documentation of ALTER TABLE describes.
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_termination_ground_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_termination_ground_check CHECK (termination_ground IN
--postgres   ('written_refusal', 'removed_by_director', 'other_objective', 'consent_withdrawn', 'meetings_not_held', 'recipient_died'));
--postgres ALTER TABLE replacements DROP CONSTRAINT replacements_ground_check;
--postgres ALTER TABLE replacements ADD CONSTRAINT replacements_ground_check CHECK (ground IN
--postgres   ('employment_ended', 'position_changed', 'long_absence', 'requested_by_mentor', 'requested_by_recipient', 'other_obstacle', 'mentor_died'));
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(sql, '''consent_withdrawn'', ''meetings_not_held'')', '''consent_withdrawn'', ''meetings_not_held'', ''recipient_died'')')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite UPDATE sqlite_schema SET sql = replace(sql, '''requested_by_recipient'', ''other_obstacle'')', '''requested_by_recipient'', ''other_obstacle'', ''mentor_died'')')
--sqlite   WHERE type = 'table' AND name = 'replacements';
--sqlite PRAGMA writable_schema = RESET;
-- A signature that has lost its basis is given anew, and the former one stays.
DROP INDEX consents_mentorship_id_signatory_key;
CREATE INDEX consents_mentorship ON consents (mentorship_id, signatory);
