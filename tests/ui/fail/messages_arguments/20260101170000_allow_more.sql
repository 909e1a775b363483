-- migrate:allow drop-column "reason" more
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
