-- migrate:transaction off
-- migrate:irreversible "names are needed from here on"
-- migrate:up
CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO new_parent SELECT id, name FROM parent;
DROP TABLE parent;
ALTER TABLE new_parent RENAME TO parent;
VACUUM;
