-- Schema 5. The queue, counts and the overview read columns that are packed in memory; see src/store/columns.
-- Every change of a stored conversation, so that those who hold packed columns read again what has changed. New rows are not
-- logged: they are the ones with higher numbers.
CREATE TABLE changed(seq INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL) STRICT;
CREATE TRIGGER conversation_changed AFTER UPDATE ON conversation BEGIN INSERT INTO changed(conversation) VALUES (new.id); END;
-- Packed columns of a run of rows, with every change up to `seq`. A cache: it may be emptied at any time.
CREATE TABLE segment(first INTEGER PRIMARY KEY, seq INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE INDEX conversation_customer ON conversation(customer) WHERE customer IS NOT NULL;
-- reviewer:NAME asks what somebody has decided on.
CREATE INDEX current_reviewer ON current(reviewer, kind, subject);
DROP INDEX conversation_value;
DROP INDEX conversation_priority;
DROP INDEX conversation_last;
DROP INDEX conversation_doubt;
DROP INDEX conversation_intent;
DROP INDEX conversation_outcome;
