CREATE INDEX matching_left_out_round ON matching_left_out (round_id, id);
DROP INDEX matching_left_out_urgency;
DROP INDEX matching_proposals_urgency;
