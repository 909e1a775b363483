-- migrate:up
CREATE TABLE plans (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO plans (id, name) VALUES (1, ?), (2, :name);

-- migrate:down
DROP TABLE plans;
