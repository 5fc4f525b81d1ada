-- Schema 1. Times are UTC milliseconds; 0 in last_at means that the log has no times.
-- Enumerations are the integer codes of src/domain; a code is never reused.

CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Dictionary of short repeated names: source, channel, language.
CREATE TABLE term(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE(kind, text)) STRICT;

-- role: 1 lead, 2 reviewer, 3 owner (reads), 4 an import, 5 the program itself.
CREATE TABLE reviewer(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role INTEGER NOT NULL, added_at INTEGER NOT NULL) STRICT;

-- Never deleted: history refers to it. state: 0 active, 1 retired, 2 merged.
CREATE TABLE intent(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state INTEGER NOT NULL DEFAULT 0,
  merged_into INTEGER REFERENCES intent(id), origin TEXT NOT NULL, added_at INTEGER NOT NULL) STRICT;
INSERT INTO intent(id, name, origin, added_at) VALUES (1, 'out_of_scope', 'reserved', 0);

-- Base examples. intent NULL: taken out again.
CREATE TABLE example(id INTEGER PRIMARY KEY, intent INTEGER REFERENCES intent(id), text TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE INDEX example_intent ON example(intent, text);

CREATE TABLE conversation(
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES term(id), external_id TEXT NOT NULL, hash BLOB NOT NULL,
  -- group (customer, else conversation) as a seeded hash, and its part: 0 training, 1 open test half, 2 sealed test half
  grp INTEGER NOT NULL, part INTEGER NOT NULL,
  customer TEXT, started_at INTEGER, ended_at INTEGER, last_at INTEGER NOT NULL DEFAULT 0,
  channel INTEGER, language INTEGER,
  logged_outcome INTEGER NOT NULL, logged_source INTEGER NOT NULL, resolution INTEGER, outcome_reason TEXT,
  csat REAL, sentiment REAL, n_turns INTEGER NOT NULL, has_ai INTEGER NOT NULL,
  -- the turn to judge (rule 25) and what the log says of it; first_*: the conversation's intent (rule 2)
  failing_turn INTEGER, intent INTEGER, fallback INTEGER NOT NULL DEFAULT 0, confidence REAL,
  first_turn INTEGER, first_intent INTEGER,
  text_key INTEGER NOT NULL DEFAULT 0, repeats INTEGER NOT NULL DEFAULT 0,
  -- the live release's answer on the failing turn
  suggested INTEGER, suggested_confidence REAL, margin REAL, predicted_by INTEGER,
  -- projections of the decision log; outcome is the log's unless a reviewer corrected it
  outcome INTEGER NOT NULL, outcome_source INTEGER NOT NULL, cause INTEGER, label INTEGER, judged INTEGER NOT NULL DEFAULT 0,
  traffic INTEGER NOT NULL DEFAULT 1, review INTEGER NOT NULL DEFAULT 0, reviewer INTEGER, mismatch INTEGER NOT NULL DEFAULT 0,
  priority INTEGER NOT NULL DEFAULT 0, doubt INTEGER NOT NULL DEFAULT 2000000,
  extra TEXT,
  UNIQUE(source, external_id)) STRICT;
CREATE INDEX conversation_value ON conversation(review, priority DESC, id DESC, outcome, part, traffic);
CREATE INDEX conversation_priority ON conversation(priority DESC, id DESC);
CREATE INDEX conversation_last ON conversation(last_at DESC, id DESC);
CREATE INDEX conversation_doubt ON conversation(doubt, id);
CREATE INDEX conversation_text ON conversation(text_key);
CREATE INDEX conversation_stale ON conversation(predicted_by, review, last_at DESC, id DESC) WHERE failing_turn IS NOT NULL;
CREATE INDEX conversation_intent ON conversation(first_intent);
CREATE INDEX conversation_outcome ON conversation(outcome, review, traffic, part);

-- id = conversation << 20 | seq: a conversation's turns lie together and need no second index.
CREATE TABLE turn(
  id INTEGER PRIMARY KEY, role INTEGER NOT NULL, at INTEGER, intent INTEGER, confidence REAL,
  fallback INTEGER NOT NULL DEFAULT 0, payload INTEGER NOT NULL DEFAULT 0, text TEXT NOT NULL, extra TEXT,
  conversation INTEGER GENERATED ALWAYS AS (id >> 20) VIRTUAL, seq INTEGER GENERATED ALWAYS AS (id & 1048575) VIRTUAL) STRICT;

CREATE TABLE offer(
  conversation INTEGER NOT NULL, place INTEGER NOT NULL, external_id TEXT, name TEXT NOT NULL, turn INTEGER, status INTEGER NOT NULL,
  shown_at INTEGER, value REAL, currency TEXT, extra TEXT, PRIMARY KEY(conversation, place)) STRICT, WITHOUT ROWID;

-- What customers rated: turn -1 is the conversation's CSAT (score of max), others are thumbs (-1, 0, 1 of 1).
CREATE TABLE feedback(
  conversation INTEGER NOT NULL, turn INTEGER NOT NULL, score REAL NOT NULL, max REAL NOT NULL, comment TEXT, at INTEGER,
  PRIMARY KEY(conversation, turn)) STRICT, WITHOUT ROWID;

-- One act of a person. state: 0 done, 1 undone, 2 undone and overtaken by a newer act; undoable 0: undo passes it by.
CREATE TABLE step(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reviewer INTEGER NOT NULL REFERENCES reviewer(id),
  state INTEGER NOT NULL DEFAULT 0, undoable INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE INDEX step_own ON step(reviewer, state, id);

-- The append-only log. turn -1: not about a turn.
CREATE TABLE decision(
  id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL REFERENCES step(id), at INTEGER NOT NULL,
  reviewer INTEGER NOT NULL REFERENCES reviewer(id), kind INTEGER NOT NULL, subject INTEGER NOT NULL, turn INTEGER NOT NULL,
  before TEXT, after TEXT, reason TEXT, undoes INTEGER REFERENCES decision(id)) STRICT;
CREATE INDEX decision_target ON decision(subject, kind, turn, id);
CREATE INDEX decision_kind ON decision(kind, subject, turn, id);
CREATE INDEX decision_step ON decision(step);
CREATE TRIGGER decision_is_append_only_update BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'the decision log is append-only'); END;
CREATE TRIGGER decision_is_append_only_delete BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'the decision log is append-only'); END;

-- The log's latest word on each target. Only non-null values.
CREATE TABLE current(
  subject INTEGER NOT NULL, kind INTEGER NOT NULL, turn INTEGER NOT NULL, value TEXT NOT NULL, decision INTEGER NOT NULL,
  reviewer INTEGER NOT NULL, PRIMARY KEY(subject, kind, turn)) STRICT, WITHOUT ROWID;
CREATE INDEX current_kind ON current(kind, subject, turn);

CREATE TABLE gold_version(
  version INTEGER PRIMARY KEY, at INTEGER NOT NULL, reviewer INTEGER NOT NULL, reason TEXT, decision INTEGER NOT NULL, looks INTEGER NOT NULL DEFAULT 0) STRICT;
-- half: 1 open, 2 sealed. turn is the packed turn id.
CREATE TABLE gold_item(
  version INTEGER NOT NULL, turn INTEGER NOT NULL, half INTEGER NOT NULL, intents TEXT NOT NULL, weight REAL NOT NULL DEFAULT 1,
  PRIMARY KEY(version, turn)) STRICT, WITHOUT ROWID;

CREATE TABLE release(
  id INTEGER PRIMARY KEY, parent INTEGER REFERENCES release(id), at INTEGER NOT NULL, reviewer INTEGER NOT NULL, recipe TEXT NOT NULL,
  seed INTEGER NOT NULL, decision INTEGER NOT NULL, gold_version INTEGER, cycle INTEGER, trained_on INTEGER NOT NULL,
  intents INTEGER NOT NULL, sha256 TEXT NOT NULL, train_seconds REAL NOT NULL) STRICT;
CREATE TABLE artefact(release INTEGER PRIMARY KEY REFERENCES release(id), data BLOB NOT NULL) STRICT;

-- Predictions of a release for a turn (packed id). Kept for the live release; renewed in the background.
CREATE TABLE prediction(
  turn INTEGER NOT NULL, release INTEGER NOT NULL, intent INTEGER NOT NULL, confidence REAL NOT NULL, margin REAL NOT NULL,
  PRIMARY KEY(turn, release)) STRICT, WITHOUT ROWID;

CREATE TABLE comparison(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reviewer INTEGER NOT NULL, release INTEGER NOT NULL REFERENCES release(id),
  before_release INTEGER, gold_version INTEGER, verdict INTEGER NOT NULL, gate INTEGER NOT NULL, report TEXT NOT NULL) STRICT;
CREATE INDEX comparison_release ON comparison(release, id);

-- Fine-tuning runs. state: running, done, cancelled, failed.
CREATE TABLE run(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, reviewer INTEGER NOT NULL, state TEXT NOT NULL,
  release INTEGER, cycle INTEGER, detail TEXT) STRICT;

CREATE TABLE cycle(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, opened_at INTEGER NOT NULL, opened_by INTEGER NOT NULL,
  closed_at INTEGER, closed_decision INTEGER) STRICT;
-- Frozen when the cycle opens. turn: the turn to judge (audit items: a user turn drawn at random).
CREATE TABLE cycle_item(
  cycle INTEGER NOT NULL REFERENCES cycle(id), place INTEGER NOT NULL, conversation INTEGER NOT NULL, audit INTEGER NOT NULL, turn INTEGER,
  PRIMARY KEY(cycle, place)) STRICT, WITHOUT ROWID;
CREATE INDEX cycle_item_conversation ON cycle_item(conversation, cycle);

CREATE TABLE import(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reviewer INTEGER NOT NULL, file TEXT NOT NULL, format TEXT NOT NULL, state TEXT NOT NULL,
  added INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0, same INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0) STRICT;

-- Where each person stopped: last query, sort, conversation.
CREATE TABLE remembered(reviewer INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(reviewer, key)) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5(text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0");

-- Training turns (packed ids) that the newest run left out because their text repeats a gold text (rule 15).
CREATE TABLE held_out(turn INTEGER PRIMARY KEY, release INTEGER NOT NULL) STRICT;
