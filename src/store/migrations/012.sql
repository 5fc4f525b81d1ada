-- Schema 12. A turn keeps its row number for ever, so that what was decided on it stays on it; where it stands in its conversation is `place`.
-- moved: its place, where that is no longer the low bits of its row number.
ALTER TABLE turn ADD COLUMN moved INTEGER;
ALTER TABLE turn ADD COLUMN place INTEGER GENERATED ALWAYS AS (coalesce(moved, id & 1048575)) VIRTUAL;
-- Turns (packed ids) that came again with other words. What was decided on them up to `decision` was said of other words: it
-- waits for somebody to confirm it.
CREATE TABLE reworded(turn INTEGER PRIMARY KEY, decision INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
-- A digest of the words that were frozen (src/store/words.rs).
ALTER TABLE gold_item ADD COLUMN words BLOB;
-- What names a decision in every store: the store that it was made in, its number there, a digest of its content; and what it is
-- about by names that travel. A row a decision, never changed.
CREATE TABLE travel(
  decision INTEGER PRIMARY KEY REFERENCES decision(id), store TEXT NOT NULL, sequence INTEGER NOT NULL, digest BLOB NOT NULL,
  target TEXT NOT NULL) STRICT;
CREATE INDEX travel_key ON travel(sequence, store);
INSERT OR IGNORE INTO setting(key, value) VALUES ('store_id', lower(hex(randomblob(16))));
ALTER TABLE import ADD COLUMN older INTEGER NOT NULL DEFAULT 0;
