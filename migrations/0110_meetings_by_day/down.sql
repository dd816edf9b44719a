DROP INDEX council_meetings_council;
CREATE INDEX council_meetings_council ON council_meetings (council_id, state, id);
DROP INDEX council_meetings_state;
CREATE INDEX council_meetings_state ON council_meetings (state, id);
