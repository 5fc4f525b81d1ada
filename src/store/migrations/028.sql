-- Schema 28. Turns that show a pattern, the best first, in place of one; and what a detector last found of a failure mode: its figures
-- as JSON, when, and the newest decision that it knew.
CREATE TABLE pattern_example(
  pattern INTEGER NOT NULL REFERENCES pattern(id), place INTEGER NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (pattern, place)
) STRICT, WITHOUT ROWID;
INSERT INTO pattern_example(pattern, place, turn) SELECT id, 0, example FROM pattern WHERE example IS NOT NULL;
ALTER TABLE pattern DROP COLUMN example;
CREATE TABLE detection(mode INTEGER PRIMARY KEY, at INTEGER NOT NULL, decision INTEGER NOT NULL, found TEXT NOT NULL) STRICT;
