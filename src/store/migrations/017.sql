-- Schema 17. What is packed has checksums, so that a flipped bit makes no wrong count: the columns in their own bytes (from this
-- schema on), their segments' rows and marks in `sum`. A cache: it is written anew when there is something to gain.
DELETE FROM segment;
DROP TABLE packed;
CREATE TABLE packed(segment INTEGER PRIMARY KEY, rows INTEGER NOT NULL, seq INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;
-- Nobody is behind it any more.
DELETE FROM changed;
