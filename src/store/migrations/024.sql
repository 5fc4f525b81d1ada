-- What the AI said and in which conversations, counted in the background: a cache, made anew when conversations have come.
-- kind 0: a text by what equal texts have in common; 1: an action; 2: tags of conversations, where the log names no intents.
-- turn: packed id of the turn that shows it, of a training group; times: how often it was said; after_error: of these, right
-- after a tool that failed; before_person: right before a person took over; opening, middle, closing: rows of its conversations, ascending, as differences (LEB128); chosen: where the
-- log says how probable the answer was: conversation, stage and that chance, 4 + 1 + 4 bytes.
CREATE TABLE spoken_answer(
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key TEXT NOT NULL, lang TEXT NOT NULL DEFAULT '', turn INTEGER,
  times INTEGER NOT NULL, after_error INTEGER NOT NULL, before_person INTEGER NOT NULL, opening BLOB NOT NULL, middle BLOB NOT NULL, closing BLOB NOT NULL,
  chosen BLOB NOT NULL,
  UNIQUE(kind, key)) STRICT;
