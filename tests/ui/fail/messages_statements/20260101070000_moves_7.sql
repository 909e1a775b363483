-- migrate:change c7
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
INSERT INTO u SELECT a FROM other;
