-- migrate:up
SELECT 1;
-- migrate:allow drop-column "x"
-- migrate:down
SELECT 1;
