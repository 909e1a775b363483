-- migrate:irreversible "gone
-- migrate:up
SELECT 1;
