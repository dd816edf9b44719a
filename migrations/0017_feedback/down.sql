DROP TABLE meeting_ratings;
ALTER TABLE meetings DROP COLUMN homework_told_on;
ALTER TABLE meetings DROP COLUMN homework_result;
ALTER TABLE meetings DROP COLUMN homework_done;
