ALTER TABLE meetings DROP COLUMN request_id;
DROP TABLE requests;
