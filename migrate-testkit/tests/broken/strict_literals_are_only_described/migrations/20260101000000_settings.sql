-- migrate:up
CREATE TABLE settings (id INTEGER PRIMARY KEY, value TEXT);
-- migrate:down
DROP TABLE settings;
