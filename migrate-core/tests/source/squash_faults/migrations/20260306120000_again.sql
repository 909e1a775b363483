-- migrate:change kept
-- migrate:sync users.a <-> users.b
-- migrate:squash 20260302120000_gone digest=abababababababababababababababababababababababababababababababab
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
