-- migrate:up
ALTER TABLE users ADD COLUMN team bigint NOT NULL;

-- migrate:down
ALTER TABLE users DROP COLUMN team;
