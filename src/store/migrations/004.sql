-- Labels that the newest run's model disputes: what it said of their text out of fold. `decision` gave the label; the
-- dispute stands as long as that decision is the latest word on its target.
CREATE TABLE dispute(
  decision INTEGER PRIMARY KEY REFERENCES decision(id), says INTEGER NOT NULL REFERENCES intent(id),
  confidence REAL NOT NULL, given REAL NOT NULL, score REAL NOT NULL) STRICT;
-- How many labels a run disputed. NULL: trained before runs told.
ALTER TABLE release ADD COLUMN disputed INTEGER;
