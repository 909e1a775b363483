-- migrate:up
ALTER TABLE users ADD CONSTRAINT short CHECK (nick IS NULL OR char_length(nick) < 15);

-- migrate:down
ALTER TABLE users DROP CONSTRAINT short;
