-- Schema 27. How much more often a pattern's conversations fail than the others of the half year that it was found in: counts, as JSON;
-- null where that was not tested.
ALTER TABLE pattern ADD COLUMN evidence TEXT;
