-- migrate:change c2
-- migrate:sync users.a <-> users.a
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
