-- migrate:rollback dataloss="none"
-- migrate:up
SELECT 1;
-- migrate:down
SELECT 1;
