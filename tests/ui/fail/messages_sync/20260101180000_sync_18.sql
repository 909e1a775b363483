-- migrate:change c18
-- migrate:sync users.a <-> pets.b on (x = y) rows users
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
