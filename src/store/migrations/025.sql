-- Schema 25. What learns by itself. How a release was learnt: by which learner, up to which import, decision and conversation, a digest
-- of what it read, the signals that there were, and what was found (JSON).
CREATE TABLE learned(
  release INTEGER PRIMARY KEY REFERENCES release(id), learner TEXT NOT NULL, import INTEGER NOT NULL, decision INTEGER NOT NULL,
  conversation INTEGER NOT NULL, inputs TEXT NOT NULL, signals INTEGER NOT NULL, report TEXT NOT NULL) STRICT;
CREATE INDEX learned_learner ON learned(learner, release);
-- How a conversation ends for its customer, -1 to 1, as the live release's section says, and which section that was (the beginning of
-- its digest). Both NULL: not read yet. felt NULL alone: the customer says nothing.
ALTER TABLE conversation ADD COLUMN felt REAL;
ALTER TABLE conversation ADD COLUMN felt_by INTEGER;
CREATE INDEX conversation_felt ON conversation(felt_by);
