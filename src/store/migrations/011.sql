-- Schema 11. How a release came to be (src/store/moment.rs), so that it can be trained again: JSON. NULL: trained before this was noted.
ALTER TABLE release ADD COLUMN origin TEXT;
-- Conversations that were imported anew with other content, and the newest release at that time: releases up to it may have
-- been trained on what they said before.
CREATE TABLE revised(conversation INTEGER PRIMARY KEY, release INTEGER NOT NULL) STRICT;
-- Conversations that the newest replay answers otherwise and nobody had labelled: is:changed.
CREATE TABLE replayed(conversation INTEGER PRIMARY KEY, release INTEGER NOT NULL) STRICT;
