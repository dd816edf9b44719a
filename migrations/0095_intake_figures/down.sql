DROP INDEX intake_requests_received;
