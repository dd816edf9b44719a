ALTER TABLE joint_activities RENAME COLUMN name TO title;
ALTER TABLE training_courses RENAME COLUMN name TO title;
ALTER TABLE programs RENAME COLUMN name_en TO title_en;
ALTER TABLE programs RENAME COLUMN name TO title;
ALTER TABLE users RENAME COLUMN name TO display_name;
