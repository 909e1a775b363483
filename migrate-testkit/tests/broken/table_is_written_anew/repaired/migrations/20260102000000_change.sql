-- migrate:up
ALTER TABLE users ADD COLUMN big_id numeric;

-- migrate:down
ALTER TABLE users DROP COLUMN big_id;
