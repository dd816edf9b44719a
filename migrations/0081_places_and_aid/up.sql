-- Since when the nights of the last offer are offered to one after the other. It stays after the offer has ended.
ALTER TABLE place_requests ADD COLUMN offered_turn_at TIMESTAMPTZ NULL;
UPDATE place_requests SET offered_turn_at = updated_at WHERE offered_bed_id IS NOT NULL;
CREATE INDEX place_requests_offered ON place_requests (state, offered_held_until, id) WHERE offered_held_until IS NOT NULL;
CREATE INDEX place_requests_offered_bed ON place_requests (offered_bed_id, id) WHERE offered_bed_id IS NOT NULL;
CREATE INDEX stays_ending ON stays (organization_id, state, until_on, id);

-- Temporary housing may be a stay.
ALTER TABLE emergency_aids ADD COLUMN stay_id UUID NULL REFERENCES stays (id);
CREATE INDEX emergency_aids_stay ON emergency_aids (stay_id) WHERE stay_id IS NOT NULL;

-- The organization of the case, for what is due in all its cases.
ALTER TABLE document_assistance ADD COLUMN organization_id UUID NULL REFERENCES organizations (id);
UPDATE document_assistance SET organization_id = (SELECT organization_id FROM cases WHERE cases.id = document_assistance.case_id);
CREATE INDEX document_assistance_due ON document_assistance (organization_id, state, due_on, id) WHERE due_on IS NOT NULL;
CREATE INDEX document_assistance_ending ON document_assistance (organization_id, state, valid_until, id) WHERE valid_until IS NOT NULL;
