-- migrate:change    rename_username
-- migrate:phase     expand
-- migrate:sync      users.username <-> users.display_name
-- migrate:sync      users.cents <-> users.euros using (cents / 100.0) <- using (round(euros * 100))
-- migrate:rollback  data-loss="none" window="until the backfill starts"
-- migrate:window    "Mon-Fri,Sun 22:00-01:00 UTC"
-- migrate:allow     add-column-select-star "the table is small"
-- migrate:up
-- migrate:allow add-column-select-star "said once more, with \"quotes\" and a \\"
ALTER TABLE users ADD COLUMN display_name TEXT;
-- migrate:down
ALTER TABLE users DROP COLUMN display_name;
