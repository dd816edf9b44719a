-- Hours that nobody has confirmed, the earliest day first: few wait in a region.
CREATE INDEX volunteer_work_state ON volunteer_work (state, worked_on, id) WHERE annulment_reason IS NULL;

-- The members by which crises and requests for help are counted.
CREATE INDEX crises_severity ON crises (severity, id);
CREATE INDEX intake_requests_urgency ON intake_requests (urgency, id);
