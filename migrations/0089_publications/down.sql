DROP TABLE success_stories;
DROP TABLE nominations;
DROP TABLE publications;
DROP TABLE replications;
