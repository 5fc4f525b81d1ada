-- Schema 13. Corrections of answers have a state (decisions of kind 10). What was corrected before is settled when the store is
-- opened (src/store/corrections.rs), since telling a person's data from an answer takes more than SQL.
INSERT INTO setting(key, value) SELECT 'corrections_unsettled', '1' WHERE EXISTS(SELECT 1 FROM decision WHERE kind = 2);
