ALTER TABLE api_keys DROP COLUMN ip_ranges;
ALTER TABLE api_keys DROP COLUMN territories;
ALTER TABLE api_keys DROP COLUMN program_ids;
ALTER TABLE api_keys DROP COLUMN organization_ids;
