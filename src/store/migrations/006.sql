-- Full-text search is built after conversations are stored, newest first. A conversation is in `search` or its row is
-- within one of these ranges, never both; ranges do not overlap.
CREATE TABLE unsearched(first INTEGER PRIMARY KEY, last INTEGER NOT NULL CHECK (last >= first)) STRICT;
-- Merging is done in small steps, never by the insert that happens to come next: it would hold the write lock for seconds.
-- The last resort stays: SQLite keeps at most 2,000 segments.
INSERT INTO search(search, rank) VALUES ('automerge', 0);
INSERT INTO search(search, rank) VALUES ('crisismerge', 1000);
INSERT INTO search(search, rank) VALUES ('hashsize', 67108864);
