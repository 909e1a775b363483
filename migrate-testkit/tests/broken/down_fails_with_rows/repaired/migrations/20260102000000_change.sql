-- migrate:up
ALTER TABLE users ADD COLUMN team bigint;

-- migrate:down
ALTER TABLE users DROP COLUMN team;
