DROP TABLE community_members;
DROP TABLE specialist_trainings;
DROP TABLE practices;
DROP TABLE volunteer_groups;
DROP TABLE clubs;
