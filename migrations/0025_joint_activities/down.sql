DROP TABLE vetoes;
DROP TABLE chosen;
DROP TABLE choices;
DROP TABLE joint_activity_beneficiaries;
DROP TABLE joint_activity_mentors;
DROP TABLE joint_activities;
