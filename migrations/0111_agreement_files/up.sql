-- The papers of agreements: the signed text, extensions, the termination. Each party reads them, whichever of them has brought the file.
CREATE TABLE agreement_files (
  file_id UUID NOT NULL REFERENCES files (id),
  agreement_id UUID NOT NULL REFERENCES agreements (id),
  PRIMARY KEY (file_id, agreement_id)
);
CREATE INDEX agreement_files_agreement ON agreement_files (agreement_id, file_id);
--sqlite INSERT INTO agreement_files (file_id, agreement_id)
--sqlite   SELECT agreements.file_id, agreements.id FROM agreements WHERE agreements.file_id IS NOT NULL
--sqlite   UNION SELECT unhex(replace(json_extract(paper.value, '$.file_id'), '-', '')), agreements.id
--sqlite     FROM agreements, json_each(agreements.extensions) AS paper
--sqlite   UNION SELECT unhex(replace(json_extract(agreements.termination, '$.file_id'), '-', '')), agreements.id
--sqlite     FROM agreements WHERE json_extract(agreements.termination, '$.file_id') IS NOT NULL;
--postgres INSERT INTO agreement_files (file_id, agreement_id)
--postgres   SELECT agreements.file_id, agreements.id FROM agreements WHERE agreements.file_id IS NOT NULL
--postgres   UNION SELECT CAST(paper.it ->> 'file_id' AS UUID), agreements.id
--postgres     FROM agreements, jsonb_array_elements(agreements.extensions) AS paper (it)
--postgres   UNION SELECT CAST(agreements.termination ->> 'file_id' AS UUID), agreements.id
--postgres     FROM agreements WHERE (agreements.termination ->> 'file_id') IS NOT NULL;
