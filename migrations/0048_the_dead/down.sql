DROP INDEX people_dead;
