-- migrate:phase expand
-- migrate:phase contract
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
