-- migrate:change c16
-- migrate:sync users.a <-> pets.b on (x = y) rows (users) rows (pets)
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
