-- migrate:up
CREATE TABLE notes (id INTEGER PRIMARY KEY);
-- migrate:down
DROP TABLE notes;
