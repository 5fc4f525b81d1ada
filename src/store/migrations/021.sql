-- What the customer writes in (rule 50): the number of a language; 0 where nothing tells; NULL: stored before there was such a column,
-- and filled in the background.
ALTER TABLE conversation ADD COLUMN written INTEGER;
CREATE INDEX conversation_unwritten ON conversation(id) WHERE written IS NULL;
-- Search finds Greek in both scripts, by its sound: every conversation is put into the index anew, in the background.
INSERT INTO search(search) VALUES ('delete-all');
DELETE FROM unsearched;
INSERT INTO unsearched(first, last) SELECT 1, max(id) FROM conversation HAVING max(id) IS NOT NULL;
