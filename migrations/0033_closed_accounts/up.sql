-- Accounts that were closed before closing ended everything: their sessions and keys must not come back with them.
UPDATE sessions SET is_open = FALSE WHERE user_id IN (SELECT id FROM users WHERE active = FALSE);
UPDATE api_keys SET is_revoked = TRUE, version = version + 1 WHERE is_revoked = FALSE AND user_id NOT IN
  (SELECT u.id FROM users u JOIN grants g ON g.user_id = u.id WHERE u.active = TRUE AND g.role = 'integration');
