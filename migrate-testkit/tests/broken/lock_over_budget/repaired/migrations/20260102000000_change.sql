-- migrate:up
CREATE TABLE teams (id bigint PRIMARY KEY);

-- migrate:down
DROP TABLE teams;
