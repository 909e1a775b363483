-- migrate:change c7
-- migrate:sync users.a <-> b using (a) using (b)
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
