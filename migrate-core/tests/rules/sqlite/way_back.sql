-- Cases: what a way back fails with.

-- case: a column comes back that SQLite does not add
-- expect: sqlite-add-column-fails (error), sqlite-rewrite
-- directive: rollback data-loss="all of it"
-- phase: contract
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT NOT NULL);
-- draft
ALTER TABLE a DROP COLUMN b;
-- down
ALTER TABLE a ADD COLUMN b TEXT NOT NULL;
