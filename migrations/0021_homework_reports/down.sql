DROP TABLE homework_reports;
