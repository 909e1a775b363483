-- migrate:change c0
-- migrate:sync users.a = users.b
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
