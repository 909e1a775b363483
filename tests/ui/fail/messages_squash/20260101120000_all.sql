-- migrate:change all
-- migrate:squash 20250101120000_a digest=0000000000000000000000000000000000000000000000000000000000000000
-- migrate:sync users.a <-> users.b
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
