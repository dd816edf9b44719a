-- A search by a frequent beginning asks each row for its words, instead of listing everybody who has such a word.
CREATE INDEX name_words_id ON name_words (id, word);
