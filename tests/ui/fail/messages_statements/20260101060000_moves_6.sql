-- migrate:change c6
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
INSERT INTO u SELECT a FROM t GROUP BY a;
