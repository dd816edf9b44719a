ALTER TABLE cases DROP COLUMN stage_left;
DROP TABLE consilium_dissents;
DROP TABLE consilium_items;
DROP TABLE consilia;
