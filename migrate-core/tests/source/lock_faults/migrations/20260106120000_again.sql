-- migrate:up
SELECT 6;
-- migrate:down
SELECT 6;
