-- migrate:change c14
-- migrate:sync users.a <-> pets.b on (x = y) rows (cats)
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
