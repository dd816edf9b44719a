-- The bytes that an account has uploaded within a day are counted at each upload: along the index alone, for an institution
-- uploads thousands of files in a day.
DROP INDEX files_uploaded_by;
CREATE INDEX files_uploaded_by ON files (uploaded_by, id, created_at, size_bytes);
