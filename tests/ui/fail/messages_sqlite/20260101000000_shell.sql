-- migrate:up
.tables
;
-- migrate:down
SELECT 1;
