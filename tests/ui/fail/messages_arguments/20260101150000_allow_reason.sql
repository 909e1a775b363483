-- migrate:allow drop-column because
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
