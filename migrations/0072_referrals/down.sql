ALTER TABLE accompaniment_rules DROP COLUMN intake_check_days;
ALTER TABLE accompaniment_rules DROP COLUMN referral_answer_days;
DROP TABLE referrals;
DROP TABLE intake_requests;
DROP TABLE service_offers;
