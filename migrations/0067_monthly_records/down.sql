DROP INDEX case_transfers_next;
DROP INDEX cases_organization_closed_on;
DROP INDEX cases_closed_on;
ALTER TABLE cases DROP COLUMN months_from;
DROP TABLE monthly_records;
