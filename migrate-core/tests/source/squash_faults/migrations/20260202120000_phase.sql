-- migrate:change c
-- migrate:phase contract
-- migrate:squash 20260101120000_create_users digest=abababababababababababababababababababababababababababababababab
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
