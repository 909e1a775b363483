-- migrate:up
CREATE TABLE counters (id bigint PRIMARY KEY, count int NOT NULL);

-- migrate:down
DROP TABLE counters;
