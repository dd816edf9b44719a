-- Lists of meetings of councils are in the order of the planned days: old papers are entered late.
DROP INDEX council_meetings_state;
CREATE INDEX council_meetings_state ON council_meetings (state, planned_at, id);
DROP INDEX council_meetings_council;
CREATE INDEX council_meetings_council ON council_meetings (council_id, state, planned_at, id);
-- A decision is cancelled on the day of the one that cancels it, and not on that of the entry.
UPDATE decisions SET cancelled_on = (SELECT later.adopted_on FROM decisions AS later WHERE later.id = decisions.cancelled_by_id)
  WHERE cancelled_by_id IS NOT NULL;
