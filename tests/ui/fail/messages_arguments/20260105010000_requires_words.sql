-- migrate:change w
-- migrate:phase contract
-- migrate:requires first
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
