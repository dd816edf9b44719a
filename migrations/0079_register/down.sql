DROP INDEX organizations_keeping;
ALTER TABLE organizations DROP COLUMN keeps_register;
DROP TABLE register_searches;
DROP TABLE register_scans;
DROP TABLE register_candidates;
DROP TABLE register_merges;
DROP TABLE register_entries;
--postgres DROP SEQUENCE register_numbers;
