-- migrate:change c8
-- migrate:sync users.a <-> b using ()
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
