DROP TABLE assessments;
DROP TABLE scales;
