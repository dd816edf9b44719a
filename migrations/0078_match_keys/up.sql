-- The keys under which people who may be one person meet. The program makes them at each save of a person, and fills them for the
-- people of before.
CREATE TABLE match_keys (
  key UUID NOT NULL,
  person_id UUID NOT NULL,
  PRIMARY KEY (key, person_id)
--sqlite ) WITHOUT ROWID;
--postgres );
