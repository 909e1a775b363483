-- migrate:change c13
-- migrate:sync users.(a b) <-> c
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
