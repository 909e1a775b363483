-- migrate:change x
-- migrate:phase contract
-- migrate:grace 0 releases
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
