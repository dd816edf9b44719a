ALTER TABLE mentors DROP COLUMN qualified_risk_level;
DROP TABLE waits;
DROP TABLE matching_needs;
DROP TABLE beneficiary_profiles;
DROP TABLE mentor_profiles;
DROP TABLE municipalities;
