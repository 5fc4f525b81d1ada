-- Signs that the AI understood something else than the customer meant, as bits of src/learn/signals. NULL: stored before there
-- were any; read in the background.
-- Nobody reads them: the queue has the live release's answer on the conversation.
DELETE FROM prediction;
ALTER TABLE conversation ADD COLUMN signals INTEGER;
CREATE INDEX conversation_unread ON conversation(id) WHERE signals IS NULL;
