DROP TABLE ideas;
DROP TABLE volunteer_work;
DROP TABLE event_participants;
DROP TABLE event_attendances;
ALTER TABLE partner_interactions DROP COLUMN event_id;
DROP TABLE events;
