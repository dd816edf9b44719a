-- The last day of the contract about housing, as the former case told it when it was handed over. A snapshot of the case itself tells it anew.
ALTER TABLE cases ADD COLUMN handed_contract_until DATE NULL;
