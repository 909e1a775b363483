-- migrate:change c6
-- migrate:sync users.a <-> b <- a
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
