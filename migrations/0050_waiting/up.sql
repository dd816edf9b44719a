-- Those who wait for a mentor in a program, each with the first day: what the rule says of their records and mentorships. It is
-- kept, so that a page of the waiting list reads a page. The institution stands beside, for the list of an institution.
CREATE TABLE waiting (
  program_id UUID NOT NULL REFERENCES programs (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  since DATE NOT NULL,
  PRIMARY KEY (program_id, beneficiary_id)
);
CREATE INDEX waiting_since ON waiting (program_id, since, beneficiary_id);
CREATE INDEX waiting_organization ON waiting (program_id, organization_id, since, beneficiary_id);
CREATE INDEX waiting_beneficiary ON waiting (beneficiary_id);

INSERT INTO waiting (program_id, beneficiary_id, organization_id, since)
SELECT w.program_id, w.beneficiary_id, b.organization_id, w.since
FROM waits w
JOIN beneficiaries b ON b.id = w.beneficiary_id
LEFT JOIN mentorships m ON m.beneficiary_id = w.beneficiary_id AND m.program_id = w.program_id AND m.starts_on IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM mentorships l WHERE l.beneficiary_id = m.beneficiary_id AND l.program_id = m.program_id
    AND l.starts_on IS NOT NULL AND l.id > m.id)
WHERE NOT EXISTS (SELECT 1 FROM mentorships o WHERE o.beneficiary_id = w.beneficiary_id AND o.program_id = w.program_id
    AND o.ended_on IS NULL)
  AND (m.id IS NULL OR m.state = 'replaced' OR w.since >= m.ended_on
    OR m.state = 'terminated' AND (m.termination_ground IS NULL OR m.termination_ground <> 'consent_withdrawn'));

-- A replaced mentor leaves a wait also where nobody recorded one.
INSERT INTO waiting (program_id, beneficiary_id, organization_id, since)
SELECT m.program_id, m.beneficiary_id, b.organization_id, m.proposed_on
FROM mentorships m
JOIN beneficiaries b ON b.id = m.beneficiary_id
WHERE m.state = 'replaced' AND m.starts_on IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM mentorships l WHERE l.beneficiary_id = m.beneficiary_id AND l.program_id = m.program_id
    AND l.starts_on IS NOT NULL AND l.id > m.id)
  AND NOT EXISTS (SELECT 1 FROM mentorships o WHERE o.beneficiary_id = m.beneficiary_id AND o.program_id = m.program_id
    AND o.ended_on IS NULL)
  AND NOT EXISTS (SELECT 1 FROM waits w WHERE w.beneficiary_id = m.beneficiary_id AND w.program_id = m.program_id);
