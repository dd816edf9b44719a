-- The records of one person by the merges in force: each with each, itself among them. A record that was never merged has no row. `first_id` is the
-- record into which the others are merged. Merges and their reversals keep it.
CREATE TABLE person_records (
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  record_id UUID NOT NULL REFERENCES beneficiaries (id),
  first_id UUID NOT NULL REFERENCES beneficiaries (id),
  PRIMARY KEY (beneficiary_id, record_id)
);
WITH RECURSIVE reached (beneficiary_id, record_id) AS (
  SELECT ends.id, ends.id FROM (
    SELECT beneficiary_id AS id FROM register_merges WHERE reversed_at IS NULL
    UNION SELECT other_beneficiary_id AS id FROM register_merges WHERE reversed_at IS NULL
  ) AS ends
  UNION
  SELECT reached.beneficiary_id,
    CASE WHEN merges.beneficiary_id = reached.record_id THEN merges.other_beneficiary_id ELSE merges.beneficiary_id END
  FROM reached JOIN register_merges AS merges ON merges.reversed_at IS NULL
    AND (merges.beneficiary_id = reached.record_id OR merges.other_beneficiary_id = reached.record_id)
)
INSERT INTO person_records (beneficiary_id, record_id, first_id)
  SELECT it.beneficiary_id, it.record_id, one.record_id FROM reached AS it JOIN reached AS one ON one.beneficiary_id = it.beneficiary_id
  WHERE NOT EXISTS (
    SELECT 1 FROM register_merges AS merges WHERE merges.reversed_at IS NULL AND merges.other_beneficiary_id = one.record_id
  );

-- Of several records of a person that wait in a program, one stays: that which waits longest, if none has a mentor.
DELETE FROM waiting WHERE EXISTS (
  SELECT 1 FROM person_records AS records JOIN waiting AS others
    ON others.beneficiary_id = records.record_id AND others.program_id = waiting.program_id
  WHERE records.beneficiary_id = waiting.beneficiary_id
    AND (others.since < waiting.since OR (others.since = waiting.since AND others.beneficiary_id < waiting.beneficiary_id))
) OR EXISTS (
  SELECT 1 FROM person_records AS records JOIN mentorships
    ON mentorships.beneficiary_id = records.record_id AND mentorships.program_id = waiting.program_id
  WHERE records.beneficiary_id = waiting.beneficiary_id AND mentorships.ended_on IS NULL
);
