ALTER TABLE intake_requests DROP COLUMN counted_from;
ALTER TABLE place_requests DROP COLUMN asked_turn_at;
DROP TABLE bed_turns;
