-- migrate:up
ALTER TABLE users ADD COLUMN nick_copy text;

-- migrate:down
ALTER TABLE users DROP COLUMN nick_copy;
