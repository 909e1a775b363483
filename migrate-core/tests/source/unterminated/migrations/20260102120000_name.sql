-- migrate:up
SELECT "a;
-- migrate:down
SELECT 1;
