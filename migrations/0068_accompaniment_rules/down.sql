DROP TABLE working_days;
DROP TABLE accompaniment_rules;
