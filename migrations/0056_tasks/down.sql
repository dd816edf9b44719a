DROP TABLE task_steps;
DROP TABLE tasks;
