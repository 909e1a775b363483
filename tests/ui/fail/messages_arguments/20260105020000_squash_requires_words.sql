-- migrate:squash 20250101120000_a phase=contract requires=first digest=0000000000000000000000000000000000000000000000000000000000000000
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
