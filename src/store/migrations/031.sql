-- Of an action, in how many texts it is said that are not one answer; else 1.
ALTER TABLE spoken_answer ADD COLUMN texts INTEGER NOT NULL DEFAULT 1;
