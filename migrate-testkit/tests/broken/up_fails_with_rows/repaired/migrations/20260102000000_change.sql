-- migrate:up
ALTER TABLE users ADD COLUMN team bigint NOT NULL DEFAULT 0;

-- migrate:down
ALTER TABLE users DROP COLUMN team;
