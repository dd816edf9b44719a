DROP TABLE editions;
DROP TABLE programs;
