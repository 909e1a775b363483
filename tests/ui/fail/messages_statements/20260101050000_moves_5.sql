-- migrate:change c5
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
INSERT INTO u SELECT DISTINCT a FROM t;
