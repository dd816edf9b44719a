-- The file name is sealed, because people often write the name of a person in it.
CREATE TABLE files (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes BIGINT NOT NULL CONSTRAINT files_size_bytes_check CHECK (size_bytes BETWEEN 1 AND 26214400),
  sha256 TEXT NOT NULL,
  uploaded_by UUID NOT NULL REFERENCES users (id),
  organization_id UUID NULL REFERENCES organizations (id),
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX files_uploaded_by ON files (uploaded_by, id);
CREATE INDEX files_organization ON files (organization_id, id);

-- Each chunk is sealed separately and bound to its file and position, so that reading a range opens only the chunks it needs.
CREATE TABLE file_chunks (
  file_id UUID NOT NULL REFERENCES files (id),
  n INTEGER NOT NULL CONSTRAINT file_chunks_n_check CHECK (n >= 0),
  bytes BYTEA NOT NULL,
  PRIMARY KEY (file_id, n)
);
