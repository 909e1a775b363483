-- migrate:change c5
-- migrate:sync users.a <-> b using a
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
