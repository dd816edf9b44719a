-- The medium or place in which a story is published. A consent that names channels lets it out through them alone.
ALTER TABLE success_stories ADD COLUMN channel TEXT NULL;
