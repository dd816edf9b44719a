ALTER TABLE cases DROP COLUMN handed_contract_until;
