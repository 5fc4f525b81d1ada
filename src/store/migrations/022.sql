-- Schema 22. Review cycles that come again. aim: what the team wants of it, in words. every: 1 weekly, 2 fortnightly, 3 monthly.
-- plan: what is to be done next, said when it closed. audit_drawn of audit_of: how many audit items were drawn of how many
-- conversations of test groups whose last activity lies from audit_from up to audit_to (rule 23); NULL: cycles of before, which are
-- not pooled.
ALTER TABLE cycle ADD COLUMN aim TEXT;
ALTER TABLE cycle ADD COLUMN every INTEGER NOT NULL DEFAULT 1;
ALTER TABLE cycle ADD COLUMN plan TEXT;
ALTER TABLE cycle ADD COLUMN audit_drawn INTEGER;
ALTER TABLE cycle ADD COLUMN audit_of INTEGER;
ALTER TABLE cycle ADD COLUMN audit_from INTEGER;
ALTER TABLE cycle ADD COLUMN audit_to INTEGER;
CREATE TABLE cycle_reviewer(
  cycle INTEGER NOT NULL REFERENCES cycle(id), name TEXT NOT NULL, PRIMARY KEY(cycle, name)) STRICT, WITHOUT ROWID;
