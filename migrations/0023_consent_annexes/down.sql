ALTER TABLE consents DROP COLUMN annex_id;
