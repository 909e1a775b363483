-- Soaks for a second, so that there is something to see. Without that line it is a day.
-- migrate:change       rename_username
-- migrate:phase        contract
-- migrate:requires     20260113090000
-- migrate:unsync       users.username <-> users.display_name
-- migrate:soak         1s
-- migrate:irreversible "usernames stand in display_name"
-- migrate:up
ALTER TABLE users DROP COLUMN username;
