-- migrate:up
CREATE TABLE shares (id int PRIMARY KEY, parts int NOT NULL CONSTRAINT positive CHECK (parts > 0));
-- migrate:down
DROP TABLE shares;
