DROP TABLE person_records;
