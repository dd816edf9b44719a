ALTER TABLE accompaniment_rules DROP COLUMN first_action_minutes_low;
ALTER TABLE accompaniment_rules DROP COLUMN first_action_minutes_moderate;
ALTER TABLE accompaniment_rules DROP COLUMN first_action_minutes_high;
ALTER TABLE accompaniment_rules DROP COLUMN first_action_minutes_critical;
DROP TABLE crisis_territories;
DROP TABLE crisis_findings;
DROP TABLE crisis_courses;
