DROP TABLE case_contributions;
ALTER TABLE case_team_members DROP COLUMN level;
