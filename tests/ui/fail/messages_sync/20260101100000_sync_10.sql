-- migrate:change c10
-- migrate:sync users.a <-> b more
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
