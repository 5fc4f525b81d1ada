-- Schema 8. Releases that something outside made: `trainer:NAME` (an external trainer) or `ai:NAME` (an AI as it is deployed).
-- NULL: the built-in classifier.
ALTER TABLE release ADD COLUMN outside TEXT;
-- What such a release answered to turns (packed ids) of gold versions. intent NULL: it had no guess.
CREATE TABLE answer(
  release INTEGER NOT NULL REFERENCES release(id), turn INTEGER NOT NULL, intent INTEGER REFERENCES intent(id), confidence REAL,
  response TEXT, PRIMARY KEY(release, turn)) STRICT, WITHOUT ROWID;
-- What an AI has been asked in a measurement that is not finished, so that an interruption costs nothing twice. ai: a digest of how
-- it is asked, text: the first 16 bytes of the SHA-256 of what was sent. Emptied when the measurement is stored.
CREATE TABLE asked(ai BLOB NOT NULL, text BLOB NOT NULL, answer TEXT NOT NULL, PRIMARY KEY(ai, text)) STRICT, WITHOUT ROWID;
