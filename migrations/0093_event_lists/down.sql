DROP TABLE event_organizers;
DROP TABLE event_audiences;
