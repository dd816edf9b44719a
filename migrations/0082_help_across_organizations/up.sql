-- A request for help is hidden from the account, the person or the staff whom it concerns. One about a child in danger calls levels of
-- accounts: `call_minutes` for each, `called_level` is told already, `next_call_at` is when the clock looks again. `district` is the district of
-- the territory, by which lists are read.
ALTER TABLE intake_requests ADD COLUMN concerned_user_id UUID NULL REFERENCES users (id);
ALTER TABLE intake_requests ADD COLUMN concerned_person_id UUID NULL REFERENCES people (id);
ALTER TABLE intake_requests ADD COLUMN concerned_organization_id UUID NULL REFERENCES organizations (id);
ALTER TABLE intake_requests ADD COLUMN call_minutes INTEGER NULL;
ALTER TABLE intake_requests ADD COLUMN called_level INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intake_requests ADD COLUMN next_call_at TIMESTAMPTZ NULL;
ALTER TABLE intake_requests ADD COLUMN district TEXT /*C*/ NOT NULL DEFAULT '';
UPDATE intake_requests SET district = substr(territory, 1, 5) || '000';
-- An open request about a child in danger calls from now on, by the minutes of the region that has set none.
UPDATE intake_requests SET call_minutes = CASE urgency WHEN 'now' THEN 15 WHEN 'week' THEN 30 ELSE 240 END
  WHERE danger_to_child AND state IN ('received', 'redirected', 'checking');
UPDATE intake_requests SET next_call_at = created_at WHERE danger_to_child AND state IN ('received', 'redirected');
CREATE INDEX intake_requests_district ON intake_requests (district, state, id);
CREATE INDEX intake_requests_organization ON intake_requests (organization_id, state, id) WHERE organization_id IS NOT NULL;
CREATE INDEX intake_requests_directed ON intake_requests (directed_to_id, state, id) WHERE directed_to_id IS NOT NULL;
CREATE INDEX intake_requests_next_call ON intake_requests (next_call_at, id) WHERE next_call_at IS NOT NULL;
CREATE INDEX organizations_territory ON organizations (territory, id);

-- The day of the last answer to a referral, or of its end without one, for the organization that has sent it. Nobody is told of an own
-- revocation.
ALTER TABLE referrals ADD COLUMN answered_on DATE NULL;
UPDATE referrals SET answered_on = COALESCE(settled_on, accepted_on) WHERE state <> 'revoked';
CREATE INDEX referrals_answered ON referrals (from_organization_id, answered_on, id) WHERE answered_on IS NOT NULL;
CREATE INDEX referrals_lapsing ON referrals (answer_until, id) WHERE accepted_on IS NULL AND settled_on IS NULL;

-- Deliveries that other organizations have recorded in a case of that organization, each by a membership in the team or by a referral.
CREATE TABLE delivery_contributions (
  delivery_id UUID NOT NULL PRIMARY KEY REFERENCES service_deliveries (id),
  membership_id UUID NULL REFERENCES case_team_members (id),
  referral_id UUID NULL REFERENCES referrals (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  entered_on DATE NOT NULL,
  CONSTRAINT delivery_contributions_ground_check CHECK ((membership_id IS NULL) <> (referral_id IS NULL))
);
CREATE INDEX delivery_contributions_membership ON delivery_contributions (membership_id, delivery_id) WHERE membership_id IS NOT NULL;
CREATE INDEX delivery_contributions_referral ON delivery_contributions (referral_id, delivery_id) WHERE referral_id IS NOT NULL;
CREATE INDEX delivery_contributions_organization ON delivery_contributions (organization_id, entered_on, delivery_id);
