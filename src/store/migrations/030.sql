-- What the sayings of an answer have in common: its words, `*` for a value that is filled in, 0 for a number. NULL: no value is, and its
-- turn says it.
ALTER TABLE spoken_answer ADD COLUMN pattern TEXT;
