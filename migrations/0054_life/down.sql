DROP TABLE case_contacts;
DROP TABLE snapshots;
DROP TABLE life_periods;
