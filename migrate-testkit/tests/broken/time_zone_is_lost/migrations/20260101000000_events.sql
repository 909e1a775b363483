-- migrate:up
CREATE TABLE events (id bigint PRIMARY KEY, at timestamp NOT NULL);

-- migrate:down
DROP TABLE events;
