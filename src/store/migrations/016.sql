-- Schema 16: people. Which conversation each person has open in Review, until when: a lease that the screen renews, no decision.
CREATE TABLE claim(reviewer INTEGER PRIMARY KEY REFERENCES reviewer(id), conversation INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
