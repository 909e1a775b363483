-- migrate:change c1
-- migrate:sync a <-> b
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
