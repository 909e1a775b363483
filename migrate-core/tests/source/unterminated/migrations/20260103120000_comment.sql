-- migrate:up
SELECT 1; /* open /* nested */
-- migrate:down
SELECT 1;
