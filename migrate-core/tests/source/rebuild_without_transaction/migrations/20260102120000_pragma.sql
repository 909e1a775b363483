-- migrate:transaction off
-- migrate:irreversible "names are needed from here on"
-- migrate:up
PRAGMA foreign_keys = OFF;
CREATE TABLE new_child (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO new_child SELECT id, name FROM child;
DROP TABLE child;
ALTER TABLE new_child RENAME TO child;
