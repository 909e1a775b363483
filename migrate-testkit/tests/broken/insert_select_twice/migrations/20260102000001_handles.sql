-- migrate:change handle
-- migrate:up
CREATE TABLE handles (user_id INTEGER NOT NULL PRIMARY KEY REFERENCES users, handle VARCHAR(50));

-- migrate:down
DROP TABLE handles;
