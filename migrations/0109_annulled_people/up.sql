-- The annulment of a member of a club or a group of volunteers, and of a participant of an event, who was entered by mistake. The reasons are
-- sealed. Such a row bars nobody from being entered anew.
ALTER TABLE community_members ADD COLUMN annulment_reason TEXT NULL;
ALTER TABLE event_participants ADD COLUMN annulment_reason TEXT NULL;
DROP INDEX community_members_person_id_club_id_key;
CREATE UNIQUE INDEX community_members_person_id_club_id_key ON community_members (person_id, club_id)
  WHERE left_on IS NULL AND club_id IS NOT NULL AND annulment_reason IS NULL;
DROP INDEX community_members_person_id_volunteer_group_id_key;
CREATE UNIQUE INDEX community_members_person_id_volunteer_group_id_key ON community_members (person_id, volunteer_group_id)
  WHERE left_on IS NULL AND volunteer_group_id IS NOT NULL AND annulment_reason IS NULL;
DROP INDEX event_participants_event_id_person_id_key;
CREATE UNIQUE INDEX event_participants_event_id_person_id_key ON event_participants (event_id, person_id)
  WHERE state <> 'cancelled' AND annulment_reason IS NULL;
