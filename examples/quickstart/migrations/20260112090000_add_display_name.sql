-- The new build calls a user's name a display name. The old one does not know the column, and both write meanwhile: the
-- database keeps the two equal, whoever writes.
-- migrate:change    display_name
-- migrate:phase     expand
-- migrate:sync      users.name <-> users.display_name
-- migrate:rollback  data-loss="none" window="until the old column is dropped"
-- migrate:up
ALTER TABLE users ADD COLUMN display_name TEXT;

-- migrate:down
ALTER TABLE users DROP COLUMN display_name;
