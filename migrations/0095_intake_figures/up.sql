-- The requests for help of a period are counted by their source.
CREATE INDEX intake_requests_received ON intake_requests (received_on, id);
