-- Search finds Greek in both scripts, by its sound: every conversation is put into the index anew, in the background.
INSERT INTO search(search) VALUES ('delete-all');
DELETE FROM unsearched;
INSERT INTO unsearched(first, last) SELECT 1, max(id) FROM conversation HAVING max(id) IS NOT NULL;
