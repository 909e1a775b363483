-- migrate:up
CREATE TABLE settings (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE, value VARCHAR(40));
-- migrate:down
DROP TABLE settings;
