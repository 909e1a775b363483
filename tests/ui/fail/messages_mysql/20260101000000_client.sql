-- migrate:up
source other.sql;
-- migrate:down
SELECT 1;
