-- The lists of a round begin with the most urgent.
CREATE INDEX matching_proposals_urgency ON matching_proposals (round_id, priority DESC, id);
CREATE INDEX matching_left_out_urgency ON matching_left_out (round_id, priority DESC, id);
DROP INDEX matching_left_out_round;
