DROP TABLE participations;
DROP TABLE group_meetings;
