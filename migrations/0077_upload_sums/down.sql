DROP INDEX files_uploaded_by;
CREATE INDEX files_uploaded_by ON files (uploaded_by, id);
