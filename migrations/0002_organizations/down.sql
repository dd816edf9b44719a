DROP TABLE units;
DROP TABLE organizations;
