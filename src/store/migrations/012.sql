-- Schema 12. A turn keeps its row number for ever, so that what was decided on it stays on it; where it stands in its conversation is `place`.
-- moved: its place, where that is no longer the low bits of its row number.
ALTER TABLE turn ADD COLUMN moved INTEGER;
ALTER TABLE turn ADD COLUMN place INTEGER GENERATED ALWAYS AS (coalesce(moved, id & 1048575)) VIRTUAL;
