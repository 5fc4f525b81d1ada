-- Schema 14. An intent that was merged says what it stands for today, merges followed to their end (NULL: itself), so that no SQL
-- follows merges by itself. Circles of older stores end where the walk has taken as many steps as there are intents.
ALTER TABLE intent ADD COLUMN stands INTEGER;
WITH RECURSIVE walk(id, at, steps) AS (
    SELECT id, merged_into, 1 FROM intent WHERE merged_into IS NOT NULL
    UNION ALL
    SELECT w.id, i.merged_into, w.steps + 1 FROM walk w JOIN intent i ON i.id = w.at
    WHERE i.merged_into IS NOT NULL AND w.steps <= (SELECT count(*) FROM intent WHERE merged_into IS NOT NULL))
UPDATE intent SET stands = (SELECT at FROM walk w WHERE w.id = intent.id ORDER BY steps DESC LIMIT 1)
WHERE merged_into IS NOT NULL;

-- What predict and serve call intents since a release went live (a promotion or a roll-back): an intent that is merged later goes on
-- being answered under the name that it was served by. `stands`: what it stood for then.
CREATE TABLE served(decision INTEGER NOT NULL, intent INTEGER NOT NULL, stands INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY(decision, intent)) STRICT, WITHOUT ROWID;
INSERT INTO served SELECT k.decision, i.id, t.id, t.name FROM current k, intent i JOIN intent t ON t.id = coalesce(i.stands, i.id)
WHERE k.kind = 30 AND k.subject = 0 AND k.turn = -1;
