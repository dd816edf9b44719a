DROP TABLE plan_forms;
