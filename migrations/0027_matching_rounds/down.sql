UPDATE mentorships SET declined_by = 'recipient' WHERE declined_by = 'specialist';
UPDATE mentorships SET state = 'accepted'
  WHERE state = 'proposed' AND mentor_accepted_on IS NOT NULL AND recipient_accepted_on IS NOT NULL;
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_declined_by_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_declined_by_check CHECK (declined_by IN ('mentor', 'recipient'));
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_proposed_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_proposed_check CHECK (state <> 'proposed' OR mentor_accepted_on IS NULL OR recipient_accepted_on IS NULL);
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(replace(sql, 'declined_by IN (''mentor'', ''recipient'', ''specialist'')', 'declined_by IN (''mentor'', ''recipient'')'),
--sqlite   'state <> ''proposed'' OR starts_on IS NULL', 'state <> ''proposed'' OR mentor_accepted_on IS NULL OR recipient_accepted_on IS NULL')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite PRAGMA writable_schema = RESET;
DROP TABLE specialist_answers;
DROP TABLE matching_adjustments;
DROP TABLE matching_left_out;
DROP TABLE matching_proposals;
DROP TABLE matching_rounds;
DROP TABLE matching_rules;
