-- The latest one-time password of an account: who asked for it, and whether it still stands in the place of the password. Its hash
-- is that of the account.
CREATE TABLE one_time_passwords (
  user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
  requested_by UUID NULL REFERENCES users (id),
  requested_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  is_pending BOOLEAN NOT NULL
);
