-- migrate:change    rename_username
-- migrate:phase     contract
-- migrate:requires  20260102120000 20260103120000
-- migrate:unsync    users.username <-> users.display_name
-- migrate:unsync    users.cents <-> users.euros
-- migrate:soak      24h
-- migrate:grace     2 releases
-- migrate:irreversible "usernames written before the rename exist only in the backup"
-- migrate:up
ALTER TABLE users DROP COLUMN username;
