-- Vectors of texts, so that a text is embedded once by each encoder. `encoder` names where vectors come from, precision included.
CREATE TABLE encoder(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
-- text: the first 16 bytes of the text's SHA-256, never the text. vector: an exponent, then a byte a number.
-- With row ids: writing took half the time of WITHOUT ROWID, reading and size were the same (100,000 vectors of 384 numbers).
CREATE TABLE embedding(
  encoder INTEGER NOT NULL REFERENCES encoder(id), text BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY(encoder, text)) STRICT;
