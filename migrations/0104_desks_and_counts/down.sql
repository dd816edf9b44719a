DROP INDEX intake_requests_urgency;
DROP INDEX crises_severity;
DROP INDEX volunteer_work_state;
