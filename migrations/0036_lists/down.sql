DROP INDEX meetings_next;
DROP INDEX meetings_at;
