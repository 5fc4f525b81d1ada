-- Schema 24. Who repairs a failure: what it is about (a query without days) and how people call it. Owner, note and due date are
-- decisions (kinds 40 and 41).
CREATE TABLE action(id INTEGER PRIMARY KEY, query TEXT NOT NULL, name TEXT NOT NULL) STRICT;
-- Failure modes: the team's own names for what went wrong first. cause: the root cause that each belongs to. name, state (0 in use,
-- 1 retired, 2 merged) and merged_into follow from decisions (kinds 43 and 44); which conversation has which is kind 42.
CREATE TABLE mode(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, cause INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 1,
  merged_into INTEGER REFERENCES mode(id), added_at INTEGER NOT NULL) STRICT;
-- Notes that say the same, as patterns of their own: a conversation may be in one of these and in one by what it is.
CREATE TABLE noted_item(conversation INTEGER PRIMARY KEY, pattern INTEGER NOT NULL REFERENCES pattern(id)) STRICT;
CREATE INDEX noted_item_pattern ON noted_item(pattern, conversation);
-- Lists of topics (rule 46): each a version with frozen groups. intent 0, name and n (first requests of training groups): proposed, not
-- accepted. vectors: key of the encoder that the centres are of.
CREATE TABLE topic_version(version INTEGER PRIMARY KEY, at INTEGER NOT NULL, vectors TEXT NOT NULL, width INTEGER NOT NULL) STRICT;
CREATE TABLE topic_group(
  version INTEGER NOT NULL REFERENCES topic_version(version), place INTEGER NOT NULL, intent INTEGER NOT NULL,
  name TEXT NOT NULL, n INTEGER NOT NULL, description TEXT NOT NULL,
  example TEXT NOT NULL, centre BLOB NOT NULL, nearest REAL NOT NULL, PRIMARY KEY(version, place)) STRICT, WITHOUT ROWID;
-- The topic of each conversation by each version; 0: it is near none of them.
CREATE TABLE topic(
  conversation INTEGER NOT NULL, version INTEGER NOT NULL, intent INTEGER NOT NULL, PRIMARY KEY(conversation, version)) STRICT, WITHOUT ROWID;
