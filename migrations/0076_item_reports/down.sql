ALTER TABLE consilium_items DROP COLUMN report_ids;
