-- migrate:change x
-- migrate:phase contract
-- migrate:requires 2026
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
