-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
-- migrate:squash 20260101120000_create_users digest=abababababababababababababababababababababababababababababababab
