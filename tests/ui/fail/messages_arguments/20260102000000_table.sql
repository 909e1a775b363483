-- migrate:change table
-- migrate:phase migrate
-- migrate:backfill table= key=id
-- migrate:up
UPDATE t SET a = b;
