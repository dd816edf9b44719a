UPDATE mentorships SET declined_by = 'recipient' WHERE declined_by = 'specialist';
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_declined_by_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_declined_by_check CHECK (declined_by IN ('mentor', 'recipient'));
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(sql, 'declined_by IN (''mentor'', ''recipient'', ''specialist'')', 'declined_by IN (''mentor'', ''recipient'')')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite PRAGMA writable_schema = RESET;
DROP TABLE specialist_answers;
DROP TABLE matching_adjustments;
DROP TABLE matching_left_out;
DROP TABLE matching_proposals;
DROP TABLE matching_rounds;
DROP TABLE matching_rules;
