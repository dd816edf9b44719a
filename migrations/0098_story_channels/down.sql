ALTER TABLE success_stories DROP COLUMN channel;
