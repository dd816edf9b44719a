DROP INDEX plan_versions_submitted;
