-- migrate:squash 20250101120000_a digest=12
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
