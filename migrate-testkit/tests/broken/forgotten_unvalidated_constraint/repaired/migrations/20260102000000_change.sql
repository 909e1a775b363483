-- migrate:up
ALTER TABLE users DROP CONSTRAINT short;

-- migrate:down
ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 1000);
