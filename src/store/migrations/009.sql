-- Schema 9. Packed columns are stored column by column, so that opening reads those that it needs. A cache: nothing is lost.
DROP TABLE segment;
-- id: the column << 32 | the number of the segment.
CREATE TABLE segment(id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
-- Segments with every change up to `seq`, and how many rows they are for.
CREATE TABLE packed(segment INTEGER PRIMARY KEY, rows INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT;
