-- migrate:up
CREATE TABLE old_ids AS SELECT id FROM users;
ALTER TABLE users ADD COLUMN age INTEGER;

-- migrate:down
DELETE FROM users WHERE id NOT IN (SELECT id FROM old_ids);
DROP TABLE old_ids;
ALTER TABLE users DROP COLUMN age;
