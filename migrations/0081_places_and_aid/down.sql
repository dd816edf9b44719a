DROP INDEX document_assistance_ending;
DROP INDEX document_assistance_due;
ALTER TABLE document_assistance DROP COLUMN organization_id;
DROP INDEX emergency_aids_stay;
ALTER TABLE emergency_aids DROP COLUMN stay_id;
DROP INDEX stays_ending;
DROP INDEX place_requests_offered_bed;
DROP INDEX place_requests_offered;
ALTER TABLE place_requests DROP COLUMN offered_turn_at;
