-- Schema 29. What the conversations of a segment come to by day, so that the Overview reads no rows (src/store/queue/columns/days.rs). A
-- cache like the segments: what is missing is counted from the columns, and written while nobody asks for anything.
CREATE TABLE counted_day(segment INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
