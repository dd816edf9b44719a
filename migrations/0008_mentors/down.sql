DROP TABLE trainings;
DROP TABLE mentors;
DROP TABLE mentor_applications;
DROP TABLE training_courses;
