-- What the old build calls a username, the new one calls a display name. Both write meanwhile: the database keeps the two
-- equal, whoever writes.
-- migrate:change    rename_username
-- migrate:phase     expand
-- migrate:sync      users.username <-> users.display_name
-- migrate:rollback  data-loss="none" window="until the old column is dropped"
-- migrate:up
ALTER TABLE users ADD COLUMN display_name TEXT;

-- migrate:down
ALTER TABLE users DROP COLUMN display_name;
