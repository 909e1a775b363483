-- migrate:squash 20260307120000_withdrawn digest=abababababababababababababababababababababababababababababababab
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
