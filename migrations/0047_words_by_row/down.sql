DROP INDEX name_words_id;
