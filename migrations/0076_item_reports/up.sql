-- Reports of mentors for an item of a consilium (002 §4.1.11).
ALTER TABLE consilium_items ADD COLUMN report_ids JSONB NOT NULL DEFAULT '[]';
