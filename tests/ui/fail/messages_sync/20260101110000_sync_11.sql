-- migrate:change c11
-- migrate:sync users.a <-> pets.b
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
