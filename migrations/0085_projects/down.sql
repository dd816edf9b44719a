DROP TABLE target_results;
DROP TABLE project_targets;
DROP TABLE project_contributions;
DROP TABLE project_partners;
DROP INDEX coordinator_appointments_project;
ALTER TABLE coordinator_appointments DROP COLUMN project_id;
DROP TABLE projects;
