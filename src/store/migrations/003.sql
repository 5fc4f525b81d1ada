-- Schema 3. Near duplicates are numbered without limit, within a class of the queue's order and on one side of the split: the low
-- three bits of text_key say which. repeats: near duplicates that were stored before.
DROP INDEX conversation_text;
UPDATE conversation SET text_key = (text_key & ~7) | (CASE logged_outcome WHEN 3 THEN 4 WHEN 2 THEN 2 ELSE 0 END) | (part > 0)
  WHERE text_key <> 0;
UPDATE conversation SET repeats = numbered.n FROM (
  SELECT id, row_number() OVER (PARTITION BY text_key ORDER BY id) - 1 AS n FROM conversation WHERE text_key <> 0) AS numbered
  WHERE numbered.id = conversation.id AND repeats <> numbered.n;
UPDATE conversation SET priority =
  priority / 10000000 * 1000000000000 + (999999 - min(repeats, 999999)) * 1000000 + priority % 1000000;
CREATE INDEX conversation_text ON conversation(text_key, repeats);
