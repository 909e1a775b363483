-- migrate:up
ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 1000);

-- migrate:down
ALTER TABLE users DROP CONSTRAINT short;
