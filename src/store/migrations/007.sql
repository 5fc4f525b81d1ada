-- Signs that the AI understood something else than the customer meant, as bits of src/learn/signals. NULL: stored before there
-- were any; read in the background.
ALTER TABLE conversation ADD COLUMN signals INTEGER;
CREATE INDEX conversation_unread ON conversation(id) WHERE signals IS NULL;
