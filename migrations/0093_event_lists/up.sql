-- The audiences of events, and the organizations that hold them, alone or together: lists find events by them. `listed_on` is the first day by
-- plan, which is the day of the list. Each change of an event keeps its rows.
CREATE TABLE event_audiences (
  event_id UUID NOT NULL REFERENCES events (id),
  audience TEXT NOT NULL,
  listed_on DATE NOT NULL,
  PRIMARY KEY (event_id, audience)
);
CREATE INDEX event_audiences_audience ON event_audiences (audience, listed_on DESC, event_id DESC);

CREATE TABLE event_organizers (
  event_id UUID NOT NULL REFERENCES events (id),
  organizer_id UUID NOT NULL REFERENCES organizations (id),
  listed_on DATE NOT NULL,
  PRIMARY KEY (event_id, organizer_id)
);
CREATE INDEX event_organizers_organizer ON event_organizers (organizer_id, listed_on DESC, event_id DESC);

--sqlite INSERT INTO event_audiences (event_id, audience, listed_on)
--sqlite   SELECT DISTINCT events.id, it.value, events.starts_on FROM events, json_each(events.audiences) AS it;
--sqlite INSERT INTO event_organizers (event_id, organizer_id, listed_on)
--sqlite   SELECT events.id, events.organization_id, events.starts_on FROM events
--sqlite   UNION SELECT events.id, unhex(replace(it.value, '-', '')), events.starts_on
--sqlite     FROM events, json_each(events.co_organizer_ids) AS it;
--postgres INSERT INTO event_audiences (event_id, audience, listed_on)
--postgres   SELECT DISTINCT events.id, it.word, events.starts_on
--postgres     FROM events CROSS JOIN LATERAL jsonb_array_elements_text(events.audiences) AS it (word);
--postgres INSERT INTO event_organizers (event_id, organizer_id, listed_on)
--postgres   SELECT events.id, events.organization_id, events.starts_on FROM events
--postgres   UNION SELECT events.id, CAST(it.word AS UUID), events.starts_on
--postgres     FROM events CROSS JOIN LATERAL jsonb_array_elements_text(events.co_organizer_ids) AS it (word);
