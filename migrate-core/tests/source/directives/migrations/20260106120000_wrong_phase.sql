-- migrate:soak 24h
-- migrate:backfill table=a key=id
-- migrate:up
CREATE TABLE f (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE f;
