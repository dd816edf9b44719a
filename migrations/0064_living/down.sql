DROP TABLE career_activities;
DROP TABLE living_enrolments;
DROP TABLE living_programmes;
