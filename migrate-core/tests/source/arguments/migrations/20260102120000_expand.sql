-- migrate:change
-- migrate:rollback data-los="none"
-- migrate:window "Sun 25:00-26:00 UTC"
-- migrate:transaction on
-- migrate:sync users.username = users.display_name
-- migrate:up now
SELECT 1;
-- migrate:down
SELECT 1;
