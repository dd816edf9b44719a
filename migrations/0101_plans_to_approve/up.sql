-- Versions that await their approvers: those in the state `submitted`, by the columns of which its checks make sure.
CREATE INDEX plan_versions_submitted ON plan_versions (submitted_on, id)
  WHERE submitted_on IS NOT NULL AND adopted_on IS NULL AND return_reason IS NULL;
