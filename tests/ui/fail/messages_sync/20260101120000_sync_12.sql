-- migrate:change c12
-- migrate:sync users.a <-> b on (x = y)
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
