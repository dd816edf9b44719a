DROP TABLE case_team_members;
