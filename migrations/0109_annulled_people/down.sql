-- Without the column these rows would count again.
DELETE FROM event_participants WHERE annulment_reason IS NOT NULL;
DELETE FROM community_members WHERE annulment_reason IS NOT NULL;
DROP INDEX event_participants_event_id_person_id_key;
CREATE UNIQUE INDEX event_participants_event_id_person_id_key ON event_participants (event_id, person_id) WHERE state <> 'cancelled';
DROP INDEX community_members_person_id_volunteer_group_id_key;
CREATE UNIQUE INDEX community_members_person_id_volunteer_group_id_key ON community_members (person_id, volunteer_group_id) WHERE left_on IS NULL AND volunteer_group_id IS NOT NULL;
DROP INDEX community_members_person_id_club_id_key;
CREATE UNIQUE INDEX community_members_person_id_club_id_key ON community_members (person_id, club_id) WHERE left_on IS NULL AND club_id IS NOT NULL;
ALTER TABLE event_participants DROP COLUMN annulment_reason;
ALTER TABLE community_members DROP COLUMN annulment_reason;
