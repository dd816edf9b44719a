DELETE FROM consents WHERE EXISTS (SELECT 1 FROM consents AS later WHERE later.mentorship_id = consents.mentorship_id
  AND later.signatory = consents.signatory AND later.id > consents.id);
DROP INDEX consents_mentorship;
CREATE UNIQUE INDEX consents_mentorship_id_signatory_key ON consents (mentorship_id, signatory);
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(sql, '''other_obstacle'', ''mentor_died'')', '''other_obstacle'')')
--sqlite   WHERE type = 'table' AND name = 'replacements';
--sqlite UPDATE sqlite_schema SET sql = replace(sql, '''meetings_not_held'', ''recipient_died'')', '''meetings_not_held'')')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite PRAGMA writable_schema = RESET;
--postgres ALTER TABLE replacements DROP CONSTRAINT replacements_ground_check;
--postgres ALTER TABLE replacements ADD CONSTRAINT replacements_ground_check CHECK (ground IN
--postgres   ('employment_ended', 'position_changed', 'long_absence', 'requested_by_mentor', 'requested_by_recipient', 'other_obstacle'));
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_termination_ground_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_termination_ground_check CHECK (termination_ground IN
--postgres   ('written_refusal', 'removed_by_director', 'other_objective', 'consent_withdrawn', 'meetings_not_held'));
ALTER TABLE people DROP COLUMN death_annulment;
ALTER TABLE people DROP COLUMN death;
ALTER TABLE people DROP COLUMN died_on;
