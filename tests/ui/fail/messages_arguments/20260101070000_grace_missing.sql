-- migrate:change x
-- migrate:phase contract
-- migrate:grace
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
