-- The words under which people and families are found, in the normal form of names. A row repeats the name by which results are
-- ordered, so that a search by the first letters reads its rows in order. The program fills it for the rows of before.
CREATE TABLE name_words (
  kind TEXT NOT NULL,
  word TEXT /*C*/ NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (kind, word, name_key, id)
--sqlite ) WITHOUT ROWID;
--postgres );
