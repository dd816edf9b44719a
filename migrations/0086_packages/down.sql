DROP TABLE action_plans;
DROP TABLE measures;
DROP TABLE action_packages;
