-- Schema 21. Logs of which only a part was taken (rule 52): with which probability each conversation came into the sample, and the
-- true counts of whole weeks. Both are empty in a store that holds all of its log.
CREATE TABLE sampled(conversation INTEGER PRIMARY KEY, stratum TEXT NOT NULL, probability REAL NOT NULL) STRICT;
-- week: ISO, in the store's zone. outcome and resolution: codes. A (source, week) is replaced as a whole.
CREATE TABLE traffic(
  source TEXT NOT NULL, week TEXT NOT NULL, intent TEXT, channel TEXT, language TEXT, outcome INTEGER NOT NULL, resolution INTEGER,
  n INTEGER NOT NULL, csat_n INTEGER NOT NULL, csat_good INTEGER NOT NULL, user_turns INTEGER NOT NULL, fallback_turns INTEGER NOT NULL) STRICT;
CREATE INDEX traffic_week ON traffic(source, week);
