-- Schema 10.
-- Two answers to one turn (packed id) that somebody has judged without knowing whose they are; the judgement is a decision on this
-- row. before_release 0: what was answered at the time. One row a person, so that nobody overrules another's taste.
CREATE TABLE pair(
  id INTEGER PRIMARY KEY, before_release INTEGER NOT NULL, after_release INTEGER NOT NULL, turn INTEGER NOT NULL,
  reviewer INTEGER NOT NULL REFERENCES reviewer(id), UNIQUE(before_release, after_release, turn, reviewer)) STRICT;
