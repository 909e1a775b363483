-- migrate:up
CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, name text, team_id bigint CONSTRAINT team REFERENCES teams);

-- migrate:down
DROP TABLE users;
DROP TABLE teams;
