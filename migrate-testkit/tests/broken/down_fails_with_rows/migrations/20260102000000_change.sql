-- migrate:up
ALTER TABLE users ADD COLUMN team bigint;

-- migrate:down
ALTER TABLE users ALTER COLUMN team SET NOT NULL;
ALTER TABLE users ALTER COLUMN team TYPE smallint;
ALTER TABLE users DROP COLUMN team;
