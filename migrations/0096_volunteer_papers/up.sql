-- Signed papers of minors who volunteer and are no beneficiaries: the ledger of consents has only those of beneficiaries.
ALTER TABLE community_members ADD COLUMN consent_file_id UUID NULL REFERENCES files (id);
ALTER TABLE volunteer_work ADD COLUMN consent_file_id UUID NULL REFERENCES files (id);
