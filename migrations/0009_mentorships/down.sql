DROP TABLE meetings;
DROP TABLE consents;
DROP TABLE mentorships;
