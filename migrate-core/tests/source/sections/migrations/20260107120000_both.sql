-- migrate:irreversible "no way"
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 2;
