-- migrate:phase migration
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
