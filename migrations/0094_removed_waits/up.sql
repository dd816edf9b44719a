-- Somebody who is removed from the register waits for no mentor. The first record of a person stands for all of them.
DELETE FROM waiting WHERE EXISTS (
  SELECT 1 FROM register_entries AS entries WHERE entries.state = 'removed' AND entries.beneficiary_id = waiting.beneficiary_id
    AND NOT EXISTS (SELECT 1 FROM person_records AS records WHERE records.beneficiary_id = waiting.beneficiary_id)
) OR EXISTS (
  SELECT 1 FROM person_records AS records JOIN register_entries AS entries ON entries.beneficiary_id = records.first_id
  WHERE records.beneficiary_id = waiting.beneficiary_id AND entries.state = 'removed'
);
