-- The rows to which a key of an integration is narrowed, and the networks from which it works. Keys from before reach everything.
ALTER TABLE api_keys ADD COLUMN organization_ids JSONB NOT NULL DEFAULT '[]';
ALTER TABLE api_keys ADD COLUMN program_ids JSONB NOT NULL DEFAULT '[]';
ALTER TABLE api_keys ADD COLUMN territories JSONB NOT NULL DEFAULT '[]';
ALTER TABLE api_keys ADD COLUMN ip_ranges JSONB NOT NULL DEFAULT '[]';
