-- migrate:change c3
-- migrate:sync users.(a, b) <-> c
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
