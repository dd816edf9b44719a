DROP TABLE case_problem_changes;
DROP TABLE case_problems;
