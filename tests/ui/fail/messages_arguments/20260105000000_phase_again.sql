-- migrate:phase expand
-- migrate:phase expand
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
