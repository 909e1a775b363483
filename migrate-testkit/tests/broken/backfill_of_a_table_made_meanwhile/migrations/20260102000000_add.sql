-- migrate:change visits
-- migrate:up
ALTER TABLE users ADD COLUMN visited INT NOT NULL DEFAULT 0;
-- migrate:down
ALTER TABLE users DROP COLUMN visited;
