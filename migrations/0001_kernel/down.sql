DROP TABLE idempotency_keys;
DROP TABLE reads;
DROP TABLE facts;
DROP TABLE journal;
DROP TABLE region;
