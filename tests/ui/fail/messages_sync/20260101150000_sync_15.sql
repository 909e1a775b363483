-- migrate:change c15
-- migrate:sync users.a <-> pets.b on (x = y) rows (users cats)
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
