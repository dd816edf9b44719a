ALTER TABLE users RENAME COLUMN display_name TO name;
ALTER TABLE programs RENAME COLUMN title TO name;
ALTER TABLE programs RENAME COLUMN title_en TO name_en;
ALTER TABLE training_courses RENAME COLUMN title TO name;
ALTER TABLE joint_activities RENAME COLUMN title TO name;
