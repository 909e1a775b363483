-- migrate:up
-- nothing
-- migrate:down
SELECT 1;
