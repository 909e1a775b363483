-- migrate:change   users
-- migrate:phase    migrate
-- migrate:up
UPDATE users SET id = id WHERE id = 1;
