-- migrate:change widen_age
-- migrate:sync users.age <-> age_new using (age::bigint) <- using (…)
-- migrate:rollback data-loss="…"
-- migrate:up
ALTER TABLE users ADD COLUMN age_new bigint; -- a comment may have one: …
-- migrate:down
ALTER TABLE users DROP COLUMN age_new;
