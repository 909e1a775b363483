-- migrate:change c17
-- migrate:sync users.a <-> 1
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
