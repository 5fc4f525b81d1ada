-- What fails alike (patterns). A pattern keeps its number from one finding to the next: by its key, or, where it was found by what was
-- asked, by the conversations that it shares. All of it but the numbers can be found anew.
CREATE TABLE pattern(
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, key TEXT UNIQUE, example INTEGER, found_at INTEGER NOT NULL) STRICT;
CREATE TABLE pattern_item(conversation INTEGER PRIMARY KEY, pattern INTEGER NOT NULL REFERENCES pattern(id)) STRICT;
CREATE INDEX pattern_item_pattern ON pattern_item(pattern, conversation);
