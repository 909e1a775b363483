-- The new build shows a display name; the old one does not know the column and must not notice it.
-- migrate:change    display_name
-- migrate:phase     expand
-- migrate:rollback  data-loss="none" window="until the new build writes display names"
-- migrate:up
ALTER TABLE users ADD COLUMN display_name TEXT;

-- migrate:down
ALTER TABLE users DROP COLUMN display_name;
